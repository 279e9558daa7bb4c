import Testing

@testable import Lookout

@Suite("The ladder on the other routes")
struct AnswerLadderRoutesTests {
  private let ladder = AnswerLadder(budget: nil)

  private func short(_ exchange: HTTPExchange, _ expectation: Lookout.Expectation) -> String {
    let verdict = ladder.verdict(on: exchange, expecting: expectation)
    return [verdict.level.word, verdict.reason?.rawValue, verdict.blamed.map { "(\($0.rawValue))" }].compactMap { $0 }.joined(
      separator: " ")
  }

  @Test(
    "on what a real Odoo answered", .needsCaptures,
    arguments: [
      ("patched-21-dash-overdue-session", .list, "pass"), ("patched-21-dash-performers-session", .list, "pass"),
      ("pristine-21-dash-performers-session", .list, "fail dashboard_error"), ("r-nosales-dashboard-overdue", .list, "fail access_denied"),
      ("patched-20-dash-overdue-nosession", .list, "fail session_expired"), ("patched-21-dash-data-session", .list, "fail missing_data"),
      ("patched-40-strategic", .object(["strategic_kpis"]).forManagers, "fail dashboard_error"),
      ("r-sales0-strategic-dashboard-data", .object(["strategic_kpis"]).forManagers, "warn access_denied"),
      ("r-sales0-strategic-dashboard-data", .object(["strategic_kpis"]), "fail access_denied"),
      ("patched-32-export-csv", .export, "pass"), ("pristine-32-export-csv", .export, "fail empty_data"),
      ("r-mgr-sexport", .export.forManagers, "pass"), ("r-sales0-export", .export.forManagers, "warn access_denied"),
      ("r-sales0-export", .export, "fail access_denied"), ("patched-44-strategic-export-csv", .export.forManagers, "fail dashboard_error"),
      ("patched-42-strategic-export-noparams", .export, "fail http_status"),
      ("patched-45-strategic-export-nosession", .export, "fail redirected_to_login"),
      ("patched-31-export-xlsx", .export, "fail content_type"), ("patched-31-export-xlsx", .workbook, "fail missing_data"),
      ("r-mgr-dashboard-data", .object(["kpis"]).demanding(DashboardShape.executive), "pass"),
      ("r-sales0-dashboard-data", .object(["kpis"]).demanding(DashboardShape.executive), "pass"),
      ("patched-21-dash-data-session", .object(["kpis"]).demanding(DashboardShape.executive), "pass"),
      ("f-dbdown-export", .export, "fail http_status (database)"),
      ("patched-04-login-page", .loginPage, "pass"), ("f-dbdown-login", .loginPage, "fail database_selector (database)"),
      ("m-_web_login", .loginPage, "fail database_selector (database)"), ("patched-10-web-authed", .loginPage, "fail missing_data"),
      ("patched-50-404", .loginPage, "fail not_installed (module)"), ("patched-01-health", .loginPage, "fail content_type"),
      ("f-dbdown-auth", .object(["kpis"]), "fail rpc_error (database)"), ("l-poolfull", .object(["kpis"]), "fail http_status"),
    ] as [(String, Lookout.Expectation, String)])
  func captured(name: String, expectation: Lookout.Expectation, verdict: String) throws {
    #expect(short(try OdooCapture.exchange(name), expectation) == verdict)
  }

  @Test(
    "on made answers",
    arguments: [
      (.unanswered(.dns), .loginPage, "fail dns (network)"), (.unanswered(.tls), .loginPage, "fail tls (proxy)"),
      (.unanswered(.connect), .loginPage, "fail connect"), (.made(200, "", type: "text/html"), .loginPage, "fail missing_data"),
      (.made(200, "<form class=\"oe_login_form\">", type: "text/html"), .loginPage, "pass"),
      (.made(200, "{\"result\": {\"success\": true, \"data\": []}}"), .list, "pass"),
      (.made(200, "{\"result\": {\"success\": true, \"data\": {}}}"), .list, "fail missing_data"),
      (.made(200, "{\"result\": {\"success\": true, \"data\": null}}"), .list, "fail missing_data"),
      (.made(200, "{\"result\": {\"success\": true, \"data\": {\"error\": \"x\"}}}"), .list, "fail dashboard_error"),
      (
        .made(200, "{\"result\": {\"success\": true, \"data\": {\"kpis\": {\"total_leads\": 1}}}}"),
        .object(["kpis"]).demanding(DashboardShape.executive), "fail missing_data"
      ),
      (
        .made(200, "{\"result\": {\"success\": true, \"data\": {\"kpis\": {\"total_leads\": 1}}}}"),
        .object([]).demanding(DashboardShape.nothing), "fail unexpected_data"
      ),
      (.made(200, "{\"result\": {\"success\": true, \"data\": {}}}"), .object([]).demanding(DashboardShape.nothing), "pass"),
      (.made(200, "", type: "text/csv"), .export, "fail empty_data"), (.made(200, "a,1", type: "text/csv"), .export, "pass"),
      (.made(500, "Error exporting data: x", type: "text/html"), .export, "fail dashboard_error"),
      (.made(500, "Error exporting data: You don't have permission to", type: "text/html"), .export.forManagers, "warn access_denied"),
      (.made(500, "<html>Internal Server Error", type: "text/html"), .export.forManagers, "fail http_status"),
      (.made(403, "", type: "text/html"), .export.forManagers, "warn access_denied"),
      (.made(404, "x", type: "text/html"), .export, "fail http_status (database)"),
    ] as [(HTTPExchange, Lookout.Expectation, String)])
  func made(exchange: HTTPExchange, expectation: Lookout.Expectation, verdict: String) {
    #expect(short(exchange, expectation) == verdict)
  }
}
