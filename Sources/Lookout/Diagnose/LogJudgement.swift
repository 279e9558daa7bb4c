/// The verdicts on what Odoo's log tells: they warn, for what stands in it has happened, and what is broken now the looks say.
enum LogJudgement {
  static func verdict(on log: LogSight) -> Verdict {
    if let why = log.unreadable {
      return Verdict(level: .warn, reason: .logUnreadable, sentence: "Odoo's log cannot be read: \(why)")
    }
    guard log.recentErrors > 0 else { return Verdict(level: .pass, sentence: "no error in Odoo's log for 5 min", value: 0, unit: "errors") }
    let count = log.recentErrors == 1 ? "1 error" : "\(log.recentErrors) errors"
    return Verdict(
      level: .warn, reason: .logErrors, sentence: "\(count) in Odoo's log within 5 min", value: Double(log.recentErrors), unit: "errors",
      evidence: log.lastError.map { [Evidence(name: "last_error", value: $0)] } ?? [], route: log.lastErrorRoute)
  }

  static func verdict(on trouble: LogTroubleSight) -> Verdict {
    if trouble.unknown != nil {
      return Verdict(level: .warn, reason: .logUnreadable, isUnknown: true, sentence: "not known, for Odoo's log cannot be read")
    }
    guard trouble.count > 0 else { return Verdict(level: .pass, sentence: "nothing of it in Odoo's log", value: 0, unit: "times") }
    let times = trouble.count == 1 ? "" : ", \(trouble.count) times within \(trouble.lasts.roughly)"
    return Verdict(
      level: .warn, reason: trouble.reason, sentence: "\(trouble.sentence)\(times)", value: Double(trouble.count), unit: "times",
      evidence: trouble.facts.map { Evidence(name: $0.name, value: $0.value) })
  }
}
