import Testing

@testable import Lookout

@Suite struct ShippedRulesTests {
  @Test("what is embedded is what lies in Alerts, and nothing is behind the last file")
  func embedded() throws {
    #expect(ShippedFile.all.map(\.name).prefix(2) == ["odoo.rules.yml", "odoo.test.yml"])
    for file in ShippedFile.all { #expect(try file.text == RuleData.text("Alerts/\(file.name)")) }
  }

  @Test("a healthy Odoo sets off nothing, a sick one each alert with no labels but those that are promised")
  func fires() throws {
    var healthy = Evaluating(try RuleSet.shipped(), series: try Self.series(sick: false))
    var sick = Evaluating(try RuleSet.shipped(), series: try Self.series(sick: true))
    for seconds in stride(from: Int64(0), through: 300, by: 15) {
      #expect(healthy.evaluate(at: seconds) == Evaluation())
      #expect(sick.evaluate(at: seconds).failures.isEmpty)
    }
    let firing = sick.active.map(\.alert).filter { $0.state == .firing }
    #expect(Set(firing.map(\.name)) == Set(sick.evaluator.rules.rules.map(\.name)))
    let promised: Set = ["alertname", "target", "database", "component", "check", "severity"]
    for alert in firing {
      #expect(promised.isSuperset(of: alert.labels.keys), "\(alert.labels)")
      #expect(alert.labels["component"].flatMap(Component.init(rawValue:)) != nil)
      #expect(alert.labels["check"] != nil && ["critical", "warning"].contains(alert.labels["severity"]))
      #expect(alert.annotations.values.allSatisfy { !$0.isEmpty && !$0.contains("{{") })
    }
  }

  @Test("a lost database fires in the very evaluation that sees it, and only the group that reads it is asked")
  func atOnce() throws {
    var evaluating = Evaluating(try RuleSet.shipped(), series: try RuleSeries(["pg_up{target=\"crm\",database=\"crm\"}": [0]]))
    let groups = evaluating.evaluator.rules.groups(reading: ["pg_up"])
    #expect(groups.map(\.name) == ["odoo"])
    #expect(evaluating.evaluate(at: 0, groups: groups).alerts.map(\.name) == ["PostgreSQLDown"])
  }

  private static func series(sick: Bool) throws -> RuleSeries {
    let place = "target=\"crm\",database=\"crm\",instance=\"lookout:9069\""
    func values(_ healthy: Double, _ ill: Double) -> [Double] {
      [healthy, healthy] + Array(repeating: sick ? ill : healthy, count: 20)
    }
    return try RuleSeries([
      "pg_up{\(place)}": values(1, 0),
      "pg_connections_used{\(place)}": values(10, 98), "pg_connections_limit{\(place)}": values(100, 100),
      "pg_longest_statement_seconds{\(place)}": values(0.2, 300),
      "probe_success{\(place),component=\"process\",check=\"odoo_health\"}": values(1, 0),
      "probe_success{\(place),component=\"page\",check=\"page\"}": values(1, 0),
      "probe_success{\(place),component=\"dashboard\",check=\"dashboard_data\"}": values(1, 1),
      "lookout_check_duration_seconds{\(place),component=\"dashboard\",check=\"dashboard_data\"}": values(0.4, 26),
      "lookout_check_budget_seconds{\(place),component=\"dashboard\",check=\"dashboard_data\"}": values(2, 2),
      "odoo_log_errors_total{target=\"crm\",instance=\"lookout:9069\"}": values(3, 9),
      "lookout_outbox_oldest_seconds{instance=\"lookout:9069\"}": values(0, 900),
      "lookout_rule_evaluation_failures_total": values(0, 5),
    ])
  }
}
