/// Logging in and out, and what a session says of itself.
extension Visit {
  func authenticate(_ params: JSON) throws(Raised) -> Reply {
    let (database, login, password) = (params["db"]?.string ?? "", params["login"]?.string ?? "", params["password"]?.string ?? "")
    guard database == databaseName else { throw Raised.databaseNotFound }
    switch odoo.sessions.logIn(login, password, from: request.address) {
    case .accepted(let id):
      let record = users("Login successful for db:\(database) login:\(login.oneLine) from \(request.address)")
      let cost = Cost(queries: 79, seconds: 0.3, sql: 0.1)
      return Reply(result: sessionFacts(), cost: cost, records: [record], sessionID: id)
    case .refused:
      throw accessDenied("Access Denied", at: 463, "_check_credentials", login: login, cost: Cost(queries: 7, seconds: 0.3, sql: 0.02))
    case .coolingDown(let failures, let last):
      var raised = accessDenied(
        "Too many login failures, please wait a bit before trying again.", at: 1254, "_assert_can_auth", login: login,
        cost: Cost(queries: 2, seconds: 0.01))
      raised.records.insert(ignored(login, failures, last), at: 0)
      throw raised
    }
  }

  private func accessDenied(_ message: String, at line: Int, _ function: String, login: String, cost: Cost) -> Raised {
    let failed = users("Login failed for db:\(databaseName) login:\(login.oneLine) from \(request.address)")
    return Raised(
      name: "odoo.exceptions.AccessDenied", message: message,
      traceback: Traceback.login(line, function, raising: "odoo.exceptions.AccessDenied: \(message)"), level: .warning, records: [failed],
      cost: cost)
  }

  private func ignored(_ login: String, _ failures: Int, _ last: Stamp) -> Record {
    let since = "\(failures) failures since last success, last failure at \(last.plain).\(last.microseconds.padded(6))."
    return users("Login attempt ignored for \(request.address) (user '\(login.oneLine)') on \(databaseName): \(since)", .warning)
  }

  private func users(_ message: String, _ level: Record.Level = .info) -> Record {
    Record(level: level, logger: "odoo.addons.base.models.res_users", message: message, database: databaseName)
  }

  func sessionInfo() -> Reply {
    Reply(result: sessionFacts(), cost: Cost(queries: 14, seconds: 0.012), sessionID: session)
  }

  func destroySession() -> Reply {
    odoo.sessions.close(session)
    return Reply(result: .null, cost: Cost(queries: 2, seconds: 0.004), sessionID: Sessions.newID())
  }

  func logout() -> Answer {
    odoo.sessions.close(request.sessionID)
    let year = now.adding(days: 365).http
    return .redirect(to: "/web", cost: Cost(queries: 9, seconds: 0.009))
      .with(("Set-Cookie", "frontend_lang=en_US; Expires=\(year); Path=/"), ("Set-Cookie", "cids=; Expires=\(year); Max-Age=0; Path=/"))
      .settingSession(Sessions.newID(), now: now)
  }

  func loginPage() -> Answer {
    guard request.method == "POST" else { return loginForm(cost: Cost(queries: 55, seconds: 0.1)) }
    let form = Form.fields(String(decoding: request.body, as: UTF8.self))
    guard let token = form["csrf_token"], Sessions.isToken(token, for: request.sessionID) else { return withoutToken() }
    let (login, password) = (form["login"] ?? "", form["password"] ?? "")
    switch odoo.sessions.logIn(login, password, from: request.address) {
    case .accepted(let id):
      return .redirect(to: "/web", cost: Cost(queries: 35, seconds: 0.28, sql: 0.1)).settingSession(id, now: now)
        .logging(users("Login successful for db:\(databaseName) login:\(login.oneLine) from \(request.address)"))
    case .refused:
      return loginForm(alert: "Wrong login/password", login: login, cost: Cost(queries: 10, seconds: 0.27, sql: 0.02))
        .logging(users("Login failed for db:\(databaseName) login:\(login.oneLine) from \(request.address)"))
    case .coolingDown(let failures, let last):
      return loginForm(
        alert: "Too many login failures, please wait a bit before trying again.", login: login, cost: Cost(queries: 4, seconds: 0.02)
      ).logging(ignored(login, failures, last))
    }
  }

  private func loginForm(alert: String? = nil, login: String = "", cost: Cost) -> Answer {
    let id = request.sessionID ?? Sessions.newID()
    let answer = Answer.text(Page.login(token: Sessions.token(for: id, now: now), alert: alert, login: login), cost: cost)
      .with(("X-Frame-Options", "SAMEORIGIN"), ("Content-Security-Policy", "frame-ancestors 'self'"))
    return request.sessionID == nil ? answer.settingSession(id, now: now) : answer.with(Answer.nosniff)
  }

  private func withoutToken() -> Answer {
    .text(Page.error(.badRequest, "Session expired (invalid CSRF token)"), .badRequest, cost: Cost(queries: 2, seconds: 0.014))
      .logging(
        Record(
          level: .warning, logger: "odoo.http", message: "No CSRF validation token provided for path '/web/login'", database: databaseName))
  }

  /// The user is no administrator: an administrator's login would rewrite `web.base.url`.
  func sessionFacts() -> JSON {
    let company: JSON = ["id": 1, "name": "Stand-in Ltd", "sequence": 0, "child_ids": [], "parent_id": false]
    let settings: JSON = [
      "id": 6, "user_id": ["id": 9], "is_discuss_sidebar_category_channel_open": true, "is_discuss_sidebar_category_chat_open": true,
      "push_to_talk_key": false, "use_push_to_talk": false, "voice_active_duration": 200, "volume_settings_ids": [["ADD", []]],
    ]
    return [
      "uid": 9, "is_system": false, "is_admin": false, "is_internal_user": true,
      "user_context": ["lang": "en_US", "tz": "UTC", "uid": 9], "db": .string(databaseName), "user_settings": settings,
      "server_version": .string(Odoo.version), "server_version_info": [17, 0, 0, "final", 0, ""],
      "support_url": "https://www.odoo.com/buy", "name": "Monitor", "username": .string(odoo.options.login),
      "partner_display_name": "Monitor", "partner_id": 42,
      "web.base.url": .string("http://\(request.header("host") ?? odoo.options.host)"), "active_ids_limit": 20000,
      "profile_session": .null, "profile_collectors": .null, "profile_params": .null, "max_file_upload_size": 134_217_728,
      "home_action_id": false,
      "cache_hashes": ["translations": .string(Asset.translationsHash), "load_menus": .string(Asset.menusHash)],
      "currencies": ["1": ["symbol": "$", "position": "before", "digits": [69, 2]]], "bundle_params": ["lang": "en_US"],
      "user_companies": ["current_company": 1, "allowed_companies": ["1": company], "disallowed_ancestor_companies": [:]],
      "show_effect": true, "display_switch_company_menu": false, "user_id": [9], "notification_type": "email",
      "odoobot_initialized": false,
    ]
  }
}

extension Raised {
  static let databaseNotFound = Raised(
    name: "odoo.exceptions.AccessError", message: "Database not found.",
    traceback: Traceback.controller(
      [("odoo/addons/web/controllers/session.py", 32, "authenticate")], raising: "odoo.exceptions.AccessError: Database not found."),
    level: .warning)
}

extension String {
  /// A login as sent may hold anything; a log record's first line may not.
  var oneLine: String { String(map { $0.isNewline ? " " : $0 }.prefix(200)) }
}
