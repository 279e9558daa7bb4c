/// What one receiver is to be told about one group of alerts.
struct Notification: Codable, Equatable, Sendable {
  let receiver: String
  /// The labels that the alerts of the group share by definition.
  let groupLabels: [String: String]
  /// All alerts of the group that the receiver knows or comes to know: those that fire, and those that ended since it was last told.
  var alerts: [Alert]
  /// Fingerprints of firing alerts of which the receiver has not heard before.
  var introduces: Set<String>

  var groupKey: String { Self.groupKey(groupLabels) }

  /// As Alertmanager writes the key of a group below its root route: `{}:{alertname="OdooDown", target="crm"}`.
  static func groupKey(_ labels: [String: String]) -> String {
    let pairs = labels.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { "\($0.key)=\(JSONText.quoted($0.value))" }
    return "{}:{\(pairs.joined(separator: ", "))}"
  }

  /// Firing ones first, older ones first: what a receiver's template shows of a list is its beginning.
  mutating func sort() {
    alerts.sort { ($0.state != .firing ? 1 : 0, $0.activeAt, $0.fingerprint) < ($1.state != .firing ? 1 : 0, $1.activeAt, $1.fingerprint) }
  }
}

extension Notification {
  /// This notification in place of an older one of the same group that was not delivered. Nil when nothing is left to tell.
  ///
  /// What ended without the receiver ever having heard of it is left out, as Alertmanager does. If the older one may have arrived in
  /// spite of its failure, everything counts as heard: an end too many is harmless, a missing one leaves an incident open.
  func replacing(_ older: Notification, mayHaveArrived: Bool) -> Notification? {
    let unheard = mayHaveArrived ? [] : older.introduces
    var merged = self
    merged.alerts.removeAll { $0.state == .resolved && unheard.contains($0.fingerprint) }
    let isReduced = merged.alerts.count < alerts.count
    let known = Set(alerts.map(\.fingerprint))
    let olderEnds = older.alerts.filter { $0.state == .resolved }
    merged.alerts += olderEnds.filter { !known.contains($0.fingerprint) }
    merged.introduces.formUnion(unheard.intersection(alerts.filter { $0.state == .firing }.map(\.fingerprint)))
    merged.introduces.subtract(olderEnds.map(\.fingerprint))
    merged.sort()
    return isReduced && !merged.isNews ? nil : merged
  }

  private var isNews: Bool { !introduces.isEmpty || alerts.contains { $0.state == .resolved } }
}
