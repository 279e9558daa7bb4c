import Testing

@testable import Lookout

@Suite("All mistakes of a configuration")
struct ConfigurationExaminationTests {
  private func mistakes(_ text: String) -> [String] {
    ConfigurationExamination(text, file: "x.yml", environment: [:]).mistakes.map(\.description)
  }

  private static let odoo = "odoo: {url: 'http://crm', database: crm, login: l, password_file: /dev/null}\n"

  @Test("are told at once, in the order of the lines")
  func several() {
    let text = """
      odoo:
        url: crm.example.com
        databse: crm
        login: l
        password_file: /dev/null
      checks:
        interval: soon
        timeout: 3s
        budgets: {page: 0s, dashboard: fast, statement: 2s}
      postgresql:
        port: 99999999
        sslmode: maybe
      listen: 0.0.0.0:80
      notify: {webhook: 'ftp://x', webhook_file: y}
      rules: [nowhere.yml, /dev/null, also-nowhere.yml]
      """
    let found = mistakes(text)
    let places = found.map { $0.split(separator: " ")[0] }
    let expected = [
      "2:3", "2:8", "3:3", "7:13", "9:19", "9:34", "11:9", "12:12", "13:9", "14:19", "14:44", "15:9", "15:33",
    ]
    #expect(places == expected.map { "x.yml:\($0):" }, "\(found)")
    #expect(found.contains { $0.contains("'database' is missing") })
  }

  @Test("of a section that lacks everything each key is told")
  func missing() {
    #expect(
      mistakes("odoo: {}\n").map { $0.dropFirst(11) } == [
        "'url' is missing", "'database' is missing", "'login' is missing", "'password_file' is missing",
      ])
    #expect(mistakes("listen: nowhere\n").contains { $0.contains("'odoo' is missing") })
  }

  @Test("what is left out because it was wrong is not told as missing")
  func noFollowers() {
    #expect(mistakes("odoo: {url: crm, database: [1], login: l, password_file: nowhere}\n").count == 3)
    #expect(mistakes("odoo: 7\nlisten: x\n").count == 2)
    #expect(mistakes(Self.odoo + "notify: {webhook: 'ftp://x', webhook_file: y}\n").count == 2)
  }

  @Test("a list in place of a section, within others that are right")
  func wrongKind() {
    #expect(mistakes(Self.odoo + "checks: [5s]\nlog: {file: {a: b}}\n").count == 2)
    #expect(mistakes(Self.odoo + "checks:\n  interval:\n    a: 5s\n    b: 6s\nlisten: x\n").count == 2)
  }

  @Test("what is right has none, and what is no YAML has one")
  func others() {
    let right = ConfigurationExamination(Self.odoo, file: "x.yml", environment: [:])
    #expect(right.mistakes.isEmpty && right.configuration != nil)
    for text in ["", "a: [", "a: b\n\tc", "\u{0}"] { #expect(mistakes(text).count == 1) }
  }

  @Test("many mistakes end, and so do bombs of aliases", .timeLimit(.minutes(1)))
  func hostile() {
    #expect(mistakes(Self.odoo + (0..<500).map { "k\($0): 1\n" }.joined()).count == 50)
    let bomb =
      "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
      + (1..<30).map { "a\($0): &a\($0) [" + Array(repeating: "*a\($0 - 1)", count: 10).joined(separator: ", ") + "]\n" }.joined()
    #expect(mistakes(bomb).count == 1)
  }
}
