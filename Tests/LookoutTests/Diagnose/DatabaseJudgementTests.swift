import Testing

@testable import Lookout

@Suite("The verdict on PostgreSQL, on the session, on the log and on the agent")
struct DatabaseJudgementTests {
  private func short(_ verdict: Verdict) -> String { verdict.level.word + (verdict.reason.map { " \($0.rawValue)" } ?? "") }

  @Test(
    "connections and statements",
    arguments: [
      (3, 100, 0, "pass"), (84, 100, 0, "pass"), (85, 100, 0, "warn connections_exhausted"), (94, 100, 0, "warn connections_exhausted"),
      (95, 100, 0, "fail connections_exhausted"), (101, 100, 0, "fail connections_exhausted"), (1, 0, 0, "fail connections_exhausted"),
      (3, 100, 60, "pass"), (3, 100, 61, "warn long_statement"), (95, 100, 61, "fail connections_exhausted"), (3, 100, nil, "pass"),
    ] as [(Double, Double, Double?, String)])
  func facts(used: Double, limit: Double, longest: Double?, verdict: String) {
    let facts = PostgresFacts(connectionsUsed: used, connectionsLimit: limit, longestStatement: longest)
    let judged = DatabaseJudgement.verdict(on: .up(facts), statementBudget: 60)
    #expect(short(judged) == verdict)
    #expect(judged.sentence.contains("pg_monitor") == (longest == nil))
  }

  @Test(
    "failures by PostgreSQL's codes",
    arguments: [
      (nil, .databaseUnreachable), ("08006", .databaseUnreachable), ("57P01", .databaseUnreachable), ("57P03", .databaseUnreachable),
      ("3D000", .databaseMissing), ("28P01", .databaseRefused), ("28000", .databaseRefused), ("53300", .connectionsExhausted),
      ("57014", .queryFailed), ("42P01", .queryFailed), ("XX000", .queryFailed),
    ] as [(String?, Reason)])
  func failures(state: String?, reason: Reason) {
    let verdict = DatabaseJudgement.verdict(on: .down(PostgresFailure(state: state, message: "what it said")), statementBudget: 60)
    #expect(verdict.level == .fail && verdict.reason == reason && verdict.sentence.hasSuffix("what it said"))
    #expect(verdict.evidence == (state.map { [Evidence(name: "sqlstate", value: $0)] } ?? []))
  }

  @Test(
    "session, log and agent",
    arguments: [
      (.session(SessionState()), "pass"), (.session(SessionState(isAdministrator: true)), "warn exposed"),
      (.session(SessionState(trouble: SessionTrouble(reason: .loginFailed, message: "no"))), "fail login_failed"),
      (.log(LogSight()), "pass"), (.log(LogSight(recentErrors: 1)), "warn log_errors"),
      (.log(LogSight(unreadable: "no", recentErrors: 1)), "warn log_unreadable"),
      (.agent(AgentSight()), "pass"), (.agent(AgentSight(troubles: ["a", "b"])), "warn agent_trouble"),
    ] as [(Seen, String)])
  func others(seen: Seen, verdict: String) {
    #expect(short(Judgement.verdict(on: observed("x", .agent, seen, at: notifyStart))) == verdict)
  }
}
