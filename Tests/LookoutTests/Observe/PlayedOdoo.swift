import Synchronization

@testable import Lookout

/// Plays Odoo for a session keeper: takes logins and requests, and remembers how often it was asked.
final class PlayedOdoo: Sendable {
  struct State {
    var logins = 0
    var requests: [String] = []
    /// The sessions that are open.
    var sessions: Set<String> = []
    /// Answers to the next logins; a session is opened when none is left.
    var loginAnswers: [HTTPExchange] = []
    /// What a request without a valid session gets.
    var whenOver = HTTPExchange.made(
      200,
      #"{"id": null, "error": {"code": 100, "message": "Odoo Session Expired", "data": {"name": "odoo.http.SessionExpiredException"}}}"#)
    var isAdministrator = false
    /// Each new session is over at once.
    var forgetsSessions = false
  }

  let state = Mutex(State())

  var logins: Int { state.withLock(\.logins) }
  var requests: Int { state.withLock(\.requests.count) }
  func expireSessions() { state.withLock { $0.sessions = [] } }

  func perform(_ request: HTTPRequest) async -> HTTPExchange {
    // Others have their turn while an answer is on its way.
    await Task.yield()
    return state.withLock { state in
      request.url.hasSuffix("/web/session/authenticate") ? Self.logIn(&state) : Self.answer(request, &state)
    }
  }

  private static func logIn(_ state: inout State) -> HTTPExchange {
    state.logins += 1
    if !state.loginAnswers.isEmpty { return state.loginAnswers.removeFirst() }
    let cookie = "session\(state.logins)"
    if !state.forgetsSessions { state.sessions.insert(cookie) }
    return .made(200, #"{"result": {"uid": 7, "is_admin": \#(state.isAdministrator)}}"#, cookie: "session_id=\(cookie); HttpOnly; Path=/")
  }

  private static func answer(_ request: HTTPRequest, _ state: inout State) -> HTTPExchange {
    let cookies = request.headers.filter { $0.name == "Cookie" }.map(\.value)
    state.requests.append(cookies.joined(separator: ", "))
    let isOpen = cookies.count == 1 && state.sessions.contains(String(cookies[0].dropFirst("session_id=".count)))
    return isOpen ? .made(200, #"{"result": {"success": true}}"#) : state.whenOver
  }
}
