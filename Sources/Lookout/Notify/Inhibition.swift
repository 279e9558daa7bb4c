/// While an alert of the source fires, alerts of the target with the same values of the `equal` labels are not told.
struct InhibitRule: Sendable {
  typealias Condition = @Sendable (_ labels: [String: String]) -> Bool

  let source: Condition
  let target: Condition
  /// An absent label equals an empty one, as in Alertmanager.
  let equal: [String]

  init(source: @escaping Condition, target: @escaping Condition, equal: [String]) {
    self.source = source
    self.target = target
    self.equal = equal
  }

  /// An alert that matches both sides is inhibited only by one that is a source and no target: neither by itself nor by its like
  /// (Alertmanager's documentation, `inhibit_rule`).
  fileprivate func inhibited(by alerts: [Alert]) -> [Alert] {
    var sources: Set<[String]> = []
    var pureSources: Set<[String]> = []
    for alert in alerts where source(alert.labels) {
      sources.insert(values(alert))
      if !target(alert.labels) { pureSources.insert(values(alert)) }
    }
    guard !sources.isEmpty else { return [] }
    return alerts.filter { target($0.labels) && (source($0.labels) ? pureSources : sources).contains(values($0)) }
  }

  /// One that inhibits the alert.
  fileprivate func inhibitor(of alert: Alert, among alerts: [Alert]) -> Alert? {
    guard target(alert.labels) else { return nil }
    let isSource = source(alert.labels)
    let wanted = values(alert)
    return alerts.first { source($0.labels) && !(isSource && target($0.labels)) && values($0) == wanted }
  }

  private func values(_ alert: Alert) -> [String] {
    equal.map { alert.labels[$0] ?? "" }
  }
}

extension [InhibitRule] {
  /// Fingerprints of what inhibits an alert: one for each rule at most.
  func inhibitors(of alert: Alert, among firing: [Alert]) -> [String] {
    compactMap { $0.inhibitor(of: alert, among: firing)?.fingerprint }
  }

  /// The fingerprints of those firing alerts that others of them mute. What is muted mutes nevertheless.
  func inhibited(by alerts: [Alert]) -> Set<String> {
    let firing = alerts.filter { $0.state == .firing }
    return Set(flatMap { $0.inhibited(by: firing) }.map(\.fingerprint))
  }
}
