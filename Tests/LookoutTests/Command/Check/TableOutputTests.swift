import Testing

@testable import Lookout

@Suite("The report as a table")
struct TableOutputTests {
  private func lines(_ report: CheckReport, width: Int? = 80, colours: Bool = false) -> [String] {
    TableOutput(report: report, style: OutputStyle(hasColours: colours, width: width)).text.split(
      separator: "\n", omittingEmptySubsequences: false
    ).map(String.init)
  }

  @Test("no line is wider than the terminal", arguments: [80, 100, 150])
  func width(columns: Int) {
    for report in [SomeReports.passing, SomeReports.databaseDown] {
      for line in lines(report, width: columns) { #expect(line.count <= columns, "\(line)") }
    }
  }

  @Test("the cause comes first and is named once, over its effects")
  func cause() throws {
    let text = lines(SomeReports.databaseDown)
    let root = try #require(text.firstIndex { $0.hasPrefix("FAIL    postgresql postgresql") })
    let because = try #require(text.firstIndex(of: "because postgresql fails:"))
    let effects = text.indices.filter { text[$0].hasPrefix("FAIL    registry") || text[$0].hasPrefix("FAIL    page") }
    #expect(root == 0 && effects.count == 2 && effects.allSatisfy { $0 > because })
    #expect(text.count { $0.contains("because") } == 1)
  }

  @Test("the worst come first: failures, what is unknown, warnings, what passes")
  func order() {
    let words = lines(SomeReports.databaseDown, width: nil).prefix { !$0.hasPrefix("FAIL:") }.compactMap { $0.split(separator: " ").first }
    let order = ["FAIL", "UNKNOWN", "WARN", "PASS"]
    let found = words.map(String.init).filter(order.contains)
    #expect(found == found.sorted { (order.firstIndex(of: $0) ?? 9) < (order.firstIndex(of: $1) ?? 9) } && Set(found).count == 4)
  }

  @Test("an observed value stands against its budget")
  func budget() {
    let text = lines(SomeReports.passing).joined(separator: "\n")
    #expect(text.contains("0.234 s of 3 s") && text.contains("7 of 97 connections are in use") && !text.contains("of 60 s"))
  }

  @Test("the end is a verdict, and for a failure what to do first, from the runbook")
  func verdict() throws {
    #expect(lines(SomeReports.passing).suffix(2) == ["PASS: all 4 checks pass in 2.3 s", ""])
    let text = lines(SomeReports.databaseDown, width: nil)
    #expect(
      text.contains { $0.hasPrefix("FAIL: postgresql: PostgreSQL cannot be reached") && $0.contains("3 fail, 1 unknown, 2 warn, 1 pass") })
    let action = try #require(Runbook.shipped.firstAction(for: .databaseUnreachable))
    #expect(text.contains("first: \(action) (Alerts/README.md#database_unreachable)"))
    #expect(!lines(SomeReports.passing).contains { $0.hasPrefix("first:") })
  }

  @Test("colours only where they are wanted, and no control character from what was seen")
  func colours() {
    #expect(lines(SomeReports.databaseDown, colours: true).contains { $0.contains("\u{1b}[31;1mFAIL") })
    for report in [SomeReports.databaseDown, SomeReports.hostile] {
      let text = lines(report, width: nil).joined(separator: "\n")
      #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && $0 != "\u{202e}" })
    }
  }

  @Test("where there is no terminal each check is one line")
  func oneLine() {
    #expect(lines(SomeReports.passing, width: nil).count == 4 + 3)
  }

  @Test(
    "NO_COLOR, a dumb terminal and no terminal at all mean no colours",
    arguments: [
      (["TERM": "xterm"], true), (["TERM": "xterm", "NO_COLOR": "1"], false), (["TERM": "xterm", "NO_COLOR": ""], true),
      (["TERM": "dumb"], false), ([:], false),
    ] as [([String: String], Bool)])
  func environment(variables: [String: String], isColoured: Bool) {
    #expect(OutputStyle.mayColour(variables) == isColoured)
  }
}
