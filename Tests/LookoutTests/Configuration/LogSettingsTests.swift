import Testing

@testable import Lookout

@Suite("The log in the configuration")
struct LogSettingsTests {
  private static let odoo = #"odoo: {url: "http://127.0.0.1:1", database: crm, login: monitor, password_file: password}"# + "\n"

  private func settings(_ log: String) throws -> LogSettings? {
    try withConfigurationFolder { folder in try folder.read(Self.odoo + log).targets[0].log }
  }

  private func mistake(_ log: String) throws -> String? {
    try withConfigurationFolder { folder in folder.mistake(Self.odoo + log) }
  }

  @Test("a path, several, a pattern, standard input and the journal")
  func places() throws {
    #expect(try settings("log: {file: /a/odoo.log}")?.files == ["/a/odoo.log"])
    #expect(try settings(#"log: {file: [/a/odoo.log, "/b/*.log", "-"], start: rotated}"#)?.files == ["/a/odoo.log", "/b/*.log", "-"])
    let journal = try settings("log: {journal: odoo.service, accept_secrets: []}")
    #expect(journal?.journal == "odoo.service" && journal?.name == "journal of odoo.service" && journal?.acceptedSecrets == [])
    #expect(try settings("")?.files == nil)
  }

  @Test("patterns of one's own, with what they leave to the default")
  func patterns() throws {
    let log = #"""
      log:
        file: /a
        redact: ['ACME\d+']
        patterns:
          - {name: refused_total, match: 'by (?P<provider>\w+) after (?P<s>\d+)'}
          - {name: wait_seconds, kind: histogram, match: 'by (?P<provider>\w+) after (?P<s>\d+)', value: s, buckets: [1, 2]}
      """#
    let patterns = try #require(try settings(log)?.patterns)
    #expect(patterns.map(\.metric.kind) == [.counter, .histogram] && patterns[0].labels == ["provider", "s"])
    #expect(patterns[1].labels == ["provider"] && patterns[1].value == "s" && patterns[1].buckets == [1, 2])
  }

  @Test(
    "a mistake is told with its place",
    arguments: [
      ("log: {file: /a, journal: b}", "exclude each other"), ("log: {}", "'file' is missing"),
      ("log: {file: []}", "at least one file"), ("log: {file: /a, start: middle}", "expected one of end, beginning, rotated"),
      ("log: {file: /a, accept_secrets: [all]}", "expected one of password"), ("log: {file: /a, redact: ['(']}", "error parsing regexp"),
      ("log: {file: /a, patterns: [{name: a_total, match: '('}]}", "error parsing regexp"),
      ("log: {file: /a, patterns: [{name: a, match: x}]}", "ends in '_total'"),
      ("log: {file: /a, patterns: [{name: a, kind: gauge, match: x}]}", "needs 'value'"),
      ("log: {file: /a, patterns: [{name: odoo_x_total, match: x}]}", "are the agent's"),
      ("log: {file: /a, patterns: [{name: a b, match: x}]}", "no name of a metric"),
      ("log: {file: /a, patterns: [{name: a_total, match: '(?P<check>x)'}]}", "is set by the agent itself"),
      ("log: {file: /a, patterns: [{name: a_total, match: x, value: v}]}", "expected one of"),
      ("log: {file: /a, patterns: [{name: a_total, match: x}, {name: a_total, match: y}]}", "of that name already"),
      ("log: {file: /a, patterns: [{name: h, kind: histogram, match: '(?P<v>x)', value: v, buckets: [2, 1]}]}", "that rise"),
    ])
  func mistakes(log: String, message: String) throws {
    let said = try mistake(log)
    #expect(said?.contains(message) == true && said?.first?.isNumber == true, "\(said ?? "none")")
  }
}
