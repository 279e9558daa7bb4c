import Testing

@testable import Lookout

@Suite("Answers of Odoo's JSON routes")
struct RPCAnswerTests {
  @Test("a healthy dashboard: which of its parts hold something", .needsCaptures)
  func dashboard() throws {
    let answer = try #require(RPCAnswer(try OdooCapture.exchange("patched-21-dash-data-session").body))
    #expect(answer.error == nil && answer.result?.success == true && answer.result?.data?.error == nil)
    #expect(answer.result?.data?.filled.isSuperset(of: ["kpis", "pipeline", "trends"]) == true)
    #expect(answer.result?.data?.filled.contains("currency_symbol") == false)
  }

  @Test("a broken dashboard that says success: its error is inside, its parts are empty", .needsCaptures)
  func brokenDashboard() throws {
    let answer = try #require(RPCAnswer(try OdooCapture.exchange("pristine-21-dash-data-session").body))
    #expect(answer.result?.success == true && answer.result?.data?.error == "'planned_revenue'")
    #expect(answer.result?.data?.filled.isEmpty == true && answer.result?.data?.names.contains("kpis") == true)
  }

  @Test(
    "an error's last frame, without the server's paths", .needsCaptures,
    arguments: [
      ("f-raise-json", "rig_faults/controllers/main.py:11 in r2", "builtins.ValueError"),
      ("patched-06-auth-wrongpw", "base/models/res_users.py", "odoo.exceptions.AccessDenied"),
      ("f-dbdown-auth", "psycopg2/__init__.py:122 in connect", "psycopg2.OperationalError"),
    ] as [(String, String, String)])
  func frames(name: String, frame: String, exception: String) throws {
    let error = try #require(RPCAnswer(try OdooCapture.exchange(name).body)?.error)
    #expect(error.data?.name == exception)
    #expect(error.lastFrame?.contains(frame) == true, "\(error.lastFrame ?? "none")")
    #expect(error.lastFrame?.contains("/opt/") == false)
  }

  @Test(
    "a traceback that is none has no frame, or what can be told of it",
    arguments: [
      ("", nil), ("Traceback", nil), ("  File \"", nil), ("  File \"/a/b/c/d.py\", line 3, in f", "b/c/d.py:3 in f"),
      ("  File \"d.py\", line 3", "d.py:3 in ?"), ("  File \"d.py\", in f", "d.py:? in f"), ("  File \"\", line 3, in f", nil),
    ] as [(String, String?)])
  func oddFrames(debug: String, frame: String?) {
    #expect(RPCError(code: 200, message: nil, data: .init(name: nil, message: nil, debug: debug)).lastFrame == frame)
  }

  @Test(
    "what is no JSON object is no answer, and nothing crashes",
    arguments: [
      "", " ", "null", "true", "[]", "\"text\"", "{", "{\"result\": ", "\u{0}", "<html>", "{\"result\": {\"success\": tru",
      String(repeating: "[", count: 100_000), String(repeating: "{\"a\":", count: 100_000),
      "{\"result\": {\"data\": \(String(repeating: "[", count: 100_000))}}",
    ])
  func noAnswer(text: String) {
    #expect(RPCAnswer(Array(text.utf8)) == nil, "\(text.prefix(40))")
  }

  @Test("bytes that are no UTF-8 are no answer")
  func invalidUTF8() {
    #expect(RPCAnswer([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]) == nil)
  }

  @Test(
    "odd kinds of values are read as far as they go",
    arguments: [
      (#"{"result": 7}"#, nil), (#"{"result": null}"#, nil), (#"{"result": []}"#, nil), (#"{"result": {"success": "yes"}}"#, nil),
      (#"{"result": {"success": true, "data": [1]}}"#, true), (#"{"result": {"success": false, "data": null}}"#, false),
      (#"{"result": {"success": true, "data": {"kpis": 1e999, "x": {}}}}"#, true),
    ] as [(String, Bool?)])
  func oddValues(text: String, success: Bool?) {
    let answer = RPCAnswer(Array(text.utf8))
    #expect(answer != nil && answer?.error == nil)
    #expect(answer?.result?.success == success)
  }

  @Test(
    "an error of an odd shape is still an error",
    arguments: [
      #"{"error": "text"}"#, #"{"error": {"code": "100x"}}"#, #"{"error": [1]}"#, #"{"error": {"data": "x"}}"#,
      #"{"error": {"data": {"name": 7}}}"#,
    ])
  func oddErrors(text: String) {
    #expect(RPCAnswer(Array(text.utf8))?.error != nil)
  }

  @Test(
    "the session is over", .needsCaptures,
    arguments: [
      ("patched-20-dash-data-nosession", true), ("patched-25-dash-data-expired", true), ("s-pwchanged", true), ("s-deact-rpc", true),
      ("s-after-logout-oldsid", true), ("patched-45-strategic-export-nosession", true), ("patched-05-web-anon", true),
      ("patched-21-dash-data-session", false), ("f-raise-json", false), ("f-dbdown-web-nosession", false), ("r-portal2-web", false),
      ("patched-50-404", false), ("f-dbdown-data-session", false), ("l-real", false), ("patched-10-web-authed", false),
      ("a-oldasset", false),
    ] as [(String, Bool)])
  func sessionIsOver(name: String, isOver: Bool) throws {
    #expect(try OdooCapture.exchange(name).tellsThatSessionIsOver == isOver)
  }

  @Test(
    "where a redirect leads",
    arguments: [
      ("/web/login", .login), ("/web/login?redirect=%2Fweb", .login), ("http://crm.example.com/web/login", .login),
      ("https://crm:8443/web/database/selector", .databaseSelector), ("/web/database/selector", .databaseSelector),
      ("/my", .elsewhere), ("http://other", .elsewhere), ("", .elsewhere), ("/xweb/login", .elsewhere),
      ("http://evil/?/web/login", .elsewhere),
    ] as [(String, OdooRedirect)])
  func redirects(location: String, redirect: OdooRedirect) {
    #expect(OdooRedirect(location) == redirect)
  }

  @Test("a call has the form that Odoo's web client sends")
  func call() throws {
    let text = String(decoding: try RPCCall(LoginParameters(db: "a\"b", login: "ü", password: "p/\\")).bytes, as: UTF8.self)
    for part in [#""jsonrpc":"2.0""#, #""method":"call""#, #""db":"a\"b""#, #""login":"ü""#] { #expect(text.contains(part), "\(text)") }
    #expect(String(decoding: try RPCCall(NoParameters()).bytes, as: UTF8.self).contains(#""params":{}"#))
  }
}
