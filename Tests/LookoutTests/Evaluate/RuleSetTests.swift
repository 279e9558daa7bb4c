import PromQL
import Testing

@testable import Lookout

@Suite struct RuleSetTests {
  private func ruleSet(_ expressions: [String]) throws -> RuleSet {
    let groups = expressions.enumerated().map { "- name: g\($0.offset)\n  rules:\n  - alert: A\($0.offset)\n    expr: '\($0.element)'" }
    return try RuleSet.load("groups:\n" + groups.joined(separator: "\n"), file: "x.yml")
  }

  @Test("only groups that can read a changed metric are named")
  func reading() throws {
    let set = try ruleSet(["up == 0", "rate(errors_total[5m]) > 0 and up == 1", "{job=\"a\"} > 0", "{__name__=~\"pg_.+\"} > 0", "1"])
    func names(_ metrics: Set<String>) -> [String] { set.groups(reading: metrics).map(\.name) }
    #expect(names(["up"]) == ["g0", "g1", "g2"])
    #expect(names(["errors_total"]) == ["g1", "g2"])
    #expect(names(["pg_up", "other"]) == ["g3", "g2"])
    #expect(names(["other"]) == ["g2"])
    #expect(names([]) == [])
  }

  @Test("the longest range is that of the expressions, and at least Prometheus' look-back")
  func longestRange() throws {
    #expect(try ruleSet(["up"]).longestRange == .seconds(300))
    #expect(try ruleSet(["rate(a[10m]) / rate(b[1h30m]) > 0", "up{a=\"[9d]\\\"[9d]\"}"]).longestRange == .seconds(5400))
    #expect(RuleSet(groups: []).longestRange == .seconds(300))
  }
}
