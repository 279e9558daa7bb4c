import Foundation
import OdooLog
import Testing

@testable import Lookout

@Suite("The report on old logs")
struct LogsOutputTests {
  private static let log =
    "stray <b>line</b>\n" + logRecord("Odoo version 17.0", logger: "odoo")
    + (0..<20).map { at($0, accessRecord("/crm/dashboard/data", python: "\($0).000")) }.joined()
    + at(3, logRecord("<script>alert(1)</script> of order 7", "ERROR", logger: "odoo.addons.shop"))
    + at(4, logRecord("WorkerHTTP (31257) timeout after 120s", "ERROR", logger: "odoo.service.server"))
    + at(5, logRecord("Login failed for db:crm login:jane from 10.0.0.7", logger: "odoo.addons.base.models.res_users"))
    + at(
      6, logRecord("Call from cron Mail <Queue> for server action #1 failed in Job #2", "ERROR", logger: "odoo.addons.base.models.ir_cron"))
    + at(55, logRecord("Start date must be before end date", "WARNING", logger: "odoo.http"))

  /// That minute of the hour.
  private static func at(_ minute: Int, _ record: String) -> String {
    record.replacingOccurrences(of: "13:09:09,", with: "13:\(minute < 10 ? "0" : "")\(minute):09,")
  }

  private func report(_ text: String = log) -> LogsReport {
    var digest = LogDigest()
    var scanner = LogScanner()
    scanner.feed(Array(text.utf8).span, into: &digest)
    scanner.finish(into: &digest)
    return LogsReport(LogReading.Result(digest: digest, files: ["odoo.log"]), slow: 2)
  }

  @Test("the text tells what happened, routes, errors, jobs and logins, and no line is wider than the terminal", arguments: [60, 80, 120])
  func text(width: Int) {
    let text = LogsText(report: report(), style: OutputStyle(width: width)).text
    for line in text.split(separator: "\n") { #expect(line.count <= width, "\(line)") }
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for part in [
      "26 records: 3 ERROR, 1 WARNING, 22 INFO", "20 requests, 18 took 2 s or longer", "killed by its time limit",
      "WorkerHTTP (31257) timeout after 120s", "/crm/dashboard/data 20", "×1 <script>alert(1)</script> of order 7",
      "Mail <Queue>: 1 run, 1 failed",
      "10.0.0.7 1", "nothing was logged for 36 min", "1 lines before the first record", "Mistakes of users (1 in 1 group)",
    ] { #expect(words.contains(part), "\(part)") }
    #expect(!text.contains("jane") && !text.contains("\u{1b}"))
  }

  @Test("colours are only where the terminal has them")
  func colours() {
    #expect(LogsText(report: report(), style: OutputStyle(hasColours: true, width: 80)).text.contains("\u{1b}[31;1m"))
  }

  @Test("the document can be read back, and counts every record by level")
  func document() throws {
    let text = try LogsDocument(report()).text()
    let document = try JSONDecoder().decode(LogsDocument.self, from: Data(text.utf8))
    #expect(document == LogsDocument(report()))
    #expect(document.levels == ["DEBUG": 0, "INFO": 22, "WARNING": 1, "ERROR": 3, "CRITICAL": 0] && document.records == 26)
    #expect(document.requests.count == 20 && document.requests.slow == 18 && document.requests.statuses == ["200": 20])
    #expect(document.routes.first?.route == "/crm/dashboard/data" && (135...152).contains(document.routes.first?.queries.p50 ?? 0))
    #expect(document.oddLines["stray"]?.lines == 1 && document.signs.contains { $0.sign == "worker_time_limit" && $0.count == 1 })
    #expect(document.timeLine.slots.map(\.requests).reduce(0, +) == 20 && document.cronJobs.first?.failures == 1)
    #expect(document.failedLogins == [LogsDocument.Login(address: "10.0.0.7", failures: 1, refusals: 0)])
    #expect(!text.contains("jane"))
  }

  @Test("the page needs nothing beside itself, runs nothing, and shows what a log holds as text")
  func page() throws {
    let html = LogsPage(report: report()).html
    #expect(!html.contains("<script>") && html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    #expect(!html.contains("<b>line") && html.contains("Mail &lt;Queue&gt;"))
    for outside in ["http://", "https://", "src=", "@import", "url("] { #expect(!html.contains(outside), "\(outside)") }
    #expect(html.contains("name=\"viewport\"") && html.contains("<svg viewBox=\"0 0 56 100\""))
    // Whatever is opened is closed, in the right order.
    var open: [Substring] = []
    for tag in html.matches(of: #/<(/?)([a-z0-9]+)([^>]*)>/#) where !["br", "meta"].contains(tag.output.2) && !tag.output.3.hasSuffix("/") {
      if tag.output.1.isEmpty { open.append(tag.output.2) } else { #expect(open.popLast() == tag.output.2) }
    }
    #expect(open.isEmpty)
  }

  @Test("of an empty log each form says so")
  func nothing() throws {
    let empty = report("")
    #expect(LogsText(report: empty, style: .plain).text.hasPrefix("no record\n0 lines"))
    #expect(LogsPage(report: empty).html.contains("no record"))
    #expect(try JSONDecoder().decode(LogsDocument.self, from: Data(LogsDocument(empty).text().utf8)).period == nil)
  }

  @Test("what a log lacks or should not hold is remarked")
  func remarks() {
    #expect(report(logRecord("x", "DEBUG")).remarks.count == 2)
    #expect(report(logRecord("x")).remarks.first?.contains("no request") == true)
    #expect(report().remarks.isEmpty)
  }

  @Test("a wider time line than the terminal is shown in fewer columns, and loses nothing")
  func columns() {
    let (columns, seconds) = report().columns(atMost: 10)
    #expect(columns.count == 10 && seconds == 360)
    #expect(columns.map(\.requests).reduce(0, +) == 20 && columns.map(\.errors).reduce(0, +) == 3)
    #expect(report("").columns(atMost: 10).columns.isEmpty)
  }

  @Test(
    "figures are as short as a person wants them",
    arguments: [
      (LogsFigures.count(1_234_567), "1,234,567"), (LogsFigures.count(999), "999"), (LogsFigures.count(1, "run"), "1 run"),
      (LogsFigures.span(0.0123), "0.012 s"), (LogsFigures.span(34.56), "34.6 s"), (LogsFigures.span(125), "2 min 5 s"),
      (LogsFigures.span(9_000), "2 h 30 min"), (LogsFigures.span(nil), "-"), (LogsFigures.bytes(442_600), "442.6 kB"),
      (LogsFigures.bytes(12), "12 B"),
      (LogsFigures.moment(1_795_352_949_329), "2026-11-22 13:09:09"),
    ])
  func figures(text: String, expected: String) {
    #expect(text == expected)
  }
}
