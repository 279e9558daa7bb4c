import Foundation
import Testing

@testable import OdooLog

@Suite struct LogStatisticsTests {
  @Test("every form is counted where it belongs")
  func counts() {
    let statistics = withStatistics(of: everyForm)
    #expect(statistics.lines == 28)
    #expect(statistics.bytes == UInt64(everyForm.utf8.count))
    #expect(statistics.strayLines == 1)
    #expect(statistics.continuationLines == 17)
    #expect(statistics.unparsedAccessLines == 1)
    #expect(statistics.errors == 2)
    #expect(statistics.databaseUnreachable == 1)
    #expect(statistics.lastRecordTime == 1_795_352_950_009)
    #expect(statistics.records[RecordKey(level: .info, logger: "werkzeug")] == 4)
    #expect(statistics.records[RecordKey(level: .error, logger: "odoo.sql_db")] == 1)
    #expect(statistics.records[RecordKey(level: .critical, logger: "odoo.addons.some.module")] == 1)
    #expect(statistics.records.values.reduce(0, +) == 10)
  }

  @Test("requests are counted by route, method and status, with what they cost")
  func requests() throws {
    let routes = withStatistics(of: everyForm).routes
    #expect(Set(routes.keys) == ["/crm/strategic/dashboard/data", "/static", "/websocket/health", "/rig"])
    let slow = try #require(routes["/rig"])
    #expect(slow.outcomes == [.init(method: .get, status: 500, requests: 1)])
    #expect(slow.durations.counts == [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0])
    #expect(slow.durations.sum == 2.021)
    #expect(slow.sql == 2.004)
    #expect(slow.python == 0.017)
    #expect(slow.queries == 3)
    #expect(routes["/static"]?.durations.count == 0)
    #expect(routes["/static"]?.requests == 1)
  }

  @Test("a duration falls into the bucket whose bound it does not exceed", arguments: DurationHistogram.bounds.indices)
  func buckets(index: Int) throws {
    let bound = DurationHistogram.bounds[index]
    let log = access("/a", perf: "1 \(bound) 0.000") + access("/a", perf: "1 \(bound) 0.001")
    let counts = try #require(withStatistics(of: log).routes["/a"]).durations.counts
    #expect(counts[index] == 1)
    #expect(counts[index + 1] == 1)
  }

  @Test("the last error has the class of the last exception of its traceback")
  func lastError() {
    let upToTraceback = everyForm.components(separatedBy: "2026-11-22 13:09:10,007")[0]
    let error = withStatistics(of: upToTraceback).lastError
    #expect(error?.time == "2026-11-22 13:09:10,006")
    #expect(error?.level == .error)
    #expect(error?.logger == "odoo.http")
    #expect(error?.database == "crm")
    #expect(error?.message == "Exception during request handling.")
    #expect(error?.exceptionClass == "psycopg2.errors.UndefinedColumn")
    #expect(withStatistics(of: everyForm).lastError?.message == "two")
    #expect(withStatistics(of: everyForm).lastError?.exceptionClass == nil)
  }

  @Test("no value of a log gets into what is encoded")
  func noSecrets() throws {
    let log =
      record("failed for 'Jane' jane@example.com", level: "ERROR", logger: "odoo.http")
      + "Traceback (most recent call last):\n  x\nKeyError: 'Jane'\n"
    let json = String(decoding: try JSONEncoder().encode(withStatistics(of: log)), as: UTF8.self)
    #expect(!json.lowercased().contains("jane"))
    #expect(json.contains("KeyError"))
  }

  @Test("colours around the request alone are taken off too")
  func requestColours() {
    let line = record("127.0.0.1 - - [22/Nov/2026 13:09:09] \"\u{1B}[33mGET /lost HTTP/1.1\u{1B}[0m\" 404 - 1 0.001 0.002")
    #expect(withStatistics(of: line).routes["other"]?.requests == 1)
    #expect(withStatistics(of: line).unparsedAccessLines == 0)
  }

  @Test("line ends of Windows change nothing but the bytes")
  func windows() {
    let windows = withStatistics(of: everyForm.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n"))
    let unix = withStatistics(of: everyForm)
    #expect(windows.bytes == unix.bytes + unix.lines)
    #expect(windows.routes == unix.routes)
    #expect(windows.records == unix.records)
    #expect(windows.lastError == unix.lastError)
  }

  @Test("loggers beyond the limit and impossible ones count as other, those that are read keep their place")
  func loggers() {
    var log = ""
    for number in 0..<1_000 { log += record("x", logger: "a.b\(number)") }
    log += access("/web") + record("x", logger: String(repeating: "l", count: 500)) + record("x", logger: "b\u{7F}d")
    let statistics = withStatistics(of: log)
    #expect(statistics.records[RecordKey(level: .info, logger: "other")] == 802)
    #expect(statistics.records.count == 202)
    #expect(statistics.routes["/web"]?.requests == 1)
  }

  @Test("encoded and decoded after any line, counting goes on as if nothing had happened")
  func restart() throws {
    let whole = withStatistics(of: everyForm)
    var statistics = LogStatistics()
    for line in everyForm.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      var scanner = LogScanner()
      scanner.feed(Array((line + "\n").utf8).span, into: &statistics)
      statistics = try JSONDecoder().decode(LogStatistics.self, from: JSONEncoder().encode(statistics))
    }
    #expect(statistics == whole)
  }

  @Test(
    "damaged statistics are an error",
    arguments: [
      ("\"counts\":[0,", "\"counts\":[0,0,"), ("\"werkzeug\"", "\"werkzeugs\""), ("\"reserved\":4", "\"reserved\":400"),
      ("\"limit\":200", "\"limit\":-1"), ("\"place\":2", "\"place\":9"),
    ])
  func damaged(part: String, damage: String) throws {
    let json = String(decoding: try JSONEncoder().encode(withStatistics(of: everyForm)), as: UTF8.self)
    let damaged = json.replacingOccurrences(of: part, with: damage)
    try #require(damaged != json)
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(LogStatistics.self, from: Data(damaged.utf8)) }
  }

  @Test("a table of names without names, or with more than it can number, is an error", arguments: [0, 1, 300, 70_000])
  func damagedNames(count: Int) throws {
    let names = (0..<count).map { "\"n\($0)\"" }.joined(separator: ",")
    let json = "{\"limit\":200,\"reserved\":\(count),\"names\":[\(names)]}"
    let table = Result { try JSONDecoder().decode(NameTable.self, from: Data(json.utf8)) }
    #expect((try? table.get())?.count == (count == 1 ? 1 : nil))
  }

  @Test("a route has a limited number of methods and statuses")
  func outcomes() {
    let log = (100..<600).map { access("/crm/dashboard/data", method: "POST", status: $0) }.joined()
    let route = withStatistics(of: log).routes["/crm/dashboard/data"]
    #expect(route?.requests == 500)
    #expect(route?.outcomes.count == 69)
    #expect(route?.outcomes.last == .init(method: .other, status: 500, requests: 100))
  }
}
