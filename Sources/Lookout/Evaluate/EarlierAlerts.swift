/// The alerts before an evaluation, by the rule that made them.
struct EarlierAlerts {
  /// Those whose rule is not known, by their labels: the rule files have changed, or only the alert was kept over a restart.
  var orphans: [[String: String]: TrackedAlert] = [:]
  private let alerts: [TrackedAlert]
  private var byRule: [RuleID: [TrackedAlert]] = [:]

  init(_ earlier: [TrackedAlert], rules: RuleSet) {
    let alertRules = rules.alertRules
    let known = Set(alertRules.map(\.id))
    let byName = Dictionary(grouping: alertRules, by: \.name)
    alerts = earlier.map { alert in
      known.contains(alert.rule) ? alert : alert.assigned(to: byName[alert.alert.name] ?? [])
    }
    byRule = Dictionary(grouping: alerts.filter { known.contains($0.rule) }, by: \.rule)
    for alert in alerts where !known.contains(alert.rule) { orphans[alert.alert.labels] = alert }
  }

  /// Those of a rule that is evaluated, once.
  mutating func take(of rule: RuleID) -> [TrackedAlert] {
    byRule.removeValue(forKey: rule) ?? []
  }

  /// Those of rules that were not evaluated, in their order.
  var untouched: [TrackedAlert] { alerts.filter { byRule[$0.rule] != nil } }

  /// Those whose rule is not known and that no rule has taken over, in their order.
  var abandoned: [TrackedAlert] { alerts.filter { orphans[$0.alert.labels]?.rule == $0.rule } }
}

extension TrackedAlert {
  /// The alert as one of the only rule that can have made it; unchanged where several can, or none.
  fileprivate func assigned(to namesakes: [AlertRule]) -> TrackedAlert {
    let possible = namesakes.filter { $0.canYield(alert.labels) }
    guard possible.count == 1, let rule = possible.first else { return self }
    return TrackedAlert(rule: rule.id, alert: alert, keepFiringSince: keepFiringSince, awaitsEvaluation: awaitsEvaluation)
  }

  /// The alert once it does not hold any more: nil while it was pending, for then nobody has heard of it.
  func resolved(at now: Timestamp) -> TrackedAlert? {
    guard alert.state == .firing else { return nil }
    var copy = self
    copy.alert.state = .resolved
    copy.alert.resolvedAt = now
    copy.keepFiringSince = nil
    copy.awaitsEvaluation = false
    return copy
  }
}

extension AlertRule {
  /// Whether the labels agree with those that the rule gives to all its alerts.
  fileprivate func canYield(_ alertLabels: [String: String]) -> Bool {
    labels.allSatisfy { name, template in
      name == "alertname" || !template.isLiteral || alertLabels[name, default: ""] == template.text
    }
  }
}
