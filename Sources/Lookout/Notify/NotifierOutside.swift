/// What comes and is asked over the API.
extension Notifier {
  /// An alert with where it goes and what holds it back.
  struct SeenAlert: Sendable {
    let alert: Alert
    let endsAt: Timestamp
    let updatedAt: Timestamp
    var receivers: [String] = []
    var silencedBy: [String] = []
    var inhibitedBy: [String] = []

    var isSuppressed: Bool { !silencedBy.isEmpty || !inhibitedBy.isEmpty }
  }

  /// Alerts that are told together.
  struct SeenGroup: Sendable {
    let receiver: String
    let labels: [String: String]
    /// Names of the time intervals that keep it quiet.
    let mutedBy: [String]
    /// Fingerprints.
    let alerts: [String]
  }

  /// Takes alerts in from outside. When this returns they are on disk. Returns how many were too many.
  func push(_ alerts: [PushedAlert], at now: Timestamp) async -> Int {
    var refused = 0
    for alert in alerts where !pushed.take(alert, at: now) { refused += 1 }
    await dispatchAll(at: now)
    return refused
  }

  /// After which an alert without an end counts as over.
  var resolveTimeout: Duration { dispatcher.routing.resolveTimeout }

  func set(_ silence: Silence, at now: Timestamp) async throws -> String {
    let id = try silences.set(silence, at: now)
    await dispatchAll(at: now)
    return id
  }

  func expireSilence(_ id: String, at now: Timestamp) async throws {
    try silences.expire(id, at: now)
    await dispatchAll(at: now)
  }

  /// What fires, in the order of the fingerprints.
  func seenAlerts(at now: Timestamp) -> [SeenAlert] {
    let firing = latest.filter { $0.state == .firing }
    let live = pushed.alerts.values.filter { !$0.isOver(at: now) }
    let all = firing + live.map { $0.alert(at: now) }
    let holds = silences.active(at: now)
    let inhibited = dispatcher.routing.inhibitRules.inhibited(by: all)
    let ends = Dictionary(live.map { ($0.fingerprint, ($0.endsAt, $0.updatedAt)) }) { $1 }
    return all.map { alert in
      let fingerprint = alert.fingerprint
      let (endsAt, updatedAt) = ends[fingerprint] ?? (now + resolveTimeout, dispatcher.sight.now)
      return SeenAlert(
        alert: alert, endsAt: endsAt, updatedAt: updatedAt,
        receivers: dispatcher.routing.root.routes(for: alert.labels).map(\.options.receiver), silencedBy: holds.ids(for: alert.labels),
        inhibitedBy: inhibited.contains(fingerprint) ? dispatcher.routing.inhibitRules.inhibitors(of: alert, among: all) : [])
    }.sorted { $0.alert.fingerprint < $1.alert.fingerprint }
  }

  func seenGroups(at now: Timestamp) -> [SeenGroup] {
    dispatcher.groups.sorted { ($0.key.key, $0.key.receiver) < ($1.key.key, $1.key.receiver) }.map { id, group in
      SeenGroup(
        receiver: id.receiver, labels: group.labels, mutedBy: dispatcher.routing.mutes(of: group.route, at: now),
        alerts: group.members.sorted())
    }
  }

  var receiverNames: [String] { dispatcher.routing.integrations.keys.sorted() }
}
