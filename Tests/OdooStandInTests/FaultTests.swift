import Foundation
import OdooStandIn
import Testing

@Suite("faults")
struct FaultTests {
  @Test("the door lists all faults, on or off")
  func list() async throws {
    try await withStandIn { running in
      await running.turnOn("slow?seconds=1.5&route=/web")
      let faults = try #require(await running.control.get("/stand-in/faults").json as? [[String: Any]])
      #expect(faults.count == 25)
      #expect(faults.allSatisfy { !($0["what"] as? String ?? "").isEmpty })
      let on = faults.filter { $0["on"] as? Bool == true }
      #expect(on.map { $0["name"] as? String } == ["slow"])
      #expect(on.first?["seconds"] as? Double == 1.5)
      #expect(on.first?["route"] as? String == "/web")
      _ = await running.control.get("/stand-in/faults", method: "DELETE")
      let after = try #require(await running.control.get("/stand-in/faults").json as? [[String: Any]])
      #expect(after.allSatisfy { $0["on"] as? Bool == false })
    }
  }

  @Test(
    "the door refuses what it does not know",
    arguments: [
      ("POST", "/nonsense", 404), ("POST", "/slow?seconds=soon", 400), ("POST", "/slow?seconds=-1", 400),
      ("POST", "/slow?seconds=nan", 400),
      ("POST", "/slow?route=web", 400), ("POST", "/slow?speed=1", 400), ("PUT", "/slow", 405), ("POST", "", 405),
    ])
  func refusals(method: String, path: String, status: Int) async throws {
    try await withStandIn { running in
      let answer = await running.control.get("/stand-in/faults\(path)", method: method)
      #expect(answer.status == status)
      #expect(answer["error"] as? String != nil)
      let odoo = await running.odoo.get("/stand-in/faults")
      #expect(odoo.status == 404, "Odoo's own port has no such door")
    }
  }

  @Test("stopped: the port refuses, and is the same one afterwards")
  func stopped() async throws {
    try await withStandIn { running in
      let session = try await running.session()
      await running.turnOn("stopped")
      #expect(await running.odoo.get("/web/health").refused)
      await running.turnOff("stopped")
      #expect(await running.odoo.get("/web/health").status == 200)
      #expect(await running.odoo.call("/crm/dashboard/overdue", session: session)["result", "success"] as? Bool == true, "sessions survive")
      let messages = try running.records().map(\.message)
      #expect(messages.contains("Stopping gracefully "))
      #expect(messages.filter { $0.hasPrefix("Odoo version") }.count == 2)
    }
  }

  @Test("empty_reply: closed without a byte, nothing in the log")
  func emptyReply() async throws {
    try await withStandIn { running in
      await running.turnOn("empty_reply")
      let answer = await running.odoo.get("/web/health")
      #expect(!answer.refused && answer.bytes.isEmpty)
      let records = try running.records()
      #expect(records.allSatisfy { $0.access == nil })
    }
  }

  @Test("hanging: held while it is on, answered afterwards")
  func hanging() async throws {
    try await withStandIn { running in
      await running.turnOn("hanging")
      async let held = running.odoo.get("/web/health")
      try await running.whenStruck(by: "hanging")
      let since = ContinuousClock.now
      let records = try running.records()
      #expect(records.allSatisfy { $0.access == nil }, "not answered yet")
      let least = (ContinuousClock.now - since) / .seconds(1)
      await running.turnOff("hanging")
      let answer = await held
      #expect(answer.status == 200)
      let access = try #require(try running.records().compactMap(\.access).last)
      #expect(access.sql + access.python >= least && access.sql + access.python <= answer.seconds + 0.002, "the time held is served")
    }
  }

  @Test("a fault with a time goes off by itself")
  func timed() async throws {
    try await withStandIn { running in
      await running.turnOn("hanging?seconds=0.05")
      #expect(await running.odoo.get("/web/health").status == 200)
      await running.turnOn("stopped?seconds=0.05")
      while await running.odoo.get("/web/health").refused {}
    }
  }

  @Test("slow: the time goes to SQL")
  func slow() async throws {
    try await withStandIn { running in
      let session = try await running.session()
      await running.turnOn("slow?seconds=0.2")
      let answer = await running.odoo.call("/crm/dashboard/data", session: session)
      #expect(answer.seconds >= 0.2)
      #expect(answer["result", "success"] as? Bool == true)
      _ = await running.odoo.get("/web/health")
      let faults = await running.control.get("/stand-in/faults").json as? [[String: Any]] ?? []
      #expect(faults.first { $0["name"] as? String == "slow" }?["struck"] as? Int == 1, "only the dashboards are slow")
      let access = try #require(try running.records().compactMap(\.access).first { $0.request.contains("dashboard") })
      #expect(access.sql > 0.15)
    }
  }

  @Test("rpc_error: 200, an error with its traceback, ERROR in the log")
  func rpcError() async throws {
    try await withStandIn { running in
      let session = try await running.session()
      await running.turnOn("rpc_error")
      let answer = await running.odoo.call("/crm/dashboard/data", session: session)
      #expect(answer.status == 200)
      #expect(answer["error", "code"] as? Int == 200)
      #expect((answer["error", "data", "debug"] as? String)?.hasPrefix("Traceback (most recent call last):\n") == true)
      let record = try #require(try running.records().first { $0.level == "ERROR" })
      #expect(record.logger == "odoo.http")
      #expect(record.continuation.last == "ZeroDivisionError: float division by zero")
    }
  }

  @Test(
    "lies under 200",
    arguments: [
      ("data_error", true, "'planned_revenue'"), ("empty_kpis", true, nil), ("not_success", false, nil),
      ("access_denied", false, nil),
    ] as [(String, Bool, String?)])
  func lies(fault: String, success: Bool, error: String?) async throws {
    try await withStandIn { running in
      let session = try await running.session()
      await running.turnOn(fault)
      let answer = await running.odoo.call("/crm/dashboard/data", session: session)
      #expect(answer.status == 200)
      #expect(answer["result", "success"] as? Bool == success)
      #expect(answer["result", "data", "error"] as? String == error)
      #expect(((answer["result", "data", "kpis"] as? [String: Any]) ?? [:]).isEmpty)
      await running.turnOff(fault)
      let healthy = await running.odoo.call("/crm/dashboard/data", session: session)
      #expect((healthy["result", "data", "kpis"] as? [String: Any])?.count == 9)
    }
  }

  @Test(
    "answers that are none",
    arguments: [
      ("zero_bytes", 200, "application/json; charset=utf-8", ""), ("html_200", 200, "text/html; charset=utf-8", "<!DOCTYPE html>"),
      ("not_json", 200, "application/json; charset=utf-8", "{"), ("http_500", 500, "text/html; charset=utf-8", "<!doctype html>"),
      ("login_page_instead", 303, "text/html; charset=utf-8", "<!doctype html>"),
    ])
  func broken(fault: String, status: Int, type: String, start: String) async throws {
    try await withStandIn { running in
      let session = try await running.session()
      await running.turnOn(fault)
      let answer = await running.odoo.call("/crm/dashboard/data", session: session)
      #expect(answer.status == status)
      #expect(answer.header("content-type") == type)
      #expect(answer.text.hasPrefix(start))
      #expect(answer.header("content-length") == String(answer.body.count))
      #expect(answer.json == nil)
    }
  }

  @Test("invalid_utf8: bytes that are not UTF-8")
  func invalidUTF8() async throws {
    try await withStandIn { running in
      await running.turnOn("invalid_utf8")
      #expect(String(validating: await running.odoo.call("/crm/dashboard/data").body, as: UTF8.self) == nil)
    }
  }

  @Test("huge: 100 MB of blanks, as fast as they are read")
  func huge() async throws {
    try await withStandIn { running in
      await running.turnOn("huge")
      let answer = await running.odoo.send("POST /crm/dashboard/data HTTP/1.1\r\nContent-Length: 0\r\n\r\n", atMost: 8 << 20)
      #expect(answer.header("content-length") == "100000000")
      #expect(answer.bytes.count >= 8 << 20)
      #expect(answer.body.allSatisfy { $0 == UInt8(ascii: " ") })
      #expect(await running.odoo.get("/web/health").status == 200)
    }
  }

  @Test("endless_headers: never a blank line")
  func endlessHeaders() async throws {
    try await withStandIn { running in
      await running.turnOn("endless_headers")
      let answer = await running.odoo.send("GET /crm/dashboard/data HTTP/1.1\r\n\r\n", atMost: 300_000)
      #expect(answer.bytes.count >= 300_000)
      #expect(answer.body.isEmpty)
    }
  }

  @Test("session_expired: sessions die at once, and stay alive once it is off")
  func sessionExpired() async throws {
    try await withStandIn { running in
      let before = try await running.session()
      await running.turnOn("session_expired")
      let during = try await running.session()
      for session in [before, during] {
        #expect(await running.odoo.call("/crm/dashboard/data", session: session)["error", "code"] as? Int == 100)
      }
      await running.turnOff("session_expired")
      let after = try await running.session()
      #expect(await running.odoo.call("/crm/dashboard/overdue", session: after)["result", "success"] as? Bool == true)
    }
  }

  @Test("session_expired with seconds=0: the sessions of now die, and later ones live")
  func sessionExpiredOnce() async throws {
    try await withStandIn { running in
      let before = try await running.session()
      await running.turnOn("session_expired?seconds=0")
      #expect(await running.odoo.call("/crm/dashboard/overdue", session: before)["error", "code"] as? Int == 100)
      let after = try await running.session()
      #expect(await running.odoo.call("/crm/dashboard/overdue", session: after)["result", "success"] as? Bool == true)
    }
  }

  @Test("asset_missing: the script is gone, the style is not")
  func assetMissing() async throws {
    try await withStandIn { running in
      let bundles = try await running.bundles()
      await running.turnOn("asset_missing")
      #expect(await running.odoo.get(bundles.script).status == 404)
      #expect(await running.odoo.get(bundles.style).status == 200)
    }
  }

  @Test("log_errors: an ERROR with a traceback")
  func logErrors() async throws {
    try await withStandIn { running in
      await running.turnOn("log_errors")
      while !running.log.contains("ERROR") { _ = await running.odoo.get("/web/health") }
      let error = try #require(try running.records().first { $0.level == "ERROR" })
      #expect(error.continuation.first == "Traceback (most recent call last):")
      #expect(error.continuation.last == "ZeroDivisionError: division by zero")
    }
  }
}
