import Testing

@testable import OdooLog

@Suite("The digest of a log")
struct LogDigestTests {
  @Test("counts as without it, however the log is cut", arguments: 1...60)
  func sameCounts(seed: UInt64) {
    var generator = SeededGenerator(state: seed)
    var bytes = Array((everyForm + traceback(at: 1, "KeyError: 1") + request(at: 2, "/web") + everyForm).utf8)
    for _ in 0..<Int.random(in: 0...40, using: &generator) {
      bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
    }
    let digest = withDigest(of: bytes)
    #expect(digest.statistics == withStatistics(of: bytes, finish: true))
    let cut = withDigest(of: bytes) { Int.random(in: 1...200, using: &generator) }
    #expect(cut.statistics == digest.statistics && cut.errorGroups.groups == digest.errorGroups.groups)
    #expect(cut.timeLine == digest.timeLine && cut.signs.entries == digest.signs.entries && cut.oddSamples == digest.oddSamples)
  }

  @Test("records of another time are left out with what continues them")
  func period() {
    let log =
      traceback(at: 10, "KeyError: 1") + request(at: 11, "/a") + traceback(at: 20, "ValueError: 1") + request(at: 29, "/b") + "more\n"
      + request(at: 30, "/c") + "odd\n"
    let digest = withDigest(of: log, period: 1_795_305_620_000..<1_795_305_630_000)
    #expect(digest.errorGroups.groups.map(\.exceptionClass) == ["ValueError"])
    #expect(digest.statistics.routes.keys.sorted() == ["/b"])
    #expect(digest.statistics.lines == 11 && digest.linesLeftOut == 12)
    #expect(digest.period == 1_795_305_620_000...1_795_305_629_000)
  }

  @Test("what requests of a route cost is known by shares")
  func routes() throws {
    let log = (1...100).map { request(at: $0, "/crm/dashboard/data", seconds: Double($0) / 10) }.joined()
    let digest = withDigest(of: log)
    let route = try #require(digest.routes.first { $0.name == "/crm/dashboard/data" })
    #expect(route.longest == 10 && route.durations.count == 100)
    let (half, most) = (try #require(route.durations.quantile(0.5)), try #require(route.durations.quantile(0.95)))
    #expect((5...5.7).contains(half) && (9.5...10.7).contains(most))
    let (sql, queries) = (try #require(route.sql.quantile(0.5)), try #require(route.queries.quantile(1)))
    #expect((2.5...2.85).contains(sql) && queries == 3)
    #expect(digest.timeLine.slots.map(\.slowRequests).reduce(0, +) == 81)
    #expect(digest.slowestRequests.map(\.cost.duration) == (91...100).reversed().map { $0 * 100_000 })
  }

  @Test("Lookout's own requests are in none of it")
  func own() {
    let digest = withDigest(of: request(at: 1, "/crm/dashboard/data?lookout", seconds: 9))
    #expect(digest.slowestRequests.isEmpty && digest.timeLine.slots.map(\.requests) == [0] && digest.routes.isEmpty)
  }

  @Test("the longest silences are told, the longest first")
  func silences() {
    let log = [0, 100, 500, 5_000, 5_001, 6_000].map { request(at: $0, "/") }.joined()
    #expect(withDigest(of: log).silences.longest.map { ($0.to - $0.from) / 1_000 } == [4_500, 999, 400])
  }

  @Test("a few lines that could not be used are kept, without their values")
  func odd() {
    let log = String(repeating: "stray of 'Jane'\n", count: 9) + request(at: 1, "/") + "2026-11-22 13:09:09.3 UTC [1] LOG: x\n"
    let samples = withDigest(of: log).oddSamples.samples
    #expect(samples[.stray] == ["stray of …", "stray of …", "stray of …"] && samples[.unparsedRecord]?.count == 1)
  }

  @Test("of nothing there is nothing to tell")
  func nothing() {
    let digest = withDigest(of: "")
    #expect(digest.period == nil && digest.routes.isEmpty && digest.timeLine.slots.isEmpty && digest.signs.entries.isEmpty)
  }

  @Test("captured logs: what befell Odoo", .enabled(if: Corpus.isThere, "the captured logs are not there: set ACCEPTANCE_DATA"))
  func captured() throws {
    func count(_ sign: LogSign, _ name: String) throws -> UInt64 {
      withDigest(of: try Corpus.bytes(name)).signs.entries.first { $0.sign == sign }?.count ?? 0
    }
    #expect(try count(.workerTimeLimit, "odoo-main-1.log") == 2 && count(.databaseUnreachable, "odoo-main-1.log") == 179)
    #expect(try count(.cronTimeLimit, "fault-cron.log") == 3 && count(.workerCPULimit, "fault-limits.log") == 2)
    #expect(try count(.poolFull, "fault-limits.log") == 1 && count(.memoryExhausted, "fault-limits.log") == 1)
    #expect(try count(.respawnLoop, "fault-memsoft.log") > 0 && count(.workerMemoryLimit, "fault-memsoft.log") == 98)
    #expect(try count(.databaseCreated, "fault-nodb.log") == 1 && count(.moduleSkipped, "install-A-missing-dep.log") == 2)
    #expect(try count(.registryFailed, "install-B-pristine.log") == 1 && count(.moduleInconsistent, "install-A-missing-dep.log") == 1)
    #expect(try count(.respawnLoop, "logdb.log") == 0 && count(.respawnLoop, "fault-limits.log") == 0)
  }

  @Test("captured logs: every error is in a group", arguments: Totals.all)
  func capturedErrors(expected: Totals) throws {
    guard Corpus.isThere else { return }
    let digest = withDigest(of: try Corpus.bytes(expected.name))
    let grouped = digest.errorGroups.groups.filter { $0.level.rawValue >= LogLevel.error.rawValue }
    let errors = digest.statistics.records.filter { $0.key.level.rawValue >= LogLevel.error.rawValue }.values.reduce(0, +)
    #expect(grouped.map(\.count).reduce(0, +) + digest.errorGroups.ungrouped == errors)
    #expect(digest.timeLine.slots.map(\.errors).reduce(0, +) == errors)
  }
}
