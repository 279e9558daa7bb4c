import Foundation
import Testing

@testable import OdooLog

@Suite("What only the log tells")
struct SignTests {
  private func signs(_ log: String) -> [LogSign: UInt64] {
    Dictionary(uniqueKeysWithValues: withDigest(of: log).signs.entries.map { ($0.sign, $0.count) })
  }

  private static let server = "odoo.service.server"
  private static let cron = "odoo.addons.base.models.ir_cron"

  @Test(
    "each is known by its message",
    arguments: [
      (record(at: 1, "ERROR", server, "WorkerHTTP (31257) timeout after 120s "), LogSign.workerTimeLimit),
      (
        record(
          at: 1, "WARNING", server, "Thread <Thread(odoo.service.http.request.1, started 1)> virtual real time limit (5/5s) reached. "),
        .workerTimeLimit
      ),
      (record(at: 1, "ERROR", server, "WorkerCron (25092) timeout after 6s "), .cronTimeLimit),
      (record(at: 1, "INFO", server, "Worker (2350) CPU time limit (4) reached. "), .workerCPULimit),
      (record(at: 1, "INFO", server, "Worker (31) virtual memory limit (293601280) reached. "), .workerMemoryLimit),
      (record(at: 1, "WARNING", server, "Gevent virtual memory limit reached: 300 "), .workerMemoryLimit),
      (record(at: 1, "WARNING", server, "Server memory limit (100) reached. "), .workerMemoryLimit),
      (record(at: 1, "ERROR", server, "Worker (2350) Exception occurred, exiting... "), .workerCrashed),
      (record(at: 1, "INFO", "odoo.sql_db", "Connection to the database failed "), .databaseUnreachable),
      (record(at: 1, "ERROR", cron, "Call from cron CRM: x for server action #239 failed in Job #20 "), .cronJobFailed),
      (record(at: 1, "ERROR", cron, "Job 'CRM: x' (20) server action #239 failed "), .cronJobFailed),
      (record(at: 1, "WARNING", cron, "Exception in cron: "), .cronFailed),
      (record(at: 1, "ERROR", "odoo.modules.registry", "Failed to load registry "), .registryFailed),
      (record(at: 1, "WARNING", "odoo.modules.graph", "module x: not installable, skipped "), .moduleSkipped),
      (record(at: 1, "INFO", "odoo.modules.graph", "module x: Unmet dependencies: y "), .moduleSkipped),
      (record(at: 1, "WARNING", "odoo.modules.module_graph", "module x: some depends are not loaded (y), skipped "), .moduleSkipped),
      (
        record(at: 1, "ERROR", "odoo.modules.loading", "Some modules have inconsistent states, some dependencies may be missing: ['x'] "),
        .moduleInconsistent
      ),
      (record(at: 1, "INFO", "odoo.modules.loading", "init db "), .databaseCreated),
      (record(at: 1, "INFO", "odoo.modules.registry", "module crm: creating or updating database tables "), .moduleChanged),
      (
        record(
          at: 1, "INFO", "odoo.addons.base.models.ir_module",
          "ALLOW access to module.button_immediate_upgrade on ['CRM'] to user admin #2 via 127.0.0.1 "), .moduleChanged
      ),
      (
        record(at: 1, "ERROR", "odoo.modules.loading", "Database blank not initialized, you can force it with `-i base` "),
        .databaseNotInitialized
      ),
      (
        record(at: 1, "INFO", "odoo.addons.base.models.ir_mail_server", "Mail delivery failed via SMTP server 'x'.\nE: y "),
        .mailServerFailed
      ),
      (traceback(at: 1, "psycopg2.pool.PoolError: The Connection Pool Is Full"), .poolFull),
      (traceback(at: 1, "MemoryError"), .memoryExhausted),
      (record(at: 1, "INFO", "odoo.service.model", "SERIALIZATION_FAILURE, 4 tries left, try again in 1.6517 sec... "), .statementRetried),
      (record(at: 1, "INFO", "odoo.service.model", "LOCK_NOT_AVAILABLE, maximum number of tries reached! "), .retriesExhausted),
      (record(at: 1, "INFO", "odoo", "Odoo version 17.0-20240709 "), .started),
      (record(at: 1, "INFO", server, "Stopping gracefully "), .stopped),
    ])
  func known(log: String, sign: LogSign) {
    #expect(signs(log) == [sign: 1])
    // The counts that are kept over restarts know it too.
    #expect(withStatistics(of: log).signs.filter { $0.value > 0 } == [sign: 1])
    // Another logger may say the same.
    #expect(signs(log.replacing(" odoo", with: " custom")).isEmpty || [.poolFull, .memoryExhausted].contains(sign))
  }

  @Test("what was logged is kept of the latest, but not where it may hold anybody's data")
  func notes() throws {
    let log = (1...9).map { record(at: $0, "ERROR", Self.server, "WorkerHTTP (\($0)) timeout after 120s ") }.joined()
    let entry = try #require(withDigest(of: log).signs.entries.first)
    #expect(entry.count == 9 && entry.latest.map(\.text).last == "WorkerHTTP (9) timeout after 120s" && entry.latest.count == 5)
    let login = record(at: 1, "INFO", "odoo.addons.base.models.res_users", "Login failed for db:crm login:jane from 10.0.0.7 ")
    #expect(withDigest(of: login).signs.entries.first?.latest.isEmpty == true)
  }

  @Test("workers that end at once are a loop; replacements, a restart and one more start are not")
  func respawnLoop() {
    func lives(_ count: Int, every seconds: Int, served: Int) -> String {
      (0..<count).map { number in
        record(at: number * seconds, "INFO", Self.server, "Worker WorkerHTTP (\(number)) alive ")
          + record(at: number * seconds, "INFO", Self.server, "Worker (\(number)) exiting. request_count: \(served), registry count: 1. ")
      }.joined()
    }
    #expect(signs(lives(25, every: 1, served: 0))[.respawnLoop] == 2)
    #expect(signs(lives(25, every: 1, served: 7))[.respawnLoop] == nil)
    #expect(signs(lives(25, every: 10, served: 0))[.respawnLoop] == nil)
    let restart =
      record(at: 0, "INFO", Self.server, "Stopping gracefully ")
      + (0..<20).map { record(at: 0, "INFO", Self.server, "Worker (\($0)) exiting. request_count: 0, registry count: 1. ") }.joined()
      + record(at: 1, "INFO", "odoo", "Odoo version 17.0 ")
      + (0..<20).map { record(at: 2, "INFO", Self.server, "Worker WorkerHTTP (\($0)) alive ") }.joined()
    #expect(signs(restart)[.respawnLoop] == nil)
  }

  @Test("failed logins are counted by address, and nothing of the login is kept")
  func logins() {
    func failed(_ login: String, _ address: String) -> String {
      record(at: 1, "INFO", "odoo.addons.base.models.res_users", "Login failed for db:crm login:\(login) from \(address) ")
    }
    let log =
      failed("jane", "10.0.0.7") + failed("a from 6.6.6.6", "10.0.0.7") + failed("x", "2001:db8::1") + failed("x", "n/a")
      + record(
        at: 2, "WARNING", "odoo.addons.base.models.res_users",
        "Login attempt ignored for 10.0.0.7 (user 'jane') on crm: 10 failures since last success, last failure at 2026. ")
    let addresses = withDigest(of: log).signs.logins.addresses
    #expect(addresses["10.0.0.7"] == FailedLogins.Address(address: "10.0.0.7", failures: 2, refusals: 1))
    #expect(Set(addresses.keys) == ["10.0.0.7", "2001:db8::1", "unknown"])
    let many = (0..<5_000).map { failed("x", "10.\($0 / 250).\($0 % 250).1") }.joined()
    let bounded = withDigest(of: many).signs.logins.addresses
    #expect(bounded.count == 101 && bounded.values.map(\.failures).reduce(0, +) == 5_000)
  }

  @Test("scheduled jobs are told by name, with their failures and times, in the words of 16, 17 and 18")
  func cronJobs() throws {
    let messages = [
      "Starting job `Mail: Queue`. ", "Job done: `Mail: Queue` (0.120s). ", "Starting job `Mail: Queue`. ", "Job `Mail: Queue` done. ",
      "Call from cron Mail: Queue for server action #239 failed in Job #20 ", "Job 'It''s (odd)' (7) starting ",
      "Job 'It''s (odd)' (7) done in 2.500s ", "Job 'It''s (odd)' (7) fully done (#loop 1; done 0; remaining 0; duration 1.50s) ",
      "Job 'It''s (odd)' (7) server action #4 failed ",
    ]
    let jobs = withDigest(of: messages.map { record(at: 1, "INFO", Self.cron, $0) }.joined()).signs.cron.jobs
    let mail = try #require(jobs.first { $0.name == "Mail: Queue" })
    #expect((mail.starts, mail.completions, mail.failures) == (2, 2, 1) && mail.longest == 0.12 && mail.total == 0.12)
    let odd = try #require(jobs.first { $0.name == "It''s (odd)" })
    #expect((odd.starts, odd.completions, odd.failures) == (1, 2, 1) && odd.longest == 2.5 && odd.total == 4)
    let many = (0..<1_000).map { record(at: 1, "INFO", Self.cron, "Starting job `job \($0)`. ") }.joined()
    let bounded = withDigest(of: many).signs.cron.jobs
    #expect(bounded.count == 101 && bounded.map(\.starts).reduce(0, +) == 1_000)
  }
}

@Suite("Counts of signs over a restart")
struct SignCountTests {
  private let log =
    record(at: 1, "INFO", "odoo.modules.loading", "init db ") + traceback(at: 2, "MemoryError")
    + record(at: 3, "ERROR", "odoo.service.server", "WorkerCron (25092) timeout after 6s ")

  @Test("go on where they were, and begin at zero where they were not kept before")
  func restart() throws {
    let kept = try JSONEncoder().encode(withStatistics(of: log))
    var statistics = try JSONDecoder().decode(LogStatistics.self, from: kept)
    var scanner = LogScanner()
    scanner.feed(Array(log.utf8).span, into: &statistics)
    #expect(statistics.signs.filter { $0.value > 0 } == [.databaseCreated: 2, .memoryExhausted: 2, .cronTimeLimit: 2])
    var object = try #require(try JSONSerialization.jsonObject(with: kept) as? [String: Any])
    object["signCounts"] = nil
    let older = try JSONDecoder().decode(LogStatistics.self, from: JSONSerialization.data(withJSONObject: object))
    #expect(older.signs.values.allSatisfy { $0 == 0 } && older.signs.count == LogSign.allCases.count && older.lines == 11)
  }
}
