import Testing

@testable import OdooLog

@Suite("Logs that a collector has written")
struct CollectorTests {
  private static let request = "127.0.0.1 - - [22/Nov/2026 13:09:10] \"GET /web HTTP/1.1\" 500 - 2 0.004 0.006"
  private static let plain = """
    2026-11-22 13:09:09,329 31255 ERROR crm odoo.http: Exception during request handling.\u{20}
    Traceback (most recent call last):
      File "/opt/odoo/odoo/http.py", line 2189, in __call__
    KeyError: 'first'
    2026-11-22 13:09:10,001 31255 INFO crm werkzeug: \(request)

    """

  private func collected(_ prefix: String) -> String {
    Self.plain.split(separator: "\n").map { "\(prefix)\($0)\n" }.joined()
  }

  @Test(
    "what stands before each line changes nothing but the bytes",
    arguments: [
      "Nov 22 13:09:11 erp odoo[31255]: ", "Nov  2 13:09:11 erp-1.example.org odoo-bin[1]: ", "Nov 22 13:09:11 erp odoo: ",
      "2026-11-22T13:09:11+0000 erp odoo-bin[31255]: ", "2026-11-22T13:09:11.329123+01:00 erp odoo: ", "<14>Nov 22 13:09:11 erp odoo[7]: ",
      "<30>1 2026-11-22T13:09:11.329Z erp odoo 31255 - - ", "<30>1 2026-11-22T13:09:11.329Z erp odoo 31255 ID47 [a@1 b=\"c\"] ",
      "Sun 2026-11-22 13:09:11 UTC erp odoo-bin[31255]: ", "odoo-1  | ", "project_odoo-17_1 | ", "2026-11-22T13:09:11.329123456Z stdout F ",
      "2026-11-22T13:09:11.329123456Z stderr P ", "2026-11-22T13:09:11.329123456Z ",
    ])
  func prefixes(prefix: String) {
    let statistics = withStatistics(of: collected(prefix))
    let expected = withStatistics(of: Self.plain)
    #expect(statistics.records == expected.records)
    #expect(statistics.continuationLines == 3 && statistics.strayLines == 0)
    #expect(statistics.routes == expected.routes)
    #expect(statistics.lastError == expected.lastError && statistics.lastError?.exceptionClass == "KeyError")
    #expect(statistics.lastRecordTime == expected.lastRecordTime && statistics.unparsedRecords == 0)
  }

  @Test(
    "Odoo's own form for syslog takes moment and process from the collector",
    arguments: ["Nov 22 13:09:10 erp ", "Nov 22 13:09:10 erp odoo-bin[31255]: ", "2026-11-22T14:09:10+01:00 erp "])
  func syslog(prefix: String) {
    var statistics = LogStatistics()
    statistics.latest = 1_795_400_000_000
    let log = "\(prefix)Odoo Server 17.0-20240709:crm:INFO:werkzeug:\(Self.request)\n"
    var scanner = LogScanner()
    scanner.feed(Array(log.utf8).span, into: &statistics)
    #expect(statistics.records == [RecordKey(level: .info, logger: "werkzeug"): 1])
    #expect(statistics.routes["/web"]?.requests == 1)
    #expect(statistics.lastRecordTime == 1_795_352_950_000)
    #expect(statistics.lastPID == (prefix.contains("[") ? 31_255 : 0))
  }

  @Test(
    "a stamp without a year is of the year that does not lie ahead",
    arguments: [(1_767_225_600_000, "2025-12-31"), (1_796_083_200_000, "2026-11-30")])
  func year(latest: Int64, day: String) {
    let stamp = day.hasSuffix("31") ? "Dec 31" : "Nov 30"
    let line = Array("\(stamp) 23:59:59 erp odoo: x".utf8)
    let envelope = Envelope(line.span.bytes, latest: latest)
    #expect(envelope?.time.map(TimeStamp.text)?.prefix(10) == day[...])
  }

  @Test("a record that rsyslog wrote on one line is read to its last exception")
  func escapedNewlines() {
    let lines = Self.plain.split(separator: "\n")
    let prefix = "Nov 22 13:09:11 erp odoo[31255]: "
    let log = prefix + lines.prefix(4).joined(separator: "#012") + "\n" + prefix + lines[4] + "\n"
    let statistics = withStatistics(of: log)
    #expect(statistics.lines == 2 && statistics.continuationLines == 0 && statistics.errors == 1)
    #expect(statistics.lastError?.exceptionClass == "KeyError" && statistics.lastError?.route == "/web")
  }

  @Test("colours behind a prefix are taken off")
  func colours() {
    let line = "Nov 22 13:09:11 erp odoo[1]: 2026-11-22 13:09:09,329 31255 \u{1B}[1;31m\u{1B}[1;49mERROR\u{1B}[0m crm odoo.http: x\n"
    #expect(withStatistics(of: line).errors == 1)
  }

  @Test(
    "a line that only resembles one with a prefix is no record",
    arguments: [
      "Nov 32 13:09:11 erp odoo[1]: ", "Nov 22 25:09:11 erp odoo[1]: ", "Foo 22 13:09:11 erp odoo[1]: ", "2026-13-22T13:09:11Z erp odoo: ",
      "2026-11-22T13:09:11 erp odoo: ", "<999999>Nov 22 13:09:11 erp odoo[1]: ", "| ", "a b | ", "<14>",
    ])
  func impostors(prefix: String) {
    #expect(withStatistics(of: collected(prefix)).records.isEmpty)
  }

  @Test(
    "a prefix cut anywhere does no harm", arguments: ["Nov 22 13:09:11 erp odoo[31255]: 2026", "<30>1 2026-11-22T13:09:11.3Z a b 1 - [x"])
  func cuts(line: String) {
    let bytes = Array(line.utf8)
    for end in 0...bytes.count {
      let statistics = withStatistics(of: Array(bytes[..<end]) + [10])
      #expect(statistics.lines == 1 && statistics.strayLines == 1)
    }
  }

  @Test("lines that begin as records do and are none are counted as such")
  func resembling() {
    let log = record("x") + "2026-11-22 13:09:09.329 UTC [16478] LOG:  starting PostgreSQL\n2026-11-22T13:09 x\n2026 leads\n"
    let statistics = withStatistics(of: log)
    #expect(statistics.unparsedRecords == 2 && statistics.continuationLines == 3)
  }
}
