/// What the dispatcher goes by: routes, receivers, and what holds alerts back.
struct Routing: Sendable {
  /// When a group is looked at.
  enum Pace: Sendable {
    /// As Alertmanager does: `group_wait` after its first alert, then each `group_interval`.
    case ticks
    /// At once where nothing was told for `group_interval`, and at once when all of it has ended: for alerts that come confirmed and judged
    /// in one step.
    case prompt
  }

  /// Where the notifications of a receiver go: one of the items in its configuration.
  struct Integration: Sendable, Equatable {
    /// Names it in `state.db`: what it was told is kept under this.
    let id: String
    var sendsResolved = true
    /// So many alerts of a group are spelled out.
    var alertLimit: Int?
  }

  var pace = Pace.ticks
  var resolveTimeout = Duration.seconds(300)
  var root: Route
  /// By the receiver's name.
  var integrations: [String: [Integration]]
  var inhibitRules: [InhibitRule] = []
  var timeIntervals: [String: [TimeInterval]] = [:]

  /// The names of the time intervals that keep a route quiet at a moment; none while it is open.
  func mutes(of route: Route, at now: Timestamp) -> [String] {
    let muting = route.muteTimeIntervals.filter { holds($0, at: now) }
    if !muting.isEmpty { return muting }
    return route.activeTimeIntervals.contains { holds($0, at: now) } ? [] : route.activeTimeIntervals
  }

  private func holds(_ name: String, at now: Timestamp) -> Bool { timeIntervals[name]?.contains { $0.contains(now) } ?? false }
}
