import Testing

@testable import Lookout

@Suite struct RuleLintTests {
  private func findings(_ rules: String, group: String = "") throws -> [String] {
    let set = try RuleSet.load("groups:\n- name: g\n  rules:\n\(rules)\n\(group)", file: "x.yml")
    return RuleLint().findings(in: set).map(\.description)
  }

  @Test("rules that ship have nothing to warn of")
  func shipped() throws {
    let shipped = try RuleSet.shipped()
    #expect(RuleLint().findings(in: shipped) == [])
  }

  @Test(
    "what is allowed but unwise is warned of, with its line",
    arguments: [
      (
        "  - {record: r, expr: pg_up}\n  - {record: r, expr: probe_success}",
        ["x.yml:5: duplicate-rules: 'r' with the same labels as in line 4"]
      ),
      (
        "  - {alert: A, expr: 'pg_up[5m]'}",
        ["x.yml:4: portability: 'A': the expression gives ranges; it can be read, but each evaluation fails, for a rule needs a value"]
      ),
      (
        "  - {alert: A, expr: 'rate(odoo_log_lines_total[5m * 2]) > 0'}",
        ["x.yml:4: portability: 'A': lengths that are calculated ([5m * 2]) are refused by Prometheus 3.5 without a flag, and by vmalert"]
      ),
      (
        "  - {alert: A, expr: pg_up == 0, annotations: {a: 'now {{ if (toDuration 5).String }}{{ end }}'}}",
        ["x.yml:4: portability: 'A': the template function toDuration is refused by Prometheus 3.5 and vmalert"]
      ),
      (
        "  - {alert: A, expr: pg_upp == 0}",
        ["x.yml:4: reachability: 'A' reads 'pg_upp', which nothing here exposes; did you mean 'pg_up'?"]
      ),
      ("  - {alert: A, expr: 'node_load1 > 5'}", ["x.yml:4: reachability: 'A' reads 'node_load1', which nothing here exposes"]),
      ("  - {alert: A, expr: '{__name__=~\"x.*\"}'}", ["x.yml:4: reachability: 'A' reads '__name__=~\"x.*\"', which nothing here exposes"]),
      (
        "  - {alert: A, expr: 'odoo_http_request_duration_seconds_bucket > 0 and on () r and on () ALERTS'}\n  - {record: r, expr: vector(1)}",
        []
      ),
    ])
  func warns(rules: String, expected: [String]) throws {
    #expect(try findings(rules) == expected)
  }

  @Test("an offset of a group is not for vmalert")
  func offset() throws {
    #expect(
      try findings("  - {alert: A, expr: pg_up}", group: "  query_offset: 1m") == [
        "x.yml:4: portability: 'query_offset' of group 'g': vmalert refuses the key"
      ])
  }

  @Test("the list of metrics has every one")
  func metrics() throws {
    let source = try RuleData.text("Sources/Lookout/Observe/Metrics.swift")
    #expect(source.split(separator: "static let ").count { $0.contains("= Metric(") } == Metric.all.count)
    #expect(Set(Metric.all.map(\.name)).count == Metric.all.count)
  }
}
