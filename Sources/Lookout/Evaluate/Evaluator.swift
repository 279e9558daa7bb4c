import PromQL

/// Turns rules and samples into alerts (the semantics of rules/alerting.go in Prometheus). It keeps nothing: rules, earlier alerts and the
/// moment make the alerts.
struct Evaluator: Sendable {
  let rules: RuleSet
  /// Where templates say that this agent is to be found.
  var externalURL = ""

  /// What templates are told of all alerts of this agent: nothing, but in unit tests.
  var externalLabels: [String: String] = [:]
  /// Whether annotations get the way to the runbook that the agent serves.
  var addsRunbookLinks = true
  /// How expressions are evaluated.
  var options = EvaluationOptions(subqueryStep: 15_000)

  /// What an evaluation needs beside the rules.
  struct Surroundings {
    /// A check's latest finding, for the annotations of alerts that name the check.
    var finding: (CheckID) -> Finding? = { _ in nil }
    /// Takes what a rule makes, so that the rules after it read it.
    var record: (RuleID, [RecordedSample], Timestamp) -> Void = { _, _, _ in }
    /// The latest sample of a series, however long ago.
    var latest: (Labels) -> Sample? = { _ in nil }
    /// Told what each group took.
    var measured: (RuleGroup, Duration) -> Void = { _, _ in }
  }

  /// Evaluates the groups (nil: all) at one moment.
  ///
  /// A rule that fails keeps its alerts as they were. Alerts whose rule is not known (the files have changed, or only the alert was kept
  /// over a restart) pass over to the only rule that can have made them, or to the one that yields the same labels; those that none takes
  /// are resolved once all groups are evaluated.
  func evaluate(
    _ groups: [RuleGroup]? = nil, earlier: [TrackedAlert], at now: Timestamp, over source: some SeriesSource,
    in surroundings: Surroundings
  ) -> Evaluation {
    var known = EarlierAlerts(earlier, rules: rules)
    var evaluation = Evaluation()
    for group in groups ?? rules.inOrder {
      let start = ContinuousClock.now
      defer { surroundings.measured(group, ContinuousClock.now - start) }
      let query = RuleQuery(source: source, options: options, now: now, offset: group.queryOffset)
      for rule in group.rules {
        let before = known.take(of: rule.id)
        do {
          switch rule {
          case .record(let rule):
            surroundings.record(rule.id, try rule.samples(query, limit: group.limit), query.time)
          case .alert(let rule):
            let step = RuleStep(rule: rule, limit: group.limit, query: query, evaluator: self, surroundings: surroundings)
            let outcome = try step.alerts(before: before, adopting: &known.orphans)
            evaluation.add(outcome)
            surroundings.record(rule.id, AlertSeries.samples(of: outcome.active), query.time)
          }
        } catch {
          evaluation.active += before
          evaluation.failures.append(RuleFailure(rule: rule.id, message: "\(error)"))
        }
      }
    }
    evaluation.active += known.untouched
    evaluation.leave(known.abandoned, areOver: groups == nil, at: now)
    evaluation.nextDue = nextDue(evaluation, after: now)
    return evaluation
  }

  /// Of a rule that failed, what was due already is left to the next interval.
  private func nextDue(_ evaluation: Evaluation, after now: Timestamp) -> Timestamp? {
    let due = rules.due(in: evaluation.active)
    let failed = Set(evaluation.failures.map(\.rule))
    return due.filter { $0.moment > now || !failed.contains($0.rule) }.map(\.moment).min()
  }
}

extension Evaluation {
  /// Alerts without a rule; one whose namesake failed may be that rule's, and an error resolves nothing.
  fileprivate mutating func leave(_ abandoned: [TrackedAlert], areOver: Bool, at now: Timestamp) {
    let failed = Set(failures.map(\.rule.name))
    for alert in abandoned {
      if !areOver || failed.contains(alert.alert.name) {
        active.append(alert)
      } else if let resolved = alert.resolved(at: now) {
        self.resolved.append(resolved)
      }
    }
  }
}

extension RuleSet {
  /// The groups in which a `for` or `keep_firing_for` is over at that moment.
  func groups(due moment: Timestamp, in alerts: [TrackedAlert]) -> [RuleGroup] {
    let due = Set(due(in: alerts).filter { $0.moment <= moment }.map(\.rule))
    return groups.filter { group in group.rules.contains { due.contains($0.id) } }
  }

  fileprivate func due(in alerts: [TrackedAlert]) -> [(rule: RuleID, moment: Timestamp)] {
    let rules = Dictionary(alertRules.map { ($0.id, $0) }) { first, _ in first }
    return alerts.compactMap { tracked in
      guard let rule = rules[tracked.rule] else { return nil }
      if tracked.alert.state == .pending { return (rule.id, tracked.alert.activeAt + rule.hold) }
      return tracked.keepFiringSince.map { (rule.id, $0 + rule.keepFiringFor) }
    }
  }
}
