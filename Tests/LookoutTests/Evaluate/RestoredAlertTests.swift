import Testing

@testable import Lookout

@Suite struct RestoredAlertTests {
  private let set: RuleSet
  private let firing: [TrackedAlert]

  init() throws {
    set = try RuleSet.load(
      """
      groups:
      - {name: a, rules: [{alert: A, expr: up == 0}]}
      - {name: b, rules: [{alert: B, expr: up == 1}]}
      """, file: "x.yml")
    var evaluating = Evaluating(set, series: try RuleSeries(["up{target=\"crm\"}": [0]]))
    firing = evaluating.evaluate(at: 0).active.map(\.restored)
  }

  @Test("a restored alert is left alone until its rule has been evaluated")
  func awaits() throws {
    var evaluating = Evaluating(set, series: try RuleSeries(["up{target=\"crm\"}": [0, 1]]))
    evaluating.active = firing
    let other = evaluating.evaluate(at: 0, groups: [try #require(set.groups.last)])
    #expect(other.active == firing && other.resolved.isEmpty)
    #expect(other.active.allSatisfy { $0.awaitsEvaluation })
    evaluating.series.fails = true
    #expect(evaluating.evaluate(at: 0).active == firing)
    evaluating.series.fails = false
    let confirmed = evaluating.evaluate(at: 0)
    #expect(confirmed.states == [.firing] && confirmed.active.allSatisfy { !$0.awaitsEvaluation })
    #expect(confirmed.alerts.first?.firedAt == .seconds(0))
  }

  @Test("a restored alert that no longer holds is resolved by the first evaluation of its rule")
  func resolves() throws {
    var evaluating = Evaluating(set, series: try RuleSeries(["up{target=\"crm\"}": [.nan, 5]]))
    evaluating.active = firing
    let evaluation = evaluating.evaluate(at: 15)
    #expect(evaluation.resolved.map(\.alert.name) == ["A"] && evaluation.resolved.allSatisfy { !$0.awaitsEvaluation })
  }

  @Test("an alert whose rule has moved to another group goes on; one whose rule is gone is resolved once all groups are evaluated")
  func changedRules() throws {
    let moved = try RuleSet.load("groups:\n- {name: c, rules: [{alert: A, expr: up == 0}, {alert: C, expr: '0 > bool 1'}]}", file: "y.yml")
    var evaluating = Evaluating(moved, series: try RuleSeries(["up{target=\"crm\"}": [0, 0]]))
    var gone = try #require(firing.first)
    gone = TrackedAlert(
      rule: gone.rule, alert: Alert(labels: ["alertname": "Gone"], annotations: [:], state: .firing, activeAt: .seconds(0), value: 1))
    evaluating.active = firing + [gone]
    #expect(evaluating.evaluate(at: 15, groups: []).active.count == 2)
    let evaluation = evaluating.evaluate(at: 15)
    #expect(evaluation.resolved.map(\.alert.name) == ["Gone"])
    let adopted = try #require(evaluation.active.first { $0.alert.name == "A" })
    #expect(adopted.rule.group == "c" && adopted.alert.activeAt == .seconds(0) && adopted.alert.firedAt == .seconds(0))
  }

  /// An alert as one that was kept without its rule.
  private func withoutRule(_ alert: TrackedAlert) -> TrackedAlert {
    TrackedAlert(rule: RuleID(file: "", group: "", name: alert.alert.name, labels: [:]), alert: alert.alert).restored
  }

  @Test("an alert that was kept without its rule is found again by its name and labels, and treated as before")
  func keptWithoutRule() throws {
    var evaluating = Evaluating(set, series: try RuleSeries(["up{target=\"crm\"}": [0, 5]]))
    evaluating.active = firing.map(withoutRule)
    evaluating.series.fails = true
    let failed = evaluating.evaluate(at: 0)
    #expect(failed.active == firing && failed.resolved.isEmpty)
    evaluating.series.fails = false
    evaluating.active = firing.map(withoutRule)
    #expect(evaluating.evaluate(at: 0, groups: [set.groups[0]]).states == [.firing])
    #expect(evaluating.evaluate(at: 15).resolved.map(\.alert.name) == ["A"])
  }

  @Test("of rules of one name, the labels that are always the same tell which made an alert; where they do not, an error resolves nothing")
  func namesakes() throws {
    let rules = """
        - {alert: A, expr: up < 5, labels: {severity: warning}, keep_firing_for: 1h}
        - {alert: A, expr: up < 1, labels: {severity: critical}}
        - {alert: B, expr: up < 5, labels: {severity: "{{ $value }}"}}
        - {alert: B, expr: up < 1, labels: {severity: "{{ $value }}", team: crm}}
        - {alert: B, expr: up < 1, labels: {severity: "{{ $value }}", team: "crm{{ $labels.x }}"}}
      """
    var evaluating = try Evaluating(rules: rules, series: RuleSeries(["up{target=\"crm\"}": [0, 9]]))
    let restored = evaluating.evaluate(at: 0).active.prefix(4).map(withoutRule)
    evaluating.active = restored
    evaluating.series.fails = true
    #expect(evaluating.evaluate(at: 15).resolved.isEmpty)
    evaluating.series.fails = false
    evaluating.active = restored
    let evaluation = evaluating.evaluate(at: 15)
    #expect(evaluation.alerts.map(\.labels["severity"]) == ["warning"])
    #expect(evaluation.resolved.map(\.alert.labels["severity"]) == ["critical", "0", "0"])
  }
}
