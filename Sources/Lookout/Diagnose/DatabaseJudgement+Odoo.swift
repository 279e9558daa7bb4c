/// The verdicts on what Odoo keeps in its database, and on its statements: they warn, for the server itself is well.
extension DatabaseJudgement {
  static func verdict(onStatements sight: Result<[SlowStatement], PostgresFailure>, budget: Double?) -> Verdict {
    judge(sight) { slow in
      guard let slowest = slow.first else { return Verdict(level: .pass, sentence: "no statement was slow") }
      let count = slow.count == 1 ? "a statement takes" : "\(slow.count) statements take"
      return Verdict(
        level: .warn, reason: .slowStatement,
        sentence: "\(count) longer than \((budget ?? 0).formatted()) s on average; the slowest \(slowest.meanSeconds.formatted()) s",
        value: slowest.meanSeconds, unit: "s",
        evidence: slow.prefix(SlowStatements.told).map { Evidence(name: "statement", value: $0.inShort) })
    }
  }

  static func verdict(onMail sight: Result<MailSight, PostgresFailure>) -> Verdict {
    judge(sight) { mail in
      if mail.failed > 0 {
        let last = mail.lastFailure.map { [Evidence(name: "last_failure", value: AnswerEvidence.redacted($0))] } ?? []
        return Verdict(
          level: .warn, reason: .mailFailed, sentence: "\(mail.failed.formatted()) outgoing mails failed within a day", value: mail.failed,
          unit: "mails", evidence: last)
      }
      guard mail.stuck > 0 else { return Verdict(level: .pass, sentence: "outgoing mail is sent") }
      return Verdict(
        level: .warn, reason: .mailStuck, sentence: "\(mail.stuck.formatted()) outgoing mails have been waiting for more than an hour",
        value: mail.stuck, unit: "mails")
    }
  }

  static func verdict(onJobs sight: Result<[OverdueJob], PostgresFailure>) -> Verdict {
    judge(sight) { jobs in
      guard let latest = jobs.first else { return Verdict(level: .pass, sentence: "scheduled jobs run when they should") }
      let count = jobs.count == 1 ? "a scheduled job is" : "\(jobs.count) scheduled jobs are"
      return Verdict(
        level: .warn, reason: .cronOverdue, sentence: "\(count) overdue, by \(latest.seconds.formatted()) s and less",
        value: latest.seconds, unit: "s",
        evidence: jobs.prefix(3).map { Evidence(name: "job", value: "\($0.name.prefix(80)): \($0.seconds.formatted()) s") })
    }
  }

  /// Where the agent cannot look it says so, and what would mend it; that is no failure of what it would look at.
  private static func judge<Seen>(_ sight: Result<Seen, PostgresFailure>, _ verdict: (Seen) -> Verdict) -> Verdict {
    switch sight {
    case .success(let seen): verdict(seen)
    case .failure(let failure):
      Verdict(
        level: .warn, reason: failure.isAboutExtension ? .extensionMissing : failure.reason, isUnknown: true,
        sentence: "cannot be checked: \(failure.isAboutExtension ? extensionCure : failure.message)",
        evidence: failure.state.map { [Evidence(name: "sqlstate", value: $0)] } ?? [])
    }
  }

  private static let extensionCure =
    "pg_stat_statements is missing; put it into shared_preload_libraries, restart PostgreSQL, and CREATE EXTENSION pg_stat_statements"
}

extension PostgresFailure {
  /// No such function, or its library is not loaded.
  fileprivate var isAboutExtension: Bool { (state == "42883" || state == "55000") && message.contains("pg_stat_statements") }
}

extension SlowStatement {
  fileprivate var inShort: String {
    "\(calls.formatted()) calls of \(meanSeconds.formatted()) s: \(text.map(Self.redacted) ?? "statement \(id)")"
  }

  /// On one line, at most 200 characters, without literals: those of utility statements are left in it.
  private static func redacted(_ text: String) -> String {
    let pieces = text.split(separator: "'", omittingEmptySubsequences: false).enumerated()
    let shown = pieces.map { $0.offset % 2 == 0 ? String($0.element) : "…" }.joined(separator: "'")
    return String(shown.split(whereSeparator: \.isWhitespace).joined(separator: " ").prefix(200))
  }
}
