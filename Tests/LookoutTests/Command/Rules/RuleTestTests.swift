import Foundation
import Testing

@testable import Lookout

@Suite("unit tests of rules")
struct RuleTestTests {
  private let rules = """
    groups:
    - name: g
      interval: 7m
      rules:
      - {record: "job:up:sum", expr: sum by (job) (up)}
      - alert: Down
        expr: job:up:sum == 0
        for: 1m
        labels: {severity: critical}
        annotations: {summary: "{{ $labels.job }} in {{ $externalLabels.region }} at {{ $externalURL }}", empty: ""}
    """

  /// The complaints about a file of tests that stands beside the rules.
  private func complaints(_ tests: String, run: String? = nil) throws -> [String] {
    let folder = FileManager.default.temporaryDirectory.appending(path: "rule-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(rules.utf8).write(to: folder.appending(path: "a.rules.yml"))
    let file = folder.appending(path: "test.yml")
    try Data("rule_files: ['*.rules.yml']\n\(tests)".utf8).write(to: file)
    return RulesTestCommand.complaints(of: file.path, style: .plain).map { $0.replacing(folder.path + "/", with: "") }
  }

  @Test("tests that hold say nothing: alerts, queries, recorded series, ALERTS, external labels")
  func passes() throws {
    #expect(
      try complaints(
        """
        tests:
        - interval: 1m
          external_labels: {region: eu}
          external_url: http://there
          input_series:
          - {series: 'up{job="a",instance="1"}', values: "0x5 1"}
          - {series: 'up{job="b"}', values: 1x6}
          alert_rule_test:
          - {alertname: Down, eval_time: 59s, exp_alerts: []}
          - alertname: Down
            eval_time: 1m30s
            exp_alerts:
            - exp_labels: {severity: critical, job: a}
              exp_annotations: {summary: "a in eu at http://there", empty: ""}
          - {alertname: Down, eval_time: 6m}
          promql_expr_test:
          - expr: job:up:sum
            eval_time: 6m
            exp_samples: [{labels: 'job:up:sum{job="b"}', value: 1}, {labels: 'job:up:sum{job="a"}', value: 1}]
          - {expr: 'ALERTS{alertstate="firing"}', eval_time: 6m}
          - {expr: 'count_over_time(ALERTS{alertstate="firing"}[10m])', eval_time: 6m, exp_samples: [{labels: '{alertname="Down",alertstate="firing",job="a",severity="critical"}', value: 5}]}
          - {expr: '1', eval_time: 0, exp_samples: [{value: 1}]}
        """) == [])
  }

  @Test("of tests that fail, the lines are told that are missing and those that came instead")
  func failures() throws {
    #expect(
      try complaints(
        """
        tests:
        - name: first
          input_series: [{series: 'up{job="a"}', values: "0x5"}]
          alert_rule_test:
          - alertname: Down
            eval_time: 2m
            exp_alerts:
            - exp_labels: {severity: warning, job: a}
              exp_annotations: {summary: "a in  at ", empty: ""}
          promql_expr_test:
          - {expr: up, eval_time: 1m, exp_samples: [{labels: 'up{job="a"}', value: 0}, {labels: 'up{job="b"}', value: 0.5}]}
          - {expr: 'up[', eval_time: 1m}
        """) == [
          "    name: first,", "    alertname: Down, time: 2m",
          #"        - Labels:{alertname="Down", job="a", severity="warning"}"#,
          #"        + Labels:{alertname="Down", job="a", severity="critical"}"#,
          #"          Annotations:{empty="", summary="a in  at "}"#,
          "    name: first,", "    expr: \"up\", time: 1m", #"          up{job="a"} 0"#, #"        - up{job="b"} 0.5"#,
          "    name: first,",
          "    expr: \"up[\", time: 1m, err: 1:4: parse error: unexpected end of input in duration expression",
        ])
  }

  @Test("a query that cannot be answered fails, and only that")
  func failingQuery() throws {
    let complaints = try complaints(
      """
      tests:
      - {input_series: [{series: 'up{a="1"}', values: 1}, {series: 'up{a="2"}', values: 1}], promql_expr_test: [{expr: up + on () up, eval_time: 0}]}
      - {input_series: [{series: 'job:up:sum', values: 1}], promql_expr_test: [{expr: up, eval_time: 0, exp_samples: [{value: 1}]}]}
      """)
    #expect(complaints.count == 3, "\(complaints)")
  }

  @Test(
    "a mistake in a file of tests is told with its place",
    arguments: [
      ("tests:\n- {nam: x}\n", "test.yml:3:4: unknown key 'nam'; did you mean 'name'?"),
      ("tests:\n- input_series:\n  - {series: 'up{', values: 1}\n", "test.yml:4:29: unexpected character inside braces"),
      ("tests:\n- input_series:\n  - {series: up, values: '1 x'}\n", "test.yml:4:29: unexpected identifier"),
      ("tests:\n- input_series:\n  - {series: up, values: '{{sum:1}}'}\n", "test.yml:4:14: native histograms are not supported"),
      ("tests:\n- alert_rule_test: [{eval_time: 1m}]\n", "test.yml:3:21: 'alertname' is missing"),
      ("tests:\n- promql_expr_test: [{expr: up, eval_time: 1}]\n", "test.yml:3:44: expected a duration"),
      ("tests:\n- promql_expr_test: [{expr: up, exp_samples: [{value: x}]}]\n", "test.yml:3:55: expected a number, found 'x'"),
      ("group_eval_order: [a, a]\n", "test.yml:2:23: group 'a' stands here a second time"),
    ])
  func mistakes(text: String, expected: String) throws {
    let complaints = try complaints(text)
    #expect(complaints.count == 1 && complaints[0].hasPrefix(expected), "\(complaints)")
  }

  @Test("files of Prometheus' tests get promtool's verdict", .enabled(if: RuleData.acceptance != nil, Comment(rawValue: RuleData.absence)))
  func verdicts() throws {
    let folder = try #require(RuleData.acceptance).appending(path: "promtool")
    let good = ["at-modifier-test", "long-period", "negative-offset-test", "no-test-group-interval"]
    for name in good { #expect(RulesTestCommand.complaints(of: folder.appending(path: "\(name).yml").path, style: .plain) == []) }
    let bad = [
      "bad-input-series", "bad-promql", "bad-rules-error-test", "bad-rules-syntax-test", "failing", "rules_run", "rules",
      "rules_duplicates",
    ]
    for name in bad { #expect(RulesTestCommand.complaints(of: folder.appending(path: "\(name).yml").path, style: .plain) != []) }
  }

  @Test("other people's tests pass", .enabled(if: RuleData.acceptance != nil, Comment(rawValue: RuleData.absence)))
  func govuk() throws {
    let folder = try #require(RuleData.acceptance).appending(path: "rules/govuk")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix("_tests.yaml") }
    #expect(files.count >= 7)
    for file in files { #expect(RulesTestCommand.complaints(of: folder.appending(path: file).path, style: .plain) == []) }
  }

  @Test("those of the rules that ship pass")
  func shipped() throws {
    let path = RuleData.packageRoot.appending(path: "Alerts/odoo.test.yml").path
    #expect(RulesTestCommand.complaints(of: path, style: .plain) == [])
  }

  @Test("lines are compared so that what is the same on both sides stands once")
  func difference() {
    #expect(LineDifference.between([], []) == [])
    #expect(
      LineDifference.between(["a", "b", "c"], ["b", "x", "c", "d"]) == [.missing("a"), .same("b"), .added("x"), .same("c"), .added("d")])
    #expect(LineDifference.between(["a"], ["b"]) == [.missing("a"), .added("b")])
  }
}
