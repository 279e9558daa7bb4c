import Foundation
import Subprocess
import Testing

@testable import OdooLog

/// What was counted in a captured log by other means: a script of regular expressions over its split lines.
struct Totals: Sendable, CustomTestStringConvertible {
  let name: String
  let lines, records, strays, errors, requests, unreachable, queries, sqlMilliseconds: UInt64

  init(
    _ name: String, lines: UInt64, records: UInt64, strays: UInt64, errors: UInt64, requests: UInt64, unreachable: UInt64, queries: UInt64,
    sqlMilliseconds: UInt64
  ) {
    (self.name, self.lines, self.records, self.strays) = (name, lines, records, strays)
    (self.errors, self.requests, self.unreachable) = (errors, requests, unreachable)
    (self.queries, self.sqlMilliseconds) = (queries, sqlMilliseconds)
  }

  var testDescription: String { name }

  static let all = [
    Totals("colors-tty.log", lines: 72, records: 35, strays: 0, errors: 2, requests: 6, unreachable: 0, queries: 75, sqlMilliseconds: 2182),
    Totals("debug-rpc.log", lines: 142, records: 142, strays: 0, errors: 0, requests: 3, unreachable: 0, queries: 27, sqlMilliseconds: 92),
    Totals("debug-sql.log", lines: 249, records: 171, strays: 0, errors: 1, requests: 3, unreachable: 0, queries: 16, sqlMilliseconds: 40),
    Totals("fault-cron.log", lines: 34, records: 34, strays: 0, errors: 3, requests: 1, unreachable: 0, queries: 6, sqlMilliseconds: 17),
    Totals(
      "fault-limits.log", lines: 149, records: 52, strays: 0, errors: 5, requests: 5, unreachable: 0, queries: 99, sqlMilliseconds: 54),
    Totals(
      "fault-memsoft.log", lines: 373, records: 373, strays: 0, errors: 0, requests: 0, unreachable: 0, queries: 0, sqlMilliseconds: 0),
    Totals(
      "fault-nodb.log", lines: 197, records: 197, strays: 0, errors: 0, requests: 12, unreachable: 0, queries: 160, sqlMilliseconds: 209),
    Totals(
      "install-A-missing-dep.log", lines: 22, records: 22, strays: 0, errors: 1, requests: 0, unreachable: 0, queries: 0, sqlMilliseconds: 0
    ),
    Totals(
      "install-B-pristine.log", lines: 219, records: 38, strays: 0, errors: 2, requests: 0, unreachable: 0, queries: 0, sqlMilliseconds: 0),
    Totals("install-C.log", lines: 72, records: 48, strays: 0, errors: 0, requests: 0, unreachable: 0, queries: 0, sqlMilliseconds: 0),
    Totals("logdb.log", lines: 63, records: 26, strays: 0, errors: 2, requests: 3, unreachable: 0, queries: 24, sqlMilliseconds: 44),
    Totals(
      "odoo-dbdown.log", lines: 1407, records: 160, strays: 0, errors: 44, requests: 13, unreachable: 58, queries: 5, sqlMilliseconds: 8),
    Totals(
      "odoo-main-1.log", lines: 6394, records: 1557, strays: 0, errors: 205, requests: 513, unreachable: 179, queries: 755253,
      sqlMilliseconds: 307576),
    Totals("postgresql.log", lines: 773, records: 0, strays: 773, errors: 0, requests: 0, unreachable: 0, queries: 0, sqlMilliseconds: 0),
    Totals(
      "pristine-100k.log", lines: 40, records: 40, strays: 0, errors: 6, requests: 7, unreachable: 0, queries: 112, sqlMilliseconds: 184),
  ]
}

@Suite(.enabled(if: Corpus.isThere, "the captured logs are not there: set ACCEPTANCE_DATA"))
struct RealLogTests {
  @Test("a captured log gives the totals counted by other means", arguments: Totals.all)
  func totals(expected: Totals) throws {
    let statistics = withStatistics(of: try Corpus.bytes(expected.name))
    let routes = statistics.routes.values
    #expect(statistics.lines == expected.lines)
    #expect(statistics.records.values.reduce(0, +) == expected.records)
    #expect(statistics.strayLines == expected.strays)
    #expect(statistics.continuationLines == expected.lines - expected.records - expected.strays)
    #expect(statistics.errors == expected.errors)
    #expect(routes.map(\.requests).reduce(0, +) == expected.requests)
    #expect(statistics.databaseUnreachable == expected.unreachable)
    #expect(routes.map(\.queries).reduce(0, +) == expected.queries)
    #expect(routes.map { UInt64(($0.sql * 1_000).rounded()) }.reduce(0, +) == expected.sqlMilliseconds)
    #expect(statistics.unparsedAccessLines == 0)
    #expect(statistics.truncatedLines == 0)
  }

  @Test("records by level and logger are those found by splitting the lines", arguments: Totals.all)
  func records(expected: Totals) throws {
    let text = String(decoding: try Corpus.bytes(expected.name), as: UTF8.self)
    let plain = text.replacing(/\u{1B}\[[0-9;]*m/, with: "")
    let levels = Dictionary(uniqueKeysWithValues: LogLevel.allCases.map { (Substring($0.description), $0) })
    var counted: [RecordKey: UInt64] = [:]
    for line in plain.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      let words = line.split(separator: " ", maxSplits: 6, omittingEmptySubsequences: false)
      guard words.count == 7, words[0].count == 10, words[1].count == 12, let level = levels[words[3]], words[5].hasSuffix(":") else {
        continue
      }
      counted[RecordKey(level: level, logger: String(words[5].dropLast())), default: 0] += 1
    }
    #expect(withStatistics(of: Array(text.utf8)).records == counted)
  }

  /// What grep counts in a captured log.
  private func grep(_ pattern: String, _ name: String) async throws -> UInt64 {
    let words = ["LC_ALL=C", "grep", "-aPc", pattern, Corpus.folder.appendingPathComponent(name).path]
    let result = try await Subprocess.run(.name("env"), arguments: Arguments(words), output: .string(limit: 100), error: .discarded)
    return try #require(UInt64(result.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)))
  }

  @Test("each line is a record of its level, a continuation or a stray, as grep counts them", arguments: Totals.all)
  func grep(expected: Totals) async throws {
    let statistics = withStatistics(of: try Corpus.bytes(expected.name), finish: true)
    let colour = #"(\x1b\[[0-9;]*m)*"#
    let start = #"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ "#
    var records: UInt64 = 0
    for level in LogLevel.allCases {
      let counted = statistics.records.filter { $0.key.level == level }.values.reduce(0, +)
      #expect(try await grep("\(start)\(colour)\(level)\(colour) \\S+ [^ :]+:( |$)", expected.name) == counted, "\(level)")
      records += counted
    }
    #expect(try await grep("", expected.name) == records + statistics.continuationLines + statistics.strayLines)
    let requests = statistics.routes.values.map(\.requests).reduce(0, +)
    let accessLines = try await grep("\(start).* (werkzeug|longpolling): \\S+ - - \\[[^]]+\\] \"", expected.name)
    #expect(accessLines == requests + statistics.unparsedAccessLines)
    let resembling = try await grep(#"^\d{4}-\d\d-\d\d"#, expected.name) - records
    #expect(statistics.unparsedRecords == resembling)
  }

  @Test("a captured log is counted alike byte by byte, in random pieces and whole", arguments: Totals.all)
  func chunks(expected: Totals) throws {
    let bytes = try Corpus.bytes(expected.name)
    var generator = SeededGenerator(state: 17)
    let whole = withStatistics(of: bytes)
    #expect(withStatistics(of: bytes) { 1 } == whole)
    #expect(withStatistics(of: bytes) { Int.random(in: 0...64, using: &generator) } == whole)
    #expect(withStatistics(of: bytes) { Int.random(in: 1...9_000, using: &generator) } == whole)
  }

  @Test("every captured log has its totals here")
  func complete() throws {
    #expect(try Corpus.all() == Totals.all.map(\.name))
  }

  @Test("the last error of the log of a database that was down is that of a worker that could not connect")
  func lastError() throws {
    let error = try #require(withStatistics(of: try Corpus.bytes("odoo-dbdown.log")).lastError)
    #expect(error.logger == "odoo.service.server")
    #expect(error.message == "Worker (…) Exception occurred, exiting...")
    #expect(error.exceptionClass == "psycopg2.OperationalError")
  }
}
