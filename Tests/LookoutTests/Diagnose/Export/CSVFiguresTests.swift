import Testing

@testable import Lookout

@Suite("The figures of an export")
struct CSVFiguresTests {
  @Test(
    "are numbers behind the first field of some line",
    arguments: [
      ("CRM Dashboard Export,Period: 2026-01-01 to 2026-12-31\r\n\r\nKPI,Value\r\nTotal Leads,39\r\n", true),
      ("KPI,Value\nWon Revenue,23800.0\n", true), ("Total Leads,\"39\"", true), ("a,b,-1e3", true), ("Team,, 3 ,x", true),
      ("CRM Dashboard Export,Period: 2026-01-01 to 2026-12-31\r\n\r\nKPI,Value\r\n\r\n", false), ("39\n40\n", false), ("", false),
      (",", false), ("a,\r\nb,\r\n", false), ("a,nan\nb,inf\n", false), ("\u{0},\u{0}", false),
    ])
  func found(file: String, isFilled: Bool) {
    #expect(CSVFigures.areIn(Array(file.utf8)) == isFilled)
  }

  @Test("are sought in what is no text and in what is long without harm")
  func hostile() {
    #expect(!CSVFigures.areIn((0..<100_000).map { _ in UInt8.random(in: 128...255) }))
    #expect(!CSVFigures.areIn([UInt8](repeating: UInt8(ascii: ","), count: 1_000_000)))
    #expect(!CSVFigures.areIn(Array("a,".utf8) + [UInt8](repeating: UInt8(ascii: "9"), count: 1_000_000) + Array("x".utf8)))
  }

  @Test("of a real Odoo, whole and broken", .needsCaptures)
  func captured() throws {
    for (name, isFilled) in [("patched-32-export-csv", true), ("r-mgr-sexport", true), ("pristine-32-export-csv", false)] {
      #expect(CSVFigures.areIn(try OdooCapture.exchange(name).body) == isFilled, "\(name)")
    }
  }
}
