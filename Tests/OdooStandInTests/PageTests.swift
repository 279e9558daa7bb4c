import Foundation
import OdooStandIn
import Testing

extension Running {
  /// The two bundles that the web client's page names.
  func bundles() async throws -> (style: String, script: String) {
    let page = await odoo.get("/web", session: try await session()).text
    func path(_ suffix: String) throws -> String {
      let end = try #require(page.range(of: suffix))
      let start = try #require(page.range(of: "/web/assets/", options: .backwards, range: page.startIndex..<end.upperBound))
      return String(page[start.lowerBound..<end.upperBound])
    }
    return (try path("web.assets_web.min.css"), try path("web.assets_web.min.js"))
  }
}

@Suite("pages and files")
struct PageTests {
  @Test("the bundles have their size, their contents and an ETag")
  func bundles() async throws {
    try await withStandIn { running in
      let bundles = try await running.bundles()
      let script = await running.odoo.get(bundles.script)
      #expect(script.body.count == 3_959_009)
      #expect(
        script.text.contains("CrmExecutiveDashboard") && script.text.contains("StrategicDashboard") && script.text.contains("Chart.js"))
      #expect(script.header("cache-control") == "public, max-age=31536000, immutable")
      #expect(await running.odoo.get(bundles.style).body.count == 889_464)
      let etag = try #require(script.header("etag"))
      let again = await running.odoo.get(bundles.script, headers: "If-None-Match: \(etag)\r\n")
      #expect(again.status == 304 && again.body.isEmpty)
      let stale = await running.odoo.get("/web/assets/0000000/web.assets_web.min.js")
      #expect(stale.status == 303 && stale.header("location") == bundles.script)
    }
  }

  @Test("what the web client loads is there")
  func webClient() async throws {
    try await withStandIn { running in
      let session = try await running.session()
      let info = await running.odoo.call("/web/session/get_session_info", session: session)
      let hashes = try #require(info["result", "cache_hashes"] as? [String: String])
      let paths = [
        "/web/webclient/load_menus/\(hashes["load_menus"] ?? "")", "/web/webclient/translations/\(hashes["translations"] ?? "")?lang=en_US",
        "/web/manifest.webmanifest", "/web/static/img/favicon.ico", "/web/binary/company_logo",
      ]
      for path in paths { #expect(await running.odoo.get(path, session: session).status == 200, "\(path)") }
      let menus = await running.odoo.get(paths[0])
      #expect(menus.status == 303 && menus.header("location")?.hasPrefix("/web/login?redirect=%2Fweb%2Fwebclient") == true)
    }
  }

  @Test("the login form takes its token only from its own session")
  func loginForm() async throws {
    try await withStandIn { running in
      let page = await running.odoo.get("/web/login")
      let cookie = try #require(page.sessionID)
      let field = try #require(page.text.range(of: "name=\"csrf_token\" value=\""))
      let token = page.text[field.upperBound...].prefix { $0 != "\"" }
      func submit(_ body: String, _ session: String?) async -> Client.Response {
        await running.odoo.post("/web/login", body, type: "application/x-www-form-urlencoded", session: session)
      }
      let right = "csrf_token=\(token)&login=monitor&password=monitor"
      #expect(await submit("login=monitor&password=monitor", cookie).status == 400)
      #expect(await submit(right, String(repeating: "0", count: 40)).status == 400)
      let wrong = await submit("csrf_token=\(token)&login=monitor&password=x%3C", cookie)
      #expect(wrong.status == 200 && wrong.text.contains("Wrong login/password"))
      let accepted = await submit(right, cookie)
      #expect(accepted.header("location") == "/web")
      #expect(await running.odoo.get("/web", session: accepted.sessionID).status == 200)
    }
  }

  @Test("logging out ends the session")
  func logout() async throws {
    try await withStandIn { running in
      for path in ["/web/session/logout", "/web/session/destroy"] {
        let session = try await running.session()
        _ = path.hasSuffix("destroy") ? await running.odoo.call(path, session: session) : await running.odoo.get(path, session: session)
        #expect(await running.odoo.call("/web/session/get_session_info", session: session)["error", "code"] as? Int == 100)
      }
    }
  }

  @Test(
    "hostile input gets an answer or a closed connection, and Odoo goes on",
    arguments: [
      "\0\0\0\0\r\n\r\n", "GET", "GET / HTTP/9.9\r\n\r\n",
      "POST /crm/dashboard/data HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
      "GET /%00%ff%zz%?%=%&&==& HTTP/1.1\r\nCookie: ;;session_id;=\r\n\r\n",
      "GET /\(String(repeating: "a", count: 200_000)) HTTP/1.1\r\n\r\n",
    ])
  func hostile(request: String) async throws {
    try await withStandIn { running in
      let other = Task { await running.odoo.send(request) }
      #expect(await running.odoo.get("/web/health").status == 200)
      other.cancel()
    }
  }

  @Test(
    "JSON that no client sends",
    arguments: [
      String(repeating: "[", count: 100_000), "{\"params\": {\"a\": \"\\ud800\"}}", "{\"a\": 1e999}", "[]", "null", "{\"params\": []}",
      "\"\\u12",
      "{\"params\": {\"limit\": 9223372036854775807, \"team_ids\": [\"x\", -1, 1e300]}}", "{\"params\": {\"limit\": -9223372036854775808}}",
    ])
  func hostileJSON(body: String) async throws {
    try await withStandIn { running in
      let session = try await running.session()
      for path in ["/crm/dashboard/data", "/crm/dashboard/performers", "/crm/strategic/dashboard/data", "/web/dataset/call_kw"] {
        let answer = await running.odoo.post(path, body, session: session)
        #expect([200, 400].contains(answer.status))
      }
    }
  }
}
