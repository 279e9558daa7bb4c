/// The verdict on a look at PostgreSQL; the worst of what it saw wins.
enum DatabaseJudgement {
  /// Shares of the connection limit at which the server is nearly, and as good as, full.
  static let crowded = 0.85
  static let full = 0.95

  static func verdict(on sight: DatabaseSight, statementBudget: Double?) -> Verdict {
    switch sight {
    case .down(let failure): down(failure)
    case .up(let facts): connections(facts) ?? statements(facts, budget: statementBudget) ?? well(facts)
    }
  }

  /// A server that does not let the agent look is no server that is down.
  private static func down(_ failure: PostgresFailure) -> Verdict {
    let isUnknown = failure.isAboutAgent
    let evidence = failure.state.map { [Evidence(name: "sqlstate", value: $0)] } ?? []
    let sentence =
      switch failure.reason {
      case .databaseMissing: "PostgreSQL runs, but has no such database: \(failure.message)"
      case .databaseRefused: "PostgreSQL refused the agent's login: \(failure.message)"
      case .connectionsExhausted: "PostgreSQL has no connection left: \(failure.message)"
      case .queryFailed: "PostgreSQL answered the agent's statement with an error: \(failure.message)"
      case .rightMissing: "PostgreSQL does not let the agent look: \(failure.message)"
      default: "PostgreSQL cannot be reached: \(failure.message)"
      }
    return Verdict(
      level: isUnknown ? .warn : .fail, reason: failure.reason, isUnknown: isUnknown, sentence: sentence, evidence: evidence)
  }

  private static func connections(_ facts: PostgresFacts) -> Verdict? {
    let share = facts.connectionsLimit > 0 ? facts.connectionsUsed / facts.connectionsLimit : 1
    guard share >= crowded else { return nil }
    return Verdict(
      level: share >= full ? .fail : .warn, reason: .connectionsExhausted,
      sentence: "\(facts.connectionsUsed.formatted()) of \(facts.connectionsLimit.formatted()) connections of PostgreSQL are in use",
      value: facts.connectionsUsed, unit: "connections")
  }

  private static func statements(_ facts: PostgresFacts, budget: Double?) -> Verdict? {
    guard let budget, let longest = facts.longestStatement, longest > budget else { return nil }
    return Verdict(
      level: .warn, reason: .longStatement, sentence: "a statement has been running for \(longest.formatted()) s", value: longest, unit: "s"
    )
  }

  private static func well(_ facts: PostgresFacts) -> Verdict {
    let blind = facts.longestStatement == nil ? "; to see running statements, the agent's role needs GRANT pg_monitor" : ""
    return Verdict(
      level: .pass,
      sentence: "\(facts.connectionsUsed.formatted()) of \(facts.connectionsLimit.formatted()) connections are in use\(blind)",
      value: facts.connectionsUsed, unit: "connections")
  }
}
