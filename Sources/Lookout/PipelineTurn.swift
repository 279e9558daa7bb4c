import Logging

/// The state of the loop, and one turn of it.
struct PipelineTurn {
  private let parts: Pipeline.Parts
  private let startedAt: Timestamp
  private var evaluator: Evaluator
  private var diagnoses: Diagnoses
  private var alerts: [TrackedAlert]
  private var counts = Pipeline.Counts()
  private var unseen: Set<CheckID>
  private var isWarm = false
  /// When each group of rules is to be evaluated, whatever happens; all of them at once for one that is missing.
  private var groupsDue: [RuleGroup.ID: Timestamp] = [:]
  private var nextTick: Timestamp
  private var alertsDue: Timestamp?

  init(_ parts: Pipeline.Parts, _ plan: Pipeline.Plan, alerts: [TrackedAlert], startedAt: Timestamp) {
    self.parts = parts
    self.startedAt = startedAt
    self.alerts = alerts
    evaluator = plan.evaluator
    parts.boards.rules.post(plan.evaluator.rules)
    diagnoses = Diagnoses(checks: plan.checks)
    unseen = Set(plan.checks.map(\.id))
    nextTick = startedAt + Pipeline.tickEvery
  }

  /// When a turn is needed although nothing was observed.
  var nextDue: Timestamp {
    let moments = [diagnoses.deadline, alertsDue, isWarm ? groupsDue.values.min() : startedAt + Pipeline.warmUp]
    return moments.reduce(nextTick) { min($0, $1 ?? $0) }
  }

  /// Goes on by another plan; everything is evaluated by its rules in this turn's end.
  mutating func change(to plan: Pipeline.Plan, at now: Timestamp) {
    for gone in diagnoses.change(to: plan.checks) {
      parts.store.end(gone, at: now)
      unseen.remove(gone)
    }
    evaluator = plan.evaluator
    parts.boards.rules.post(plan.evaluator.rules)
    groupsDue = [:]
    parts.store.keepRules(Set(evaluator.rules.rules.map(\.id.key)), at: now)
    counts.failing = [:]
    counts.groups = [:]
    parts.boards.expect(plan.checks, at: now)
    nextTick = now
  }

  mutating func take(_ news: [Noticed], at now: Timestamp) async {
    var changed: Set<String> = []
    for noticed in news { say(diagnoses.take(noticed, at: now), at: now, &changed) }
    for step in diagnoses.expire(at: now) { say(step, at: now, &changed) }
    tickIfDue(at: now)
    for (target, findings) in diagnoses.takeNews() { parts.boards.findings.post(findings, of: target) }
    warmUp(at: now)
    if isWarm { await evaluate(reading: changed, at: now) }
    parts.boards.alerts.post(alerts)
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

  private mutating func tickIfDue(at now: Timestamp) {
    guard nextTick <= now else { return }
    while nextTick <= now { nextTick = nextTick + Pipeline.tickEvery }
    parts.store.tick(at: now)
  }

  private mutating func warmUp(at now: Timestamp) {
    if unseen.isEmpty || startedAt + Pipeline.warmUp <= now { isWarm = true }
  }

  // MARK: - Evaluating

  /// Groups whose time has come, that read what has changed, or in which an alert's time is over: all of them in one step.
  private mutating func evaluate(reading changed: Set<String>, at now: Timestamp) async {
    let groups = groupsToEvaluate(reading: changed, at: now)
    guard groups?.isEmpty != true else { return }
    let diagnoses = diagnoses
    let store = parts.store
    var efforts = counts.groups
    let evaluation = evaluator.evaluate(
      groups, earlier: alerts, at: now, over: store,
      in: Evaluator.Surroundings(
        finding: diagnoses.finding, record: { store.record($1, of: $0.key, at: $2) }, latest: store.latest,
        measured: { group, took in
          let before = efforts[group.fullName]?.total ?? .zero
          efforts[group.fullName] = Pipeline.GroupEffort(evaluatedAt: now, latest: took, total: before + took)
        }))
    counts.groups = efforts
    note(evaluation.failures, of: groups ?? evaluator.rules.groups)
    alerts = evaluation.active
    alertsDue = evaluation.nextDue
    await parts.notifier.take(alerts.map(\.alert), resolved: evaluation.resolved.map(\.alert), at: now)
  }

  /// Nil for all. As long as there are alerts without a rule, every tick is for all, for only then is it known that no rule makes them.
  private mutating func groupsToEvaluate(reading changed: Set<String>, at now: Timestamp) -> [RuleGroup]? {
    let rules = evaluator.rules
    let isScheduled = rules.groups.filter { groupsDue[$0.id].map { $0 <= now } ?? true }
    for group in isScheduled { groupsDue[group.id] = due(group, after: now) }
    // Most turns are of a line in the log that changes nothing.
    let isAlertDue = alertsDue.map { $0 <= now } ?? false
    if isScheduled.isEmpty, changed.isEmpty, !isAlertDue { return [] }
    let known = Set(rules.rules.map(\.id))
    let hasOrphans = alerts.contains { !known.contains($0.rule) }
    if isScheduled.count == rules.groups.count || hasOrphans && !isScheduled.isEmpty { return nil }
    let affected = changed.isEmpty ? [] : rules.groups(reading: changed)
    let due = isAlertDue ? rules.groups(due: now, in: alerts) : []
    let ids = Set((isScheduled + affected + due).map(\.id))
    return rules.inOrder.filter { ids.contains($0.id) }
  }

  /// A group without an interval of its own goes with the tick. What was missed is skipped.
  private func due(_ group: RuleGroup, after now: Timestamp) -> Timestamp {
    guard let interval = group.interval else { return nextTick }
    var next = groupsDue[group.id] ?? now
    if next <= now { next = next + interval * Int((now - next) / interval + 1) }
    return next
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
