/// What one receiver is to be told about one group of alerts.
struct Notification: Codable, Equatable, Sendable {
  /// Where it goes, and what it is about.
  struct Address: Codable, Equatable, Sendable {
    /// Which item of the receiver's configuration delivers it.
    let integration: String
    /// The receiver's name.
    let receiver: String
    let groupKey: String
    /// So many alerts are spelled out.
    var alertLimit: Int?
  }

  let address: Address
  /// The labels that the alerts of the group share by definition.
  let groupLabels: [String: String]
  /// All alerts of the group that the receiver knows or comes to know: those that fire, and those that ended since it was last told.
  var alerts: [Alert]
  /// Fingerprints of firing alerts of which the receiver has not heard before.
  var introduces: Set<String>

  init(address: Address, groupLabels: [String: String], alerts: [Alert], introduces: Set<String>) {
    self.address = address
    self.groupLabels = groupLabels
    self.alerts = alerts
    self.introduces = introduces
  }

  var receiver: String { address.receiver }
  var groupKey: String { address.groupKey }

  /// As Alertmanager writes the key of a group below its root route: `{}:{alertname="OdooDown", target="crm"}`.
  static func groupKey(_ labels: [String: String], route: String = "{}") -> String {
    let pairs = labels.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { "\($0.key)=\(JSONText.quoted($0.value))" }
    return "\(route):{\(pairs.joined(separator: ", "))}"
  }

  /// Firing ones first, older ones first: what a receiver's template shows of a list is its beginning.
  mutating func sort() {
    alerts.sort { ($0.state != .firing ? 1 : 0, $0.activeAt, $0.fingerprint) < ($1.state != .firing ? 1 : 0, $1.activeAt, $1.fingerprint) }
  }
}

extension Notification {
  private enum CodingKeys: CodingKey {
    case address, receiver, groupLabels, alerts, introduces
  }

  /// Also of version 0.1, which had one group key for all routes.
  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    groupLabels = try container.decode([String: String].self, forKey: .groupLabels)
    alerts = try container.decode([Alert].self, forKey: .alerts)
    introduces = try container.decode(Set<String>.self, forKey: .introduces)
    if let known = try container.decodeIfPresent(Address.self, forKey: .address) {
      address = known
    } else {
      let receiver = try container.decode(String.self, forKey: .receiver)
      address = Address(integration: receiver, receiver: receiver, groupKey: Self.groupKey(groupLabels))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(address, forKey: .address)
    try container.encode(groupLabels, forKey: .groupLabels)
    try container.encode(alerts, forKey: .alerts)
    try container.encode(introduces, forKey: .introduces)
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
