import Foundation
import OdooStandIn
import Testing

@Suite("workers, database and log")
struct ServingTests {
  @Test("one worker serves one after the other, and waiting is not in the log", arguments: [1, 2])
  func queue(workers: Int) async throws {
    try await withStandIn {
      $0.workers = workers
    } _: { running in
      await running.turnOn("hanging?route=/web/health")
      async let held = running.odoo.get("/web/health")
      try await running.whenStruck(by: "hanging")
      async let other = running.odoo.get("/web/login")
      if workers == 2 { _ = await other }
      // Time enough for a second worker, were there one, to serve the other request first.
      for _ in 0..<20 { _ = await running.control.get("/stand-in/faults") }
      let since = ContinuousClock.now
      await running.turnOff("hanging")
      #expect(await held.status == 200)
      #expect(await other.status == 200)
      let atMost = (ContinuousClock.now - since) / .seconds(1) + 0.002
      let access = try running.records().compactMap(\.access)
      let order = access.map(\.request)
      #expect(order == (workers == 1 ? ["GET /web/health", "GET /web/login"] : ["GET /web/login", "GET /web/health"]))
      let login = try #require(access.first { $0.request == "GET /web/login" })
      if workers == 1 { #expect(login.sql + login.python <= atMost) }
    }
  }

  @Test("a worker over its limit is killed: no byte, no access line, a new process")
  func wallLimit() async throws {
    try await withStandIn {
      $0.workers = 1
      $0.wallLimit = .seconds(1)
    } _: { running in
      await running.turnOn("hanging?route=/crm/")
      let answer = await running.odoo.call("/crm/dashboard/data")
      #expect(!answer.refused && answer.bytes.isEmpty)
      #expect(await running.odoo.get("/web/health").status == 200, "the new worker serves")
      let records = try running.records()
      let timeout = try #require(records.first { $0.level == "ERROR" })
      let started = records.filter { $0.message.hasPrefix("Worker WorkerHTTP (") && $0.message.hasSuffix(") alive ") }
      #expect(started.count == 2)
      #expect(timeout.message.hasPrefix("WorkerHTTP (\(started[0].pid)) timeout after "))
      #expect(timeout.pid == records.first?.pid, "the master says so")
      #expect(records.compactMap(\.access).map(\.request) == ["GET /web/health"])
      #expect(records.last?.pid == started[1].pid)
    }
  }

  @Test("without PostgreSQL: no database in the access line, the refusal before it, all well when it is back")
  func database() async throws {
    try await withDatabase { database in
      try await withStandIn {
        $0.databaseAddress = .tcp(host: "127.0.0.1", port: database.port)
      } _: { running in
        #expect(await running.odoo.get("/web/health").status == 200)
        database.stop()
        #expect(await running.odoo.get("/web/health").text == "{\"status\": \"pass\"}")
        let auth = await running.odoo.logIn()
        #expect((auth["error", "data", "message"] as? String)?.contains("port \(database.port) failed: Connection refused") == true)
        let records = try running.records().filter { !$0.message.contains("WorkerCron") }
        let lines = records.filter { $0.access?.request == "GET /web/health" }
        #expect(lines.map(\.database) == ["crm", "?"])
        #expect(lines.map { $0.access?.queries } == [2, 0])
        #expect(lines.last?.access?.sql == 0)
        #expect(records.contains { $0.database == "?" && $0.logger == "odoo.sql_db" && $0.message == "Connection to the database failed " })
      }
    }
  }

  @Test("a unix socket that nobody made is a database that is down")
  func unixSocket() async throws {
    try await withStandIn {
      $0.databaseAddress = .unix(path: "/nonexistent/.s.PGSQL.5432")
    } _: { running in
      #expect(await running.odoo.get("/web/login").header("location") == "/web/database/selector")
    }
  }

  @Test("every line has the format, and the parts of the access line are true")
  func format() async throws {
    try await withStandIn {
      $0.pace = 0.2
    } _: { running in
      let session = try await running.session()
      _ = await running.odoo.logIn("monitor", "wrong\\nline")
      _ = await running.odoo.call("/crm/dashboard/data", #"{"date_from": "gar\nbage"}"#, session: session)
      _ = await running.odoo.call("/crm/dashboard/data")
      _ = await running.odoo.get("/web/static/img/favicon.ico")
      let year = await running.odoo.call("/crm/dashboard/data", #"{"date_from": "2000-01-01"}"#, session: session)
      let records = try running.records()
      let messages = records.map { "\($0.level) \($0.logger): \($0.message)" }
      #expect(messages.contains("INFO odoo.addons.base.models.res_users: Login successful for db:crm login:monitor from 127.0.0.1 "))
      #expect(messages.contains("INFO odoo.addons.base.models.res_users: Login failed for db:crm login:monitor from 127.0.0.1 "))
      #expect(messages.contains("WARNING odoo.http: Access Denied "))
      #expect(messages.contains("INFO odoo.http: Session expired "))
      #expect(
        messages.contains {
          $0.hasPrefix("ERROR odoo.addons.crm_executive_dashboard.models.crm_dashboard: Error in get_dashboard_data: time")
        })
      #expect(records.first { $0.access?.request.contains("favicon") == true }?.database == "?")
      let last = try #require(records.last?.access)
      #expect(last.sql + last.python >= 0.2 * 2.1 && last.sql + last.python <= year.seconds + 0.002)
      #expect(last.sql > 0 && last.python > 0)
      #expect(Set(records.filter { $0.access != nil }.map(\.pid)).count == 2, "two workers take turns")
    }
  }

  @Test("a log that was moved away is begun anew")
  func rotation() async throws {
    try await withStandIn { running in
      _ = await running.odoo.get("/web/health")
      try FileManager.default.moveItem(atPath: running.logPath, toPath: running.logPath + ".1")
      _ = await running.odoo.get("/web/login")
      #expect(try running.records().compactMap(\.access).map(\.request) == ["GET /web/login"])
    }
  }

  @Test("cancelling ends it, whatever hangs", .timeLimit(.minutes(1)))
  func cancelling() async throws {
    try await withStandIn { running in
      await running.turnOn("hanging")
      let held = Task { await running.odoo.get("/web/health") }
      try await running.whenStruck(by: "hanging")
      _ = held
    }
  }

  @Test("a port that is taken is an error")
  func taken() async throws {
    try await withStandIn { running in
      var options = StandIn.Options()
      options.port = running.odoo.port
      options.logPath = running.logPath + ".other"
      await #expect(throws: (any Error).self) { try await StandIn(options: options).run { _, _ in } }
    }
  }
}
