/// One look at everything that was asked for, and at what the diagnosis wishes to see before it judges: a second look at a cheap failure,
/// one at everything below it. Judged by the agent's own diagnosis.
struct CheckRound {
  let checks: [Check]
  /// What was asked for.
  let selected: Set<CheckID>
  /// Of these a single look says nothing, for they compare it with the one before: they are looked at again when all else is done.
  var compared: Set<CheckID> = []
  let timeline: Timeline
  /// What has not been seen by then stays unseen.
  let deadline: Timestamp
  var progress = Board(Progress())

  /// What is going on, for a person who waits.
  struct Progress: Sendable, Equatable {
    var underWay: [CheckID] = []
    var waiting = 0
    var seen = 0
  }

  struct Outcome: Sendable {
    var findings: [CheckID: Finding] = [:]
    /// What the latest look at each check measured.
    var observations: [CheckID: Observation] = [:]
    /// What was asked for and not seen.
    var missing: [CheckID: LookQueue.Missing] = [:]
  }

  func run() async -> Outcome {
    var state = RoundState(self, at: timeline.now())
    await withTaskGroup(of: Observation?.self) { group in
      group.addTask { await self.wait(until: self.deadline) }
      while true {
        let now = timeline.now()
        for check in state.queue.takeDue(at: now) { group.addTask { await self.look(check) } }
        progress.post(state.progress)
        if now >= deadline || state.isComplete { break }
        if state.beginsComparing(at: now) { continue }
        if let moment = state.nextTurn(after: now) { group.addTask { await self.wait(until: moment) } }
        let observation = await group.next() ?? nil
        state.take(observation, at: timeline.now())
      }
      group.cancelAll()
    }
    return state.outcome(at: timeline.now())
  }

  private func look(_ check: Check) async -> Observation? {
    let startedAt = timeline.now()
    let sight = await check.look()
    // What was broken off says nothing.
    guard !Task.isCancelled else { return nil }
    return Observation(check, interval: check.interval, startedAt: startedAt, endedAt: timeline.now(), sight: sight)
  }

  private func wait(until moment: Timestamp) async -> Observation? {
    try? await timeline.sleep(moment)
    return nil
  }
}

/// What is known in the middle of a round.
private struct RoundState {
  var queue: LookQueue
  private var diagnosis: Diagnosis
  private var observations: [CheckID: Observation] = [:]
  private let selected: Set<CheckID>
  private var compared: Set<CheckID>

  init(_ round: CheckRound, at now: Timestamp) {
    queue = LookQueue(round.checks, first: round.selected, at: now)
    diagnosis = Diagnosis(checks: round.checks.map(CheckRow.init))
    selected = round.selected
    compared = round.compared
  }

  var isComplete: Bool { isAtRest && compared.isEmpty }
  private var isAtRest: Bool { queue.isIdle && diagnosis.inquiry == nil }

  /// True once, when all else is done.
  mutating func beginsComparing(at now: Timestamp) -> Bool {
    guard isAtRest, !compared.isEmpty else { return false }
    for check in compared.intersection(observations.keys) { queue.grant(Wish(check: check, at: now)) }
    compared = []
    return true
  }
  var progress: CheckRound.Progress {
    CheckRound.Progress(underWay: queue.underWay, waiting: queue.waiting, seen: observations.count)
  }

  func nextTurn(after now: Timestamp) -> Timestamp? {
    [queue.nextDue(after: now), diagnosis.deadline].compactMap { $0 }.min()
  }

  mutating func take(_ observation: Observation?, at now: Timestamp) {
    if let observation {
      observations[observation.check] = observation
      queue.end(observation.check, isAbandoned: observation.sight.isAbandoned || observation.sight.waitedForLogin)
      grant(diagnosis.take(observation, at: now))
    }
    grant(diagnosis.expire(at: now))
  }

  private mutating func grant(_ step: Diagnosis.Step) {
    for wish in step.wishes { queue.grant(wish) }
  }

  mutating func outcome(at now: Timestamp) -> CheckRound.Outcome {
    _ = diagnosis.endInquiry(at: now)
    let findings = Dictionary(uniqueKeysWithValues: diagnosis.findings.map { ($0.check, $0) })
    let unseen = selected.filter { findings[$0] == nil }
    return CheckRound.Outcome(
      findings: findings, observations: observations, missing: Dictionary(uniqueKeysWithValues: unseen.map { ($0, queue.missing($0)) }))
  }
}

extension Sight {
  /// Odoo did not answer the login in time: each further look would wait as long for the same.
  fileprivate var waitedForLogin: Bool {
    guard case .session(let session) = seen else { return false }
    return session.trouble?.reason == .timeout
  }
}
