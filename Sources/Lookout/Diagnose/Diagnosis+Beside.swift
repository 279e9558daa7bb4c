/// What a look saw, beside what others saw at the same time.
extension Diagnosis {
  /// Odoo's answer fails to come. Where its second process answers meanwhile, or a worker has just ended what it was busy with, its workers
  /// do not hang: all of them are busy. What was said of a failure first stays said until it is over.
  func besideOthers(_ judged: Judged, of all: [Judged]) -> Judged {
    let look = judged.observation
    guard look.component == .process, judged.verdict.level == .fail, judged.verdict.reason == .timeout else { return judged }
    let target = look.check.target
    let said = rows[look.check]?.finding.flatMap { $0.level == .fail ? $0.verdict.reason : nil }
    let second = secondProcessAnswers(beside: look, all)
    guard said != .timeout, said == .saturated || second || requests.sawWorkerEnd(during: look) else { return judged }
    var verdict = judged.verdict
    let who = second ? "Odoo's second process answers" : "requests that came before have ended"
    verdict.saturate("all workers are busy: \(who), and no worker takes a new one (\(verdict.sentence))", workerTime.holder(of: target))
    if workerTime.holder(of: target) == nil, let own = givenUp(target, at: look.endedAt) {
      verdict.sentence += "; the agent's own request for \(own) was given up and may hold one"
    }
    return Judged(observation: look, verdict: verdict)
  }

  private func secondProcessAnswers(beside look: Observation, _ all: [Judged]) -> Bool {
    let check = CheckID(target: look.check.target, check: AccessChecks.websocket)
    guard check != look.check else { return false }
    let since = look.startedAt - look.interval
    if let judged = all.first(where: { $0.observation.check == check }) { return judged.verdict.level == .pass }
    return rows[check]?.finding.map { $0.level == .pass && $0.observedAt >= since } ?? false
  }

  /// The route of a costly look that got no answer lately: Odoo goes on with it.
  private func givenUp(_ target: String, at moment: Timestamp) -> String? {
    rows.values.first { row in
      guard row.check.id.target == target, case .costly(let slot) = row.check.cost, let finding = row.finding else { return false }
      return finding.verdict.reason == .timeout && moment - finding.observedAt < slot.longestRequest
    }?.check.route
  }
}
