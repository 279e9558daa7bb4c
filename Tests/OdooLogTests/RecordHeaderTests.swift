import Testing

@testable import OdooLog

@Suite struct RecordHeaderTests {
  private func parse(_ line: String) -> RecordHeader? { RecordHeader(Array(line.utf8).span) }

  private func text(_ line: String, _ range: Range<Int>) -> String { String(decoding: Array(line.utf8)[range], as: UTF8.self) }

  @Test("a header gives its time, process, level, database, logger and message")
  func fields() throws {
    let line = "2026-11-22 13:09:09,329 31255 WARNING crm odoo.http: Access Denied "
    let header = try #require(parse(line))
    #expect(header.time == 1_795_352_949_329)
    #expect(header.pid == 31_255)
    #expect(header.level == .warning)
    #expect(text(line, header.database) == "crm")
    #expect(text(line, header.logger) == "odoo.http")
    #expect(text(line, header.message..<line.utf8.count) == "Access Denied ")
  }

  @Test(
    "times are right over leap years and centuries",
    arguments: [
      ("1970-01-01 00:00:00,000", 0), ("2000-02-29 23:59:59,999", 951_868_799_999), ("2024-03-01 00:00:00,001", 1_709_251_200_001),
      ("2100-02-28 12:00:00,000", 4_107_499_200_000),
    ])
  func times(text: String, milliseconds: Int64) {
    #expect(parse("\(text) 1 INFO ? a: b")?.time == milliseconds)
  }

  @Test("each level is read", arguments: LogLevel.allCases)
  func levels(level: LogLevel) {
    #expect(parse("2026-11-22 13:09:09,329 1 \(level) crm odoo.http: x")?.level == level)
  }

  @Test(
    "what only resembles a header is none",
    arguments: [
      "", "2", "2026-11-22 13:09:09,329", "2026-11-22 13:09:09,329 ", "2026-11-22 13:09:09.329 UTC [16478] LOG:  starting",
      "2026-13-22 13:09:09,329 1 INFO crm a: b", "2026-00-22 13:09:09,329 1 INFO crm a: b", "2026-11-22 24:09:09,329 1 INFO crm a: b",
      "2026-11-22 13:09:09,32x 1 INFO crm a: b", "2026-11-22 13:09:09,329 x INFO crm a: b", "2026-11-22 13:09:09,329 1 NOTICE crm a: b",
      "2026-11-22 13:09:09,329 1 INFO crm", "2026-11-22 13:09:09,329 1 INFO crm ", "2026-11-22 13:09:09,329 1 INFO crm : b",
      "2026-11-22 13:09:09,329 1 INFO crm a b: c", "2026-11-22 13:09:09,329 1 INFO crm a:b", "2026-11-22 13:09:09,329 1 INFO  a: b",
      "2026-11-22 13:09:09,329 1234567890123456789 INFO crm a: b", " 2026-11-22 13:09:09,329 1 INFO crm a: b",
      "2026-11-22 13:09:09,329 1 INFOX crm a: b", "2026-11-22 13:09:09,329 1 CRITICALX crm a: b",
    ])
  func impostors(line: String) {
    #expect(parse(line) == nil)
  }

  @Test("a header cut anywhere is not read beyond its end")
  func cuts() {
    let line = Array("2026-11-22 13:09:09,329 31255 CRITICAL crm odoo.http: x".utf8)
    for end in 0...line.count {
      let isHeader = RecordHeader(line.span.extracting(first: end)) != nil
      // The colon may be the last byte.
      #expect(isHeader == (end >= line.count - 2), "cut at \(end)")
    }
  }
}
