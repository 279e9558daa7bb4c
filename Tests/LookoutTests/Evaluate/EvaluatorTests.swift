import Foundation
import Testing

@testable import Lookout

@Suite struct EvaluatorTests {
  private let down: [String: [Double]] = ["up{target=\"crm\",job=\"odoo\"}": [1, 0, 0, 0, 0, 1, 1, 1, 1, 1]]

  @Test("an alert has the series' labels without its name, the rule's over them, and its own name over all")
  func labels() throws {
    var evaluating = try Evaluating(
      rules: """
          - alert: Down
            expr: up == 0
            labels: {job: "{{ $labels.job }}-{{ $value }}", target: "", alertname: x, severity: critical}
            annotations: {summary: "{{ $labels.target }} {{ $labels.__name__ }} {{ $externalURL }}"}
        """, series: RuleSeries(down))
    let alert = try #require(evaluating.evaluate(at: 15).alerts.first)
    #expect(alert.labels == ["alertname": "Down", "job": "odoo-0", "severity": "critical"])
    #expect(alert.annotations == ["summary": "crm up http://lookout:9069"])
    #expect(alert.value == 0)
  }

  @Test("without a `for` an alert fires at once, and is resolved once when its expression no longer holds")
  func firesAndResolves() throws {
    var evaluating = try Evaluating(rules: "  - {alert: Down, expr: up == 0}", series: RuleSeries(down))
    #expect(evaluating.evaluate(at: 0) == Evaluation())
    let firing = evaluating.evaluate(at: 15)
    #expect(firing.states == [.firing] && firing.nextDue == nil)
    #expect(firing.alerts.first?.activeAt == .seconds(15) && firing.alerts.first?.firedAt == .seconds(15))
    #expect(evaluating.evaluate(at: 60).alerts.first?.firedAt == .seconds(15))
    let over = evaluating.evaluate(at: 75)
    #expect(over.active.isEmpty)
    #expect(over.resolved.map(\.alert.state) == [.resolved] && over.resolved.first?.alert.resolvedAt == .seconds(75))
    #expect(evaluating.evaluate(at: 90) == Evaluation())
  }

  @Test("an alert is pending until its `for` is over, to the moment, and the evaluation says when that is")
  func pending() throws {
    var evaluating = try Evaluating(rules: "  - {alert: Down, expr: up == 0, for: 20s}", series: RuleSeries(down))
    let pending = evaluating.evaluate(at: 15)
    #expect(pending.states == [.pending] && pending.nextDue == .seconds(35) && pending.alerts.first?.firedAt == nil)
    #expect(evaluating.evaluator.rules.groups(due: .seconds(34), in: pending.active).isEmpty)
    #expect(evaluating.evaluator.rules.groups(due: .seconds(35), in: pending.active).map(\.name) == ["g"])
    #expect(evaluating.evaluate(at: 34).states == [.pending])
    let firing = evaluating.evaluate(at: 35)
    #expect(firing.states == [.firing] && firing.nextDue == nil)
    #expect(firing.alerts.first?.activeAt == .seconds(15) && firing.alerts.first?.firedAt == .seconds(35))
  }

  @Test("a pending alert that no longer holds is gone without a word, and begins anew when it holds again")
  func pendingVanishes() throws {
    var evaluating = try Evaluating(rules: "  - {alert: Down, expr: up == 0, for: 10m}", series: RuleSeries(["up": [0, 1, 0]]))
    evaluating.evaluate(at: 0)
    #expect(evaluating.evaluate(at: 15) == Evaluation())
    #expect(evaluating.evaluate(at: 30).alerts.first?.activeAt == .seconds(30))
  }

  @Test("`keep_firing_for` keeps an alert, with its last value, until the time is over or it holds again")
  func keepsFiring() throws {
    let rules = "  - {alert: Down, expr: up < 1, keep_firing_for: 20s}"
    var evaluating = try Evaluating(rules: rules, series: RuleSeries(["up": [0.5, 1, 0, 1, 1, 1]]))
    evaluating.evaluate(at: 0)
    let kept = evaluating.evaluate(at: 15)
    #expect(kept.states == [.firing] && kept.alerts.first?.value == 0.5 && kept.nextDue == .seconds(35))
    let again = evaluating.evaluate(at: 30)
    #expect(again.alerts.first?.value == 0 && again.nextDue == nil && again.alerts.first?.activeAt == .seconds(0))
    #expect(evaluating.evaluate(at: 45).nextDue == .seconds(65))
    #expect(evaluating.evaluate(at: 64).states == [.firing])
    let over = evaluating.evaluate(at: 65)
    #expect(over.active.isEmpty && over.resolved.count == 1)
  }

  @Test("two series that would be the same alert are an error of the rule, and its alerts stay as they were")
  func sameLabels() throws {
    var series = try RuleSeries(["up{job=\"a\"}": [0, 0], "up{job=\"b\"}": [.nan, 0]])
    try series.add("other", [5, 5])
    let rules = "  - {alert: Down, expr: up == 0, labels: {job: x}}\n  - {alert: Other, expr: other}"
    var evaluating = try Evaluating(rules: rules, series: series)
    let before = evaluating.evaluate(at: 0)
    let after = evaluating.evaluate(at: 15)
    #expect(after.failures.map(\.rule.name) == ["Down"])
    #expect(after.failures.first?.message.contains("would be the same alert") == true)
    #expect(after.active == before.active)
  }

  @Test("an error resolves nothing, fires nothing, and makes nothing due over and over")
  func errors() throws {
    let rules = "  - {alert: Down, expr: up == 0, for: 20s}\n  - {alert: Gone, expr: up == 1}"
    var evaluating = try Evaluating(rules: rules, series: RuleSeries(["up{job=\"a\"}": [0, 0, 0, 1], "up{job=\"b\"}": [1, 1, 1, 0]]))
    let before = evaluating.evaluate(at: 0)
    evaluating.series.fails = true
    let failed = evaluating.evaluate(at: 45)
    #expect(failed.active == before.active && failed.resolved.isEmpty && failed.nextDue == nil)
    #expect(failed.failures.map(\.rule.name) == ["Down", "Gone"])
    evaluating.series.fails = false
    #expect(evaluating.evaluate(at: 30).states == [.firing, .firing])
  }

  @Test("more alerts than the group's limit are an error of the rule")
  func limit() throws {
    let series = try RuleSeries(["up{job=\"a\"}": [0, 0], "up{job=\"b\"}": [1, 0]])
    var evaluating = try Evaluating(rules: "  - {alert: Down, expr: up == 0}", series: series, groupFields: "  limit: 1")
    let before = evaluating.evaluate(at: 0)
    let after = evaluating.evaluate(at: 15)
    #expect(after.failures.map(\.message) == ["exceeded limit of 1 with 2 alerts"] && after.active == before.active)
  }

  @Test("a scalar is an alert without labels of a series")
  func scalar() throws {
    var evaluating = try Evaluating(rules: "  - {alert: Always, expr: '1'}", series: RuleSeries())
    #expect(evaluating.evaluate(at: 0).alerts.map(\.labels) == [["alertname": "Always"]])
  }

  @Test("groups that are not evaluated keep their alerts, in what is active and in what is due")
  func someGroups() throws {
    let set = try RuleSet.load(
      """
      groups:
      - {name: a, rules: [{alert: A, expr: up == 0}]}
      - {name: b, rules: [{alert: B, expr: up == 0, for: 1h}]}
      """, file: "x.yml")
    var evaluating = Evaluating(set, series: try RuleSeries(down))
    evaluating.evaluate(at: 15)
    let part = evaluating.evaluate(at: 75, groups: [try #require(set.groups.first)])
    #expect(part.resolved.map(\.alert.name) == ["A"])
    #expect(part.alerts.map(\.name) == ["B"] && part.nextDue == .seconds(3615))
  }

  @Test("what is stored comes back the same, but for the mark that it awaits its rule")
  func coding() throws {
    var evaluating = try Evaluating(rules: "  - {alert: Down, expr: up == 0, keep_firing_for: 1h}", series: RuleSeries(down))
    evaluating.evaluate(at: 15)
    let tracked = try #require(evaluating.evaluate(at: 75).active.first)
    #expect(tracked.keepFiringSince == .seconds(75))
    let copy = try JSONDecoder().decode(TrackedAlert.self, from: JSONEncoder().encode(tracked.restored))
    #expect(copy == tracked && copy != tracked.restored)
  }
}
