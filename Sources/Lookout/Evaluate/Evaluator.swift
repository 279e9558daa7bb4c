import PromQL

/// Turns rules and samples into alerts (the semantics of rules/alerting.go in Prometheus). It keeps nothing: rules, earlier alerts and the
/// moment make the alerts.
struct Evaluator: Sendable {
  let rules: RuleSet
  /// Where templates say that this agent is to be found.
  var externalURL = ""

  /// Evaluates the groups (nil: all) at one moment; `finding` is a check's latest, for the annotations of alerts that name the check;
  /// `measured` is told what each group took.
  ///
  /// A rule that fails keeps its alerts as they were. Alerts whose rule is not known (the files have changed, or only the alert was kept
  /// over a restart) pass over to the only rule that can have made them, or to the one that yields the same labels; those that none takes
  /// are resolved once all groups are evaluated.
  func evaluate(
    _ groups: [RuleGroup]? = nil, earlier: [TrackedAlert], at now: Timestamp, over source: some SeriesSource,
    finding: @escaping (CheckID) -> Finding?, measured: (RuleGroup, Duration) -> Void = { _, _ in }
  ) -> Evaluation {
    var known = EarlierAlerts(earlier, rules: rules)
    var evaluation = Evaluation()
    for group in groups ?? rules.groups {
      let start = ContinuousClock.now
      defer { measured(group, ContinuousClock.now - start) }
      for rule in group.rules {
        let step = RuleStep(rule: rule, limit: group.limit, now: now, externalURL: externalURL, finding: finding)
        let before = known.take(of: rule.id)
        do {
          evaluation.add(try step.alerts(before: before, adopting: &known.orphans, over: source))
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
    let failed = Set(failures.map(\.rule.alert))
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
    let rules = Dictionary(rules.map { ($0.id, $0) }) { first, _ in first }
    return alerts.compactMap { tracked in
      guard let rule = rules[tracked.rule] else { return nil }
      if tracked.alert.state == .pending { return (rule.id, tracked.alert.activeAt + rule.hold) }
      return tracked.keepFiringSince.map { (rule.id, $0 + rule.keepFiringFor) }
    }
  }
}
