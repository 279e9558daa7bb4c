/// Everything that pages may read and do, handed in as closures: what is not here cannot be shown, so no secret can.
struct ServeSources: Sendable {
  let now: @Sendable () -> Timestamp
  /// What is watched, by the name that its checks carry.
  let target: @Sendable () -> String
  /// Of Lookout.
  let version: String
  let startedAt: Timestamp
  /// The latest of every check.
  let findings: @Sendable () -> [Finding]
  /// All checks in the table, observed or not.
  let expectedChecks: @Sendable () -> [ExpectedCheck]
  let series: @Sendable () -> [LiveSeries]
  let alerts: @Sendable () -> [Alert]
  /// Problems of the agent itself; empty means ready.
  let readiness: @Sendable () -> [String]
  /// Loops that make no progress; empty means alive.
  let liveness: @Sendable () -> [String]
  /// Reads the configuration again; throws why it could not be used.
  let reload: @Sendable () async throws -> Void
  /// The interfaces of other programs that the agent has too; each answers nil for what is not of it.
  var interfaces: [@Sendable (PageRequest) async -> Reply?] = []
  /// Nil where the configuration has no modules to probe by.
  var probePage: @Sendable () -> ProbePage? = { nil }
}

extension ServeSources {
  /// How everything stands now, or the one component.
  func standing(of component: Component? = nil) -> Standing {
    let checks = CheckStanding.all(findings: findings(), expected: expectedChecks(), now: now())
    return Standing(checks, of: component)
  }
}
