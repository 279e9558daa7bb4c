import Foundation
import OdooStandIn
import Testing

@Suite("answers as the captured Odoo does", .enabled(if: Capture.arePresent, "no captured exchanges: set ACCEPTANCE_DATA"))
struct CaptureTests {
  static let healthy = [
    "patched-01-health", "patched-02-health-db", "patched-03-root", "patched-04-login-page", "patched-05-web-anon",
    "patched-06-auth-wrongpw",
    "patched-07-auth-wrongdb", "patched-10-web-authed", "patched-20-dash-data-nosession", "patched-20-dash-overdue-nosession",
    "patched-20-dash-performers-nosession", "patched-21-dash-overdue-session", "patched-21-dash-performers-session",
    "patched-22-dash-data-GET", "patched-23-dash-data-nocontenttype", "patched-24-dash-data-badjson", "patched-26-dash-data-badkw",
    "patched-27-dash-data-emptybody", "patched-30-export-nosession", "patched-31-export-xlsx", "patched-32-export-csv",
    "patched-33-export-noparams", "patched-34-export-HEAD", "patched-41-strategic-nosession", "patched-42-strategic-export-noparams",
    "patched-45-strategic-export-nosession", "patched-50-404", "patched-51-404-json", "patched-52-callkw-missing-model",
    "patched-53-callkw-badfield", "patched-54-callkw-ok", "patched-60-version", "patched-65-websocket-on-8069",
    "a-oldasset", "r-mgr-dashboard-data", "r-mgr-dashboard-overdue", "r-mgr-dashboard-performers", "r-mgr-export", "r-mgr-sexport",
    "s-logout",
  ]

  @Test("healthy, mistaken and anonymous requests", arguments: healthy)
  func healthyRequest(name: String) async throws {
    try await withStandIn { running in
      try await Self.compare(name, running, session: try await running.session())
    }
  }

  @Test("the databases are told where that is not switched off")
  func databases() async throws {
    try await withStandIn { running in
      await running.turnOn("open_databases")
      try await Self.compare("patched-61-dblist", running, session: nil)
    }
  }

  @Test("a user who logs in", arguments: ["s-auth", "patched-09-session-info"])
  func login(name: String) async throws {
    try await withStandIn {
      ($0.login, $0.password) = ("sales1", "sales1")
    } _: { running in
      let session = try #require(await running.odoo.logIn("sales1", "sales1").sessionID)
      let capture = try Capture(name)
      let answer = await capture.replay(to: running.odoo, session: session)
      #expect(answer.headers.map(\.name).sorted() == capture.response.headers.map(\.name).sorted())
      #expect(Shape.differences(try Capture("s-auth").response["result"], answer["result"]) == [])
    }
  }

  @Test("sessions that are over", arguments: ["patched-25-dash-data-expired", "s-after-logout-oldsid", "s-pwchanged"])
  func expired(name: String) async throws {
    try await withStandIn { try await Self.compare(name, $0, session: nil) }
  }

  @Test(
    "the fault access_denied is a user without rights",
    arguments: [
      "r-nosales-dashboard-data", "r-nosales-dashboard-overdue", "r-nosales-dashboard-performers", "r-nosales-export", "r-nosales-sexport",
      "r-nosales-strategic-dashboard-data",
    ])
  func accessDenied(name: String) async throws {
    try await withStandIn { running in
      let session = try await running.session()
      await running.turnOn("access_denied")
      try await Self.compare(name, running, session: session)
      let text = try await running.odoo.text(of: name, session)
      #expect(text == (try Capture(name).response.text.trimmingCharacters(in: .newlines)))
    }
  }

  @Test(
    "the fault data_error is the module as published",
    arguments: [
      "pristine-21-dash-data-session", "pristine-21-dash-performers-session", "pristine-32-export-csv", "pristine-43-strategic-export-xlsx",
      "pristine-44-strategic-export-csv",
    ])
  func dataError(name: String) async throws {
    try await withStandIn { running in
      let session = try await running.session()
      await running.turnOn("data_error?route=/crm/")
      try await Self.compare(name, running, session: session)
    }
  }

  @Test(
    "PostgreSQL is down",
    arguments: [
      "f-dbdown-asset", "f-dbdown-auth", "f-dbdown-data-session", "f-dbdown-dblist", "f-dbdown-export", "f-dbdown-health", "f-dbdown-login",
      "f-dbdown-root", "f-dbdown-web-nosession", "f-dbdown-web-session",
    ])
  func databaseDown(name: String) async throws {
    try await withDatabase { database in
      try await withStandIn {
        $0.databaseAddress = .tcp(host: "127.0.0.1", port: database.port)
      } _: { running in
        let session = try await running.session()
        database.stop()
        try await Self.compare(name, running, session: session)
      }
    }
  }

  @Test("an address that failed too often")
  func cooldown() async throws {
    try await withStandIn { running in
      for _ in 0..<10 { _ = await running.odoo.logIn("monitor", "guess") }
      try await Self.compare("s-cooldown1", running, session: nil)
      #expect(await running.odoo.logIn()["result"] == nil, "the right password is refused as well")
    }
  }

  /// Status line, content type, names of headers, shape of JSON and size of what is not.
  static func compare(_ name: String, _ running: Running, session: String?) async throws {
    let capture = try Capture(name)
    let answer = await capture.replay(to: running.odoo, session: session)
    #expect(answer.statusLine == capture.response.statusLine)
    #expect(answer.header("content-type") == capture.response.header("content-type"))
    #expect(answer.headers.map(\.name).sorted() == capture.response.headers.map(\.name).sorted())
    #expect(answer.header("location").map(\.count) == capture.response.header("location").map(\.count))
    #expect(answer.header("content-disposition") == capture.response.header("content-disposition"))
    if let json = capture.response.json {
      #expect(Shape.differences(json, answer.json) == [])
      for path in ["code", "message"] {
        #expect("\(String(describing: answer["error", path]))" == "\(String(describing: capture.response["error", path]))")
      }
      #expect(answer["error", "data", "name"] as? String == capture.response["error", "data", "name"] as? String)
    } else if let size = answer.header("content-length"), answer.text.hasPrefix("<!doctype html>") {
      #expect(size == capture.response.header("content-length"))
    }
  }
}

extension Client {
  fileprivate func text(of name: String, _ session: String) async throws -> String {
    try await Capture(name).replay(to: self, session: session).text
  }
}
