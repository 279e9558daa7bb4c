import Testing

@testable import Lookout

@Suite("The report of a monitoring plugin")
struct NagiosOutputTests {
  private func firstLine(_ report: CheckReport) -> Substring { NagiosOutput(report: report).text.prefix { $0 != "\n" } }

  @Test("the first line is verdict, text and figures with their thresholds")
  func passing() {
    #expect(
      firstLine(SomeReports.passing)
        == "ODOO OK - all 4 checks pass in 2.3 s | 'crm/odoo_health'=0.002s;;;0 'crm/page'=0.234s;2;3;0 "
        + "'crm/postgresql_connections'=7;82.45;92.15;0;97 'crm/log_errors'=0;;;0")
  }

  @Test("the time of a wrong answer is no figure")
  func failing() {
    let line = firstLine(SomeReports.databaseDown)
    #expect(line.hasPrefix("ODOO CRITICAL - postgresql: PostgreSQL cannot be reached"))
    #expect(
      line.contains("'crm/page'=U;2;3;0") && line.contains("'crm/dashboard_data'=U;1.333;2;0") && line.contains("'crm/log_errors'=2;;;0"))
  }

  @Test(
    "each figure fits the grammar, and one bar stands before them",
    arguments: [SomeReports.passing, SomeReports.databaseDown, SomeReports.hostile])
  func grammar(report: CheckReport) throws {
    let text = NagiosOutput(report: report).text
    #expect(text.count { $0 == "|" } == 1)
    let figures = try #require(firstLine(report).split(separator: "|").last).drop { $0 == " " }
    let pattern = /'(?:[^'=|]|'')+'=(?:U|-?[0-9.]+(?:s|%|B|c)?)(?:;[-0-9.:~@]*){0,4}/
    var rest = figures
    while !rest.isEmpty {
      let match = try #require(rest.prefixMatch(of: pattern), "\(rest)")
      rest = rest[match.range.upperBound...].drop { $0 == " " }
    }
  }

  @Test("what does not pass stands below, a line each, and no line end comes from what was seen")
  func longOutput() {
    let lines = NagiosOutput(report: SomeReports.databaseDown).text.split(separator: "\n")
    #expect(lines.count == 7)
    #expect(lines.contains("crm/page FAIL: Odoo answered HTTP 500 (because postgresql fails)"))
    #expect(NagiosOutput(report: SomeReports.hostile).text.split(separator: "\n").count == 2)
  }

  @Test("much that fails does not make it longer than Nagios reads")
  func limit() {
    let rows = (0..<500).map { row("check\($0)", .page, .fail, String(repeating: "long ", count: 200), reason: .rpcError, cause: .page) }
    #expect(NagiosOutput(report: report(rows)).text.utf8.count < 8192)
  }

  @Test("a mistake is UNKNOWN on one line")
  func unknown() {
    #expect(NagiosOutput.unknown("lookout.yml:3:5: a|b\nc") == "ODOO UNKNOWN - lookout.yml:3:5: a/b c\n")
  }
}
