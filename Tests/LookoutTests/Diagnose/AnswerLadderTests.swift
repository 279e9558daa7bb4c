import Testing

@testable import Lookout

@Suite("The ladder that judges an answer")
struct AnswerLadderTests {
  private let ladder = AnswerLadder(budget: 2)
  private static let dashboard = Expectation.object(["kpis"])

  /// `pass`, `fail rpc_error`.
  private func short(_ verdict: Verdict) -> String {
    verdict.level.word + (verdict.reason.map { " \($0.rawValue)" } ?? "")
  }

  @Test(
    "on what a real Odoo answered to a request for the dashboard's data", .needsCaptures,
    arguments: [
      ("patched-21-dash-data-session", "pass"), ("pristine-21-dash-data-session", "fail dashboard_error"),
      ("p100k-dashboard-data", "fail dashboard_error"), ("patched-26-dash-data-badkw", "fail dashboard_error"),
      ("r-nosales-dashboard-data", "fail access_denied"), ("r-portal2-dashboard-data", "fail access_denied"),
      ("r-mgr-dashboard-data", "pass"), ("f-raise-json", "fail rpc_error"), ("f-badsql-json", "fail rpc_error"),
      ("f-dbdown-auth", "fail rpc_error"), ("f-unique", "fail rpc_error"), ("patched-52-callkw-missing-model", "fail rpc_error"),
      ("patched-20-dash-data-nosession", "fail session_expired"), ("patched-25-dash-data-expired", "fail session_expired"),
      ("s-pwchanged", "fail session_expired"), ("patched-06-auth-wrongpw", "fail access_denied"),
      ("f-dbdown-data-session", "fail http_status"), ("m-blip-data", "fail http_status"), ("patched-51-404-json", "fail not_installed"),
      ("patched-22-dash-data-GET", "fail http_status"), ("patched-24-dash-data-badjson", "fail http_status"),
      ("f-accesserror", "fail access_denied"), ("f-raise-http", "fail http_status"), ("patched-05-web-anon", "fail redirected_to_login"),
      ("f-dbdown-web-nosession", "fail database_selector"), ("r-portal2-web", "fail redirected"), ("l-real", "fail empty_reply"),
      ("patched-04-login-page", "fail content_type"), ("patched-01-health", "fail missing_data"), ("m-data", "fail missing_data"),
      ("patched-61-dblist", "fail missing_data"),
    ] as [(String, String)])
  func captured(name: String, verdict: String) throws {
    // Without a budget: with 100,000 leads a right answer took Odoo half a minute.
    let judged = AnswerLadder(budget: nil).verdict(on: try OdooCapture.exchange(name), expecting: Self.dashboard)
    #expect(short(judged) == verdict)
  }

  @Test(
    "on made answers, rung by rung",
    arguments: [
      (.unanswered(.dns), "fail dns"), (.unanswered(.connect), "fail connect"), (.unanswered(.tls), "fail tls"),
      (.unanswered(.timeout), "fail timeout"), (.unanswered(.tooLarge), "fail too_large"),
      (.made(500), "fail http_status"), (.made(403), "fail access_denied"), (.made(301, location: "/elsewhere"), "fail redirected"),
      (.made(303), "fail http_status"), (.made(204), "fail http_status"), (.made(0), "fail http_status"),
      (.made(200, "{}", type: "text/html"), "fail content_type"), (.made(200, "{}", type: ""), "fail content_type"),
      (.made(200, "{\"result\"", type: "APPLICATION/JSON"), "fail not_json"), (.made(200, ""), "fail not_json"),
      (.made(200, "[1]"), "fail not_json"), (.made(200, "{}"), "fail missing_data"),
      (.made(200, "{\"result\": null}"), "fail missing_data"),
      (.made(200, "{\"result\": 7}"), "fail missing_data"), (.made(200, "{\"result\": {}}"), "fail missing_data"),
      (.made(200, "{\"error\": \"x\", \"result\": {\"success\": true}}"), "fail rpc_error"),
      (.made(200, "{\"error\": null, \"result\": {\"success\": true, \"data\": {\"kpis\": {\"a\": 1}}}}"), "pass"),
      (.made(200, "{\"result\": {\"success\": false}}"), "fail dashboard_error"),
      (.made(200, "{\"result\": {\"success\": false, \"error\": \"You don't have permission to\"}}"), "fail access_denied"),
      (.made(200, "{\"result\": {\"success\": true}}"), "fail missing_data"),
      (.made(200, "{\"result\": {\"success\": true, \"data\": []}}"), "fail missing_data"),
      (.made(200, "{\"result\": {\"success\": true, \"data\": {\"kpis\": {}}}}"), "fail empty_data"),
      (.made(200, "{\"result\": {\"success\": true, \"data\": {\"kpis\": []}}}"), "fail empty_data"),
      (.made(200, "{\"result\": {\"success\": true, \"data\": {\"kpis\": null}}}"), "fail empty_data"),
      (.made(200, "{\"result\": {\"success\": true, \"data\": {\"kpi\": {\"a\": 1}}}}"), "fail missing_data"),
      (.made(200, "{\"result\": {\"success\": true, \"data\": {\"error\": \"x\", \"kpis\": {\"a\": 1}}}}"), "fail dashboard_error"),
    ] as [(HTTPExchange, String)])
  func made(exchange: HTTPExchange, verdict: String) {
    #expect(short(ladder.verdict(on: exchange, expecting: Self.dashboard)) == verdict)
  }

  @Test(
    "the budget: pass to two thirds, then warn, above it fail",
    arguments: [(0.5, "pass"), (1.33, "pass"), (1.34, "warn too_slow"), (2, "warn too_slow"), (2.001, "fail too_slow")]
      as [(Double, String)])
  func budget(seconds: Double, verdict: String) {
    let right = HTTPExchange.made(200, "{\"result\": {\"success\": true, \"data\": {\"kpis\": {\"a\": 1}}}}", seconds: seconds)
    let judged = ladder.verdict(on: right, expecting: Self.dashboard)
    #expect(short(judged) == verdict && judged.value == seconds && judged.unit == "s")
    #expect(AnswerLadder(budget: nil).verdict(on: right, expecting: Self.dashboard).level == .pass)
    let wrong = HTTPExchange.made(500, seconds: seconds)
    #expect(ladder.verdict(on: wrong, expecting: Self.dashboard).reason == .httpStatus)
  }

  @Test(
    "health",
    arguments: [
      ("{\"status\": \"pass\"}", "pass"), ("{ \"status\" :\n\"pass\" }", "pass"), ("{\"status\": \"fail\"}", "fail missing_data"),
      ("", "fail missing_data"), ("pass", "fail missing_data"),
    ] as [(String, String)])
  func health(body: String, verdict: String) {
    #expect(short(ladder.verdict(on: .made(200, body), expecting: .health)) == verdict)
  }

  @Test("health of a real Odoo, whose database may well be down", .needsCaptures, arguments: ["patched-01-health", "f-dbdown-health"])
  func capturedHealth(name: String) throws {
    #expect(ladder.verdict(on: try OdooCapture.exchange(name), expecting: .health).level == .pass)
  }

  private static let css = HTTPExchange.made(200, "body {}", type: "text/css", url: "http://crm/web/assets/1/web.min.css")

  @Test(
    "a page and its bundles",
    arguments: [
      (.made(200, "<html>", type: "text/html"), [css], "pass"),
      (.made(200, "<html>", type: "text/html"), [css, .made(304, "", type: "text/css")], "pass"),
      (.made(200, "<html>", type: "text/html"), [], "fail missing_data"),
      (.made(200, "<html>", type: "text/html"), [css, .made(404, "gone", type: "text/html")], "fail asset_broken"),
      (.made(200, "<html>", type: "text/html"), [.made(303, "", location: "/web/assets/2/x.js")], "fail asset_broken"),
      (.made(200, "<html>", type: "text/html"), [.made(200, "<html>", type: "text/html")], "fail asset_broken"),
      (.made(200, "<html>", type: "text/html"), [.made(200, "", type: "text/css")], "fail asset_broken"),
      (.made(200, "<html>", type: "text/html"), [.unanswered(.timeout)], "fail asset_broken"),
      (.made(200, "{}"), [css], "fail content_type"), (.made(303, "", location: "/web/login"), [], "fail redirected_to_login"),
      (.made(500, "", type: "text/html"), [css], "fail http_status"),
      (.made(200, "<html>", type: "text/html", seconds: 1.3), [css], "warn too_slow"),
      (.made(200, "<html>", type: "text/html", seconds: 1.95), [css, css], "fail too_slow"),
    ] as [(HTTPExchange, [HTTPExchange], String)])
  func page(page: HTTPExchange, assets: [HTTPExchange], verdict: String) {
    #expect(short(ladder.verdict(onPage: page, assets: assets)) == verdict)
  }

  @Test("a broken bundle is named, without its address")
  func brokenBundle() {
    let broken = HTTPExchange.made(500, "x", type: "text/html", url: "http://crm/web/assets/1/web.min.js")
    let verdict = ladder.verdict(onPage: .made(200, "<html>", type: "text/html"), assets: [Self.css, broken])
    #expect(verdict.sentence.contains("web.min.js") && verdict.sentence.contains("HTTP 500") && !verdict.sentence.contains("http://"))
  }

  @Test("the evidence of an error is its class and frame, its message only where the dashboard itself reports it", .needsCaptures)
  func evidence() throws {
    let raised = ladder.verdict(on: try OdooCapture.exchange("f-raise-json"), expecting: Self.dashboard)
    #expect(raised.evidence.first { $0.name == "exception" }?.value == "builtins.ValueError")
    #expect(raised.evidence.first { $0.name == "frame" }?.value == "rig_faults/controllers/main.py:11 in r2")
    #expect(!"\(raised)".contains("boom") && !"\(raised)".contains("/opt/"))
    let inside = ladder.verdict(on: try OdooCapture.exchange("pristine-21-dash-data-session"), expecting: Self.dashboard)
    #expect(inside.evidence.first { $0.name == "message" }?.value == "'planned_revenue'")
    #expect(inside.evidence.first { $0.name == "status" }?.value == "200")
  }
}
