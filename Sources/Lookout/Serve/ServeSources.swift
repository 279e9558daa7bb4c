/// Everything that pages may read, handed in as closures: what is not here cannot be shown, so no secret can.
struct ServeSources: Sendable {
  let now: @Sendable () -> Timestamp
  /// The Odoo that is watched, by the name its checks carry.
  let target: String
  /// Of Lookout.
  let version: String
  let startedAt: Timestamp
  /// The latest of every check.
  let findings: @Sendable () -> [Finding]
  /// All checks in the table, observed or not; the last part is the database.
  let expectedChecks: @Sendable () -> [(CheckID, Component, String?)]
  let series: @Sendable () -> [LiveSeries]
  let alerts: @Sendable () -> [Alert]
  /// Problems of the agent itself; empty means ready.
  let readiness: @Sendable () -> [String]
  /// Loops that make no progress; empty means alive.
  let liveness: @Sendable () -> [String]
}

extension ServeSources {
  /// How everything stands now, or the one component.
  func standing(of component: Component? = nil) -> Standing {
    let checks = CheckStanding.all(findings: findings(), expected: expectedChecks(), startedAt: startedAt, now: now())
    return Standing(checks, of: component)
  }
}
