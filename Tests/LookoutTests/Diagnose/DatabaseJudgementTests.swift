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
      ("57014", .queryFailed), ("42P01", .queryFailed), ("XX000", .queryFailed), ("42501", .rightMissing),
    ] as [(String?, Reason)])
  func failures(state: String?, reason: Reason) {
    let verdict = DatabaseJudgement.verdict(on: .down(PostgresFailure(state: state, message: "what it said")), statementBudget: 60)
    #expect(verdict.reason == reason && verdict.sentence.hasSuffix("what it said"))
    // A server that answers and does not let the agent look is not down, and not known to be well.
    let isUnknown = [.databaseRefused, .queryFailed, .rightMissing].contains(reason)
    #expect(verdict.level == (isUnknown ? .warn : .fail) && verdict.isUnknown == isUnknown)
    #expect(verdict.evidence == (state.map { [Evidence(name: "sqlstate", value: $0)] } ?? []))
  }

  @Test("the limit of the agent's own role is no limit of the server")
  func roleLimit() {
    #expect(PostgresFailure(state: "53300", message: "FATAL: too many connections for role \"lookout\"").reason == .databaseRefused)
    #expect(PostgresFailure(state: "53300", message: "FATAL: sorry, too many clients already").reason == .connectionsExhausted)
  }

  @Test(
    "whatever keeps the agent from asking for mail, jobs and statements, nothing is known of them",
    arguments: [
      (nil, "gone", .databaseUnreachable), ("28P01", "no", .databaseRefused), ("42501", "no", .rightMissing),
      ("42883", "no function pg_stat_statements", .extensionMissing), ("55000", "pg_stat_statements must be loaded", .extensionMissing),
      ("57014", "time-out", .queryFailed),
    ] as [(String?, String, Reason)])
  func unasked(state: String?, message: String, reason: Reason) {
    let failure = PostgresFailure(state: state, message: message)
    let verdicts = [
      DatabaseJudgement.verdict(onMail: .failure(failure)), DatabaseJudgement.verdict(onJobs: .failure(failure)),
      DatabaseJudgement.verdict(onStatements: .failure(failure), budget: 1),
    ]
    for verdict in verdicts {
      #expect(verdict.level == .warn && verdict.isUnknown && verdict.reason == reason && verdict.sentence.hasPrefix("cannot be checked: "))
    }
  }

  @Test(
    "a refused login fails the session alone; of what needs one nothing is known, unless Odoo itself is at fault",
    arguments: [
      (.loginFailed, true, "fail login_failed", "warn login_failed"), (.secondFactor, true, "fail second_factor", "warn second_factor"),
      (.loginCooldown, true, "fail login_cooldown", "warn login_cooldown"), (.connect, false, "fail connect", "fail connect"),
      (.notJSON, false, "fail not_json", "fail not_json"), (.databaseMissing, false, "fail database_missing", "fail database_missing"),
    ] as [(Reason, Bool, String, String)])
  func withoutSession(reason: Reason, isRefusal: Bool, ofSession: String, ofPage: String) {
    let seen = Seen.session(SessionState(trouble: SessionTrouble(reason: reason, message: "no", isRefusal: isRefusal)))
    let session = Judgement.verdict(on: observed("session", .session, seen, at: notifyStart))
    let page = Judgement.verdict(on: observed("page", .page, seen, at: notifyStart))
    #expect(short(session) == ofSession && !session.isUnknown)
    #expect(short(page) == ofPage && page.isUnknown == isRefusal)
    #expect(page.blamed == (reason == .databaseMissing ? .database : nil))
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
    #expect(short(Judgement.verdict(on: observed("x", .session, seen, at: notifyStart))) == verdict)
  }
}
