import Logging

/// The state of the loop, and one turn of it.
struct PipelineTurn {
  private let parts: Pipeline.Parts
  private let startedAt: Timestamp
  private var evaluator: Evaluator
  private var diagnosis: Diagnosis
  private var alerts: [TrackedAlert]
  private var counts = Pipeline.Counts()
  private var unseen: Set<CheckID>
  private var isWarm = false
  private var nextTick: Timestamp
  private var alertsDue: Timestamp?

  init(_ parts: Pipeline.Parts, _ plan: Pipeline.Plan, alerts: [TrackedAlert], startedAt: Timestamp) {
    self.parts = parts
    self.startedAt = startedAt
    self.alerts = alerts
    evaluator = plan.evaluator
    diagnosis = Diagnosis(checks: plan.checks)
    unseen = Set(plan.checks.map(\.id))
    nextTick = startedAt + Pipeline.tickEvery
  }

  /// When a turn is needed although nothing was observed.
  var nextDue: Timestamp {
    [diagnosis.deadline, alertsDue, isWarm ? nil : startedAt + Pipeline.warmUp].reduce(nextTick) { min($0, $1 ?? $0) }
  }

  /// Goes on by another plan; everything is evaluated by its rules in this turn's end.
  mutating func change(to plan: Pipeline.Plan, at now: Timestamp) {
    for gone in diagnosis.change(to: plan.checks) {
      parts.store.end(gone, at: now)
      unseen.remove(gone)
    }
    evaluator = plan.evaluator
    counts.failing = [:]
    counts.groups = [:]
    parts.boards.expect(plan.checks, at: now)
    nextTick = now
  }

  mutating func take(_ news: [Noticed], at now: Timestamp) async {
    var changed: Set<String> = []
    for noticed in news {
      switch noticed {
      case .observation(let observation): say(diagnosis.take(observation, at: now), at: now, &changed)
      case .event(let event): say(diagnosis.take(event, at: now), at: now, &changed)
      }
    }
    say(diagnosis.expire(at: now), at: now, &changed)
    let isTick = tickIfDue(at: now)
    parts.boards.findings.post(diagnosis.findings)
    let hasJustWarmedUp = warmUp(at: now)
    if isWarm { await evaluate(everything: isTick || hasJustWarmedUp, reading: changed, at: now) }
    parts.boards.alerts.post(alerts.map(\.alert))
    counts.turnedAt = now
    parts.boards.counts.post(counts)
  }

  // MARK: - Observing

  private mutating func say(_ step: Diagnosis.Step, at now: Timestamp, _ changed: inout Set<String>) {
    parts.wishes.post(step.wishes)
    for (check, until) in step.refreshed { parts.store.extend(check, until: until) }
    for (observation, finding) in step.published {
      let samples = FindingSamples.samples(observation, finding)
      parts.store.replace(samples, of: observation.check, at: now, expiresAt: now + observation.lifetime)
      unseen.remove(observation.check)
      if step.hasChanged || observation.component == .log { changed.formUnion(samples.map { $0.metric.name + $0.suffix }) }
    }
  }

  private mutating func tickIfDue(at now: Timestamp) -> Bool {
    guard nextTick <= now else { return false }
    while nextTick <= now { nextTick = nextTick + Pipeline.tickEvery }
    parts.store.tick(at: now)
    return true
  }

  /// True once, when evaluating begins.
  private mutating func warmUp(at now: Timestamp) -> Bool {
    guard !isWarm, unseen.isEmpty || startedAt + Pipeline.warmUp <= now else { return false }
    isWarm = true
    return true
  }

  // MARK: - Evaluating

  private mutating func evaluate(everything: Bool, reading changed: Set<String>, at now: Timestamp) async {
    let rules = evaluator.rules
    var groups: [RuleGroup]?
    if !everything {
      let affected = changed.isEmpty ? [] : rules.groups(reading: changed)
      let due = alertsDue.map { $0 <= now } == true ? rules.groups(due: now, in: alerts) : []
      let names = Set((affected + due).map(\.name))
      guard !names.isEmpty else { return }
      groups = rules.groups.filter { names.contains($0.name) }
    }
    let findings = Dictionary(uniqueKeysWithValues: diagnosis.findings.map { ($0.check, $0) })
    var efforts = counts.groups
    let evaluation = evaluator.evaluate(groups, earlier: alerts, at: now, over: parts.store) {
      findings[$0]
    } measured: { group, took in
      let before = efforts[group.fullName]?.total ?? .zero
      efforts[group.fullName] = Pipeline.GroupEffort(evaluatedAt: now, latest: took, total: before + took)
    }
    counts.groups = efforts
    note(evaluation.failures, of: groups ?? rules.groups)
    alerts = evaluation.active
    alertsDue = evaluation.nextDue
    await parts.notifier.take(alerts.map(\.alert), resolved: evaluation.resolved.map(\.alert), at: now)
  }

  private mutating func note(_ failures: [RuleFailure], of groups: [RuleGroup]) {
    counts.evaluations += 1
    counts.failures += UInt64(failures.count)
    let before = counts.failing
    for rule in groups.flatMap(\.rules) { counts.failing[rule.id] = nil }
    for failure in failures {
      counts.failing[failure.rule] = failure.message
      guard before[failure.rule] != failure.message else { continue }
      parts.logger.error("a rule cannot be evaluated", metadata: ["rule": "\(failure.rule)", "error": "\(failure.message)"])
    }
  }
}
