/// From what a look saw to its verdict. Pure: the same sight has the same verdict, whatever came before.
enum Judgement {
  static func verdict(on observation: Observation) -> Verdict {
    switch observation.sight.seen {
    case .answer(let exchange, let expectation):
      AnswerLadder(budget: observation.budget).verdict(on: exchange, expecting: expectation)
    case .answers(let answers):
      verdict(on: answers, budget: observation.budget)
    case .pageLoad(let sight):
      PageLoadJudgement.verdict(on: sight, budget: observation.budget)
    case .probe(let outcome):
      verdict(on: outcome, budget: observation.budget)
    case .access(let sight):
      AccessJudgement.verdict(on: sight)
    case .exposure(let sight):
      AccessJudgement.verdict(on: sight)
    case .page(let page, let assets):
      AnswerLadder(budget: observation.budget).verdict(onPage: page, assets: assets)
    case .session(let state):
      verdict(on: state, of: observation.component)
    case .database(let sight):
      DatabaseJudgement.verdict(on: sight, statementBudget: observation.budget)
    case .statements(let sight):
      DatabaseJudgement.verdict(onStatements: sight, budget: observation.budget)
    case .mail(let sight):
      DatabaseJudgement.verdict(onMail: sight)
    case .cron(let sight):
      DatabaseJudgement.verdict(onJobs: sight)
    case .log(let sight):
      LogJudgement.verdict(on: sight)
    case .logTrouble(let sight):
      LogJudgement.verdict(on: sight)
    case .agent(let sight):
      verdict(on: sight)
    }
  }

  private static func verdict(on answers: [ExpectedAnswer], budget: Double?) -> Verdict {
    let verdicts = answers.map { AnswerLadder(budget: budget).verdict(on: $0.exchange, expecting: $0.expectation) }
    let none = Verdict(level: .pass, sentence: "there was nothing to ask")
    return verdicts.first { !$0.isRight } ?? verdicts.first ?? none
  }

  private static func verdict(on outcome: ProbeOutcome, budget: Double?) -> Verdict {
    guard let flaw = outcome.flaw else { return AnswerLadder(budget: budget).timely(outcome.seconds, "all was as it should be", []) }
    return Verdict(level: .fail, reason: flaw.reason, sentence: flaw.sentence, value: outcome.seconds, unit: "s")
  }

  private static func verdict(on session: SessionState, of component: Component) -> Verdict {
    if let trouble = session.trouble { return verdict(on: trouble, of: component) }
    guard session.isAdministrator else { return Verdict(level: .pass, sentence: "a session at Odoo is open") }
    return Verdict(
      level: .warn, reason: .exposed,
      sentence: "the agent logs in as an administrator, which rewrites Odoo's web.base.url at each login; give it an ordinary user")
  }

  /// The check of the session fails; what cannot be looked at without one is unknown where Odoo itself is well.
  private static func verdict(on trouble: SessionTrouble, of component: Component) -> Verdict {
    let pause = trouble.retryAt.map { "; the next login is tried after \($0.rfc3339), or when the password file changes" } ?? ""
    let isUnknown = trouble.isRefusal && component != .session
    return Verdict(
      level: isUnknown ? .warn : .fail, reason: trouble.reason, isUnknown: isUnknown,
      sentence: "\(isUnknown ? "cannot be checked without a session" : "no session at Odoo"): \(trouble.message)\(pause)",
      evidence: trouble.exchange.map { AnswerEvidence.all($0) } ?? [], blamed: trouble.reason == .databaseMissing ? .database : nil)
  }

  private static func verdict(on agent: AgentSight) -> Verdict {
    guard !agent.troubles.isEmpty else { return Verdict(level: .pass, sentence: "the agent is well") }
    return Verdict(level: .warn, reason: .agentTrouble, sentence: agent.troubles.joined(separator: "; "))
  }
}
