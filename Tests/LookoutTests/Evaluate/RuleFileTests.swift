import PromQL
import Testing

@testable import Lookout

@Suite struct RuleFileTests {
  /// The mistakes of a file as `line:column message`.
  private func mistakes(_ text: String) -> [String] {
    do {
      _ = try RuleSet.load(text, file: "x.yml")
      return []
    } catch {
      return error.errors.map { "\($0.line ?? 0):\($0.column ?? 0) \($0.message)" }
    }
  }

  private func mistakesOfRule(_ fields: String) -> [String] {
    mistakes(
      "groups:\n- name: g\n  rules:\n  - \(fields.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\n    "))\n")
  }

  @Test("a whole group is read, the group's labels below those of the rule")
  func reads() throws {
    let set = try RuleSet.load(
      """
      groups:
        - name: odoo
          interval: 30s
          limit: 5
          labels: {team: crm, severity: info}
          rules:
            - alert: Down
              expr: up == 0
              for: 1m30s
              keep_firing_for: 5m
              labels: {severity: critical}
              annotations: {summary: "{{ $labels.target }} is down", empty: ~}
            - {alert: Same, expr: 1}
        - name: empty
      """, file: "x.yml")
    #expect(set.groups.map(\.name) == ["odoo", "empty"])
    let group = try #require(set.groups.first)
    #expect(group.interval == .seconds(30) && group.limit == 5)
    let rule = try #require(group.rules.first?.alert)
    #expect(rule.name == "Down" && rule.expression.text == "up == 0")
    #expect(rule.hold == .seconds(90) && rule.keepFiringFor == .seconds(300))
    #expect(rule.labels.mapValues(\.text) == ["team": "crm", "severity": "critical"])
    #expect(rule.annotations.mapValues(\.text) == ["summary": "{{ $labels.target }} is down", "empty": ""])
    #expect(group.rules[1].alert?.hold == .zero)
  }

  @Test("recording rules, query_offset and merge keys are read; rules that are the same are told apart")
  func readsMore() throws {
    let set = try RuleSet.load(
      """
      groups:
        - name: g
          query_offset: 1m
          labels: {team: crm}
          rules:
            - &r
              record: job:up:sum
              expr: sum by (job) (up)
              labels: {team: "", kind: "{{ x }}"}
            - *r
            - <<: *r
              record: job:up:count
            - {<<: [{for: 1m, alert: A}, {for: 2m, expr: ALERTS}]}
      """, file: "x.yml")
    let group = try #require(set.groups.first)
    #expect(group.queryOffset == .seconds(60) && group.rules.map(\.id.name) == ["job:up:sum", "job:up:sum", "job:up:count", "A"])
    #expect(group.rules.compactMap(\.recording).map(\.labels) == Array(repeating: ["team": "", "kind": "{{ x }}"], count: 3))
    #expect(Set(group.rules.map(\.id)).count == 4 && group.rules.last?.alert?.hold == .seconds(60))
  }

  @Test("files without groups are empty sets", arguments: ["", "# nothing\n", "groups:\n", "groups: []\n", "{}"])
  func empty(text: String) throws {
    #expect(try RuleSet.load(text, file: "x.yml").groups.isEmpty)
  }

  @Test(
    "a mistake in a rule is told with its place",
    arguments: [
      ("alert: A", "4:5 'expr' is missing"),
      ("alert: A\nexpr:", "4:5 'expr' is missing"),
      ("alert: A\nexpr: ''", "5:11 expected a text, found nothing"),
      ("expr: up", "4:5 one of 'alert' and 'record' is missing"),
      ("alert: ''\nexpr: up", "4:12 expected a text, found nothing"),
      ("record: r\nalert: A\nexpr: up", "5:12 a rule has either 'alert' or 'record'"),
      ("record: r\nexpr: up\nfor: 1m", "6:10 'for' has no meaning in a recording rule"),
      ("record: r\nexpr: up\nannotations: {a: b}", "6:18 'annotations' has no meaning in a recording rule"),
      (
        "record: 'r{a=\"b\"}'\nexpr: up",
        "4:13 braces in the name of a recorded series; labels belong under 'labels', selectors into 'expr'"
      ),
      ("alert: A\nexpr: up\nannotation: {}", "6:5 unknown key 'annotation'; did you mean 'annotations'?"),
      ("alert: A\nexpr: up\nfor: 5", "6:10 expected a duration such as 15s or 1m30s, found '5'"),
      ("alert: A\nexpr: up\nfor: -5m", "6:10 expected a duration such as 15s or 1m30s, found '-5m'"),
      ("alert: A\nexpr: up\nlabels: {__name__: x}", "6:14 '__name__' is no name for a label or an annotation of a rule"),
      ("alert: A\nexpr: up\nannotations: {'': x}", "6:19 '' is no name for a label or an annotation of a rule"),
      ("alert: A\nexpr: up\nlabels: [a]", "6:13 expected a mapping from names to texts, found a list"),
      ("alert: A\nexpr: up\nlabels: {a: [b]}", "6:17 expected a text, found a list"),
      ("alert: A\nexpr: [up]", "5:11 expected a text, found a list"),
      ("alert: A\nexpr: up\n<<: {fur: 1m}", "6:10 unknown key 'fur'; did you mean 'for'?"),
      ("alert: A\nexpr: up\n<<: 5", "6:9 '<<' takes a mapping"),
    ])
  func mistakeInRule(fields: String, expected: String) {
    #expect(mistakesOfRule(fields) == [expected])
  }

  @Test(
    "a mistake in a file or group is told with its place",
    arguments: [
      ("groups:\n- name: g\n- name: g\n", "3:3 group 'g' stands already in line 2"),
      ("groups:\n- rules: []\n", "2:3 'name' is missing"),
      ("group: []\n", "1:1 unknown key 'group'; did you mean 'groups'?"),
      ("groups:\n- {name: g, query_offset: 1}\n", "2:27 expected a duration such as 15s or 1m30s, found '1'"),
      ("groups:\n- {name: g, limit: -1}\n", "2:20 expected a whole number from 0 to 1000000"),
      ("groups:\n- {name: g, rules: {}}\n", "2:20 expected a list"),
      ("groups: 5\n", "1:9 expected a list"),
      ("- a\n", "1:1 expected a mapping with groups"),
    ])
  func mistakeInFile(text: String, expected: String) throws {
    let found = mistakes(text)
    #expect(found.count == 1)
    #expect(try #require(found.first).hasPrefix(expected))
  }

  @Test("all mistakes of a file are told, in the order of its lines")
  func all() {
    let found = mistakes(
      """
      groups:
      - name: g
        intervall: 5s
        rules:
        - alert: A
          expr: up ==
          for: soon
          annotations: {a: "{{ if }}", b: "{{ $x }}"}
        - record: r
          expr: rate(up)
      - name: g
      """)
    #expect(found.map { $0.prefix { $0 != " " } } == ["3:3", "6:16", "7:10", "8:29", "8:41", "10:16", "11:3"])
  }

  @Test(
    "what is no YAML is one error with its place",
    arguments: ["groups: [", "a: b: c", "\t", "groups:\n- name: g\n  name: h\n", "a\u{0}b", "--- a\n--- b\n"])
  func noYAML(text: String) {
    #expect(mistakes(text).count == 1)
  }

  @Test("a file with more rules than people write costs an error, even if it only names them by aliases")
  func aliases() {
    let rules = (0..<2000).map { "{alert: A\($0), expr: up}" }.joined(separator: ",")
    let groups = (0..<2000).map { "- {name: g\($0), rules: *r}" }.joined(separator: "\n")
    let found = mistakes("groups:\n- name: first\n  rules: &r [\(rules)]\n\(groups)\n")
    #expect(found.contains { $0.hasSuffix("more than 50000 rules in one file") })
  }

  @Test("a nest of brackets is an error")
  func deep() {
    #expect(!mistakes(String(repeating: "[", count: 100_000)).isEmpty)
    #expect(!mistakesOfRule("alert: A\nexpr: '\(String(repeating: "(", count: 100_000))'").isEmpty)
  }
}
