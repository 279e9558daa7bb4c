import Testing

@testable import Lookout

@Suite("What a login's answer says")
struct LoginAnswerTests {
  /// `open`, `refused login_failed`, `unreachable not_json`.
  private func short(_ exchange: HTTPExchange) -> String {
    switch LoginAnswer(exchange) {
    case .open(let cookie, let isAdministrator): "open \(cookie)\(isAdministrator ? " administrator" : "")"
    case .refused(let reason, _): "refused \(reason.rawValue)"
    case .unreachable(let reason, _): "unreachable \(reason.rawValue)"
    }
  }

  @Test(
    "on the answers of a real Odoo", .needsCaptures,
    arguments: [
      ("patched-08-auth-ok", "open 845e3b07506f693960371d19b8bc9bebf1e6953f administrator"),
      ("patched-06-auth-wrongpw", "refused login_failed"), ("pristine-06-auth-wrongpw", "refused login_failed"),
      ("s-deact-auth", "refused login_failed"), ("patched-07-auth-wrongdb", "refused database_missing"),
      ("s-cooldown1", "refused login_cooldown"), ("s-cooldown4", "refused login_cooldown"),
      ("f-dbdown-auth", "unreachable rpc_error"), ("m-ghost-dropped-auth", "unreachable rpc_error"),
      ("m-auth-blank", "unreachable rpc_error"),
      ("patched-24-dash-data-badjson", "unreachable http_status"), ("f-dbdown-data-session", "unreachable http_status"),
      ("f-raise-json", "unreachable rpc_error"), ("l-real", "unreachable empty_reply"), ("patched-04-login-page", "unreachable not_json"),
    ] as [(String, String)])
  func captured(name: String, verdict: String) throws {
    #expect(try short(OdooCapture.exchange(name)) == verdict)
  }

  @Test(
    "an ordinary user's login is no administrator's", .needsCaptures, arguments: ["r-nosales-auth", "s-cooldown-after", "r-sales0-auth"])
  func ordinaryUser(name: String) throws {
    let verdict = try short(OdooCapture.exchange(name))
    #expect(verdict.hasPrefix("open ") && verdict.count == 45, "\(verdict)")
  }

  @Test(
    "on made answers",
    arguments: [
      (.made(200, #"{"result": {"uid": null}}"#), "refused second_factor"), (.made(200, #"{"result": {}}"#), "refused second_factor"),
      (.made(200, #"{"result": {"uid": 3}}"#), "unreachable protocol_error"),
      (.made(200, #"{"result": {"uid": 3}}"#, cookie: "other=1; session_id=no"), "unreachable protocol_error"),
      (.made(200, #"{"result": {"uid": 3, "is_system": true}}"#, cookie: "session_id=a=b; Path=/"), "open a=b administrator"),
      (.made(200, ""), "unreachable not_json"), (.made(200, "[]"), "unreachable not_json"), (.made(200, "\u{0}"), "unreachable not_json"),
      (.made(303, "", location: "/web/database/selector"), "unreachable http_status"), (.made(502, "<html>"), "unreachable http_status"),
      (.made(200, #"{"error": {"code": 200, "data": {"name": "odoo.exceptions.AccessError", "message": "x"}}}"#), "unreachable rpc_error"),
      (.made(200, #"{"error": {"code": 200}}"#), "unreachable rpc_error"), (.made(200, #"{"error": {}}"#), "unreachable rpc_error"),
      (.unanswered(.connect), "unreachable connect"), (.unanswered(.timeout), "unreachable timeout"),
    ] as [(HTTPExchange, String)])
  func made(exchange: HTTPExchange, verdict: String) {
    #expect(short(exchange) == verdict)
  }
}
