internal import NIOCore

/// One request at the door of Odoo's router.
struct Visit: Sendable {
  let odoo: Odoo
  let request: Request
  let now: Stamp

  var session: String? { odoo.sessions.isOpen(request.sessionID) ? request.sessionID : nil }
  var databaseName: String { odoo.options.database }

  /// Whether the fault `public_dashboards` lets strangers in.
  var isPublic: Bool {
    guard Dashboards.data.contains(request.path) || Dashboards.exports.contains(request.path) else { return false }
    return odoo.faults.strikes(.publicDashboards, request.path) != nil
  }

  /// Whether the second login asks, whose user sees the dashboards and is no sales manager.
  var isViewer: Bool { odoo.sessions.login(of: request.sessionID) == StandIn.viewer.login }

  /// The faults that stand before Odoo, or break its answer on the way out.
  func brokenOnTheWire() -> Answer? {
    let path = request.path
    let wire: [Fault.Name] = [.loginPageInstead, .huge, .zeroBytes, .invalidUTF8, .endlessHeaders, .html200, .notJSON]
    guard let fault = odoo.faults.first(of: wire, striking: path) else { return nil }
    let cost = Cost(queries: 2, seconds: 0.005)
    var answer: Answer
    switch fault {
    case .loginPageInstead:
      if path.hasPrefix("/web/login") || path.hasPrefix("/web/assets/") || path.hasPrefix("/web/static/") { return nil }
      answer = .redirect(to: "/web/login", cost: cost).settingSession(Sessions.newID(), now: now)
    case .huge:
      let headers = [("Content-Length", String(100_000_000)), ("Content-Type", "application/json; charset=utf-8")]
      answer = Answer(status: .ok, headers: headers, body: .blanks(100_000_000), cost: cost)
    case .zeroBytes: answer = .text("", type: "application/json; charset=utf-8", cost: cost)
    case .invalidUTF8:
      let bytes = Array("{\"jsonrpc\": \"2.0\", \"id\": 1, \"result\": \"".utf8) + [0xC3, 0x28, 0xFF, 0xFE] + Array("\"}".utf8)
      answer = .bytes(ByteBuffer(bytes: bytes), type: "application/json; charset=utf-8", cost: cost)
    case .endlessHeaders: answer = Answer(status: .ok, body: .endlessHeaders, cost: cost)
    case .html200: answer = .text(Page.maintenance, cost: cost)
    default: answer = .text("{\"jsonrpc\": \"2.0\", \"id\": 1, \"result\": {\"succ", type: "application/json; charset=utf-8", cost: cost)
    }
    odoo.faults.count(fault)
    answer.database = databaseName
    return answer
  }

  func answer() -> Answer {
    guard let route = Route.find(request.path) else { return named(notFound()) }
    var answer = route.answer(self)
    if !route.isStatic { answer.database = databaseName }
    return answer
  }

  private func named(_ answer: Answer) -> Answer {
    var answer = answer
    answer.database = databaseName
    return answer
  }

  func notFound() -> Answer {
    let page = Page.notFound(token: Sessions.token(for: Sessions.newID(), now: now))
    return .text(page, .notFound, type: "text/html;charset=utf-8", cost: Cost(queries: 10, seconds: 0.016))
      .with((name: "Set-Cookie", value: "frontend_lang=en_US; Expires=\(now.adding(days: 365).http); Path=/"))
      .settingSession(session ?? Sessions.newID(), now: now)
  }

  /// As `ir.http` sends someone without a session away from a page: to the login, and back afterwards.
  func toLogin(cost: Cost) -> Answer {
    .redirect(to: "/web/login?redirect=\(Form.encode(request.target))", cost: cost)
      .logging(Record(logger: "odoo.http", message: "Session expired", database: databaseName))
  }
}
