import OdooLog

/// What Odoo's log says of the agent's own requests.
extension Diagnosis {
  /// An answer waits for its line where there is a log, and it can be read.
  mutating func awaitLine(of observation: Observation, at now: Timestamp) {
    guard let row = rows[observation.check], let route = row.check.route, route.hasPrefix("/crm/") else { return }
    let isLogged = rows.contains { id, row in
      id.target == observation.check.target && row.component == .log && row.finding != nil && row.finding?.verdict.reason != .logUnreadable
    }
    guard isLogged else { return }
    requests.expectLine(of: observation, on: route, isMarked: row.check.isMarked, at: now)
  }

  /// Says of the answers whose time is over where theirs went.
  mutating func tellAnswerTimes(at now: Timestamp, _ step: inout Step) {
    for (answer, times) in requests.take(at: now) {
      guard let times else { continue }
      let holder = workerTime.holder(of: answer.observation.check.target)
      amend(answer.observation, with: times.samples, at: now, &step) { verdict in
        verdict.evidence += times.evidence
        guard verdict.reason == .tooSlow, times.isMostlyQueue else { return }
        // The client waited and the worker was quick: the answer is not slow, there was nobody to give it.
        let worked = (times.sql + times.python).formatted() as String
        verdict.isLate = true
        verdict.saturate("the answer was right, but waited \(times.queue.formatted()) s for a worker, which took \(worked) s", holder)
      }
    }
  }

  /// Says more of a look that was judged before, whether its verdict has been said or is held; nothing where there is a later one.
  mutating func amend(
    _ look: Observation, with samples: [MetricSample], at now: Timestamp, _ step: inout Step, _ change: (inout Verdict) -> Void
  ) {
    if let held = inquiry?.held[look.check] {
      guard held.observation.startedAt == look.startedAt else { return }
      var verdict = held.verdict
      change(&verdict)
      inquiry?.held[look.check] = Judged(observation: held.observation.measuring(samples), verdict: verdict)
    } else if let finding = rows[look.check]?.finding, finding.observedAt == look.endedAt {
      var verdict = finding.verdict
      change(&verdict)
      publish([Judged(observation: look.measuring(samples), verdict: verdict)], at: now, &step)
    }
  }
}

extension CheckRow {
  /// Whether the check's own requests can be told from users' in the log.
  var isMarked: Bool { component != .export }
}
