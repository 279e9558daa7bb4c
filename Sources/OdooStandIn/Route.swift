/// What Odoo's routing map knows of a path.
struct Route: Sendable {
  enum Kind: Sendable {
    /// `type='json'`: POST with a JSON-RPC call.
    case json(@Sendable (Visit, JSON) throws(Raised) -> Reply)
    /// `type='http'`.
    case page(@Sendable (Visit) -> Answer)
  }

  var kind: Kind
  /// `auth='user'`.
  var user = false
  var methods = ["GET", "HEAD", "POST", "OPTIONS"]
  /// Served without a look at the database.
  var isStatic = false

  static let all: [String: Route] = [
    "/": Route(kind: .page { $0.root() }),
    "/web": Route(kind: .page { $0.webClient() }),
    "/web/health": Route(kind: .page { $0.health() }),
    "/web/login": Route(kind: .page { $0.loginPage() }),
    "/web/session/authenticate": Route(kind: .json { visit, params throws(Raised) in try visit.authenticate(params) }),
    "/web/session/get_session_info": Route(kind: .json { visit, _ in visit.sessionInfo() }, user: true),
    "/web/session/destroy": Route(kind: .json { visit, _ in visit.destroySession() }, user: true),
    "/web/session/logout": Route(kind: .page { $0.logout() }),
    "/web/database/list": Route(kind: .json { visit, _ throws(Raised) in try visit.databaseList() }),
    "/web/database/selector": Route(kind: .page { $0.databaseSelector() }),
    "/web/database/manager": Route(kind: .page { $0.databaseManager() }),
    "/web/webclient/version_info": Route(kind: .json { visit, _ in visit.versionInfo() }),
    "/web/dataset/call_kw": Route(kind: .json { visit, params throws(Raised) in try visit.callKW(params) }, user: true),
    "/web/manifest.webmanifest": Route(kind: .page { $0.manifest() }),
    "/websocket": Route(kind: .page { $0.websocket() }),
    "/websocket/health": Route(kind: .page { $0.websocket() }),
    "/crm/dashboard/data": Route(kind: .json { visit, params in visit.dashboardData(params) }, user: true),
    "/crm/dashboard/overdue": Route(kind: .json { visit, params in visit.overdue(params) }, user: true),
    "/crm/dashboard/performers": Route(kind: .json { visit, params in visit.performers(params) }, user: true),
    "/crm/strategic/dashboard/data": Route(kind: .json { visit, params in visit.strategicData(params) }, user: true),
    "/crm/dashboard/export": Route(kind: .page { $0.export() }, user: true),
    "/crm/strategic/dashboard/export": Route(kind: .page { $0.strategicExport() }, user: true),
  ]

  /// Routes with arguments in their path.
  static let prefixes: [(prefix: String, route: Route)] = [
    ("/web/assets/", Route(kind: .page { $0.asset() })),
    ("/web/static/", Route(kind: .page { $0.staticFile() }, isStatic: true)),
    ("/web/webclient/load_menus/", Route(kind: .page { $0.menus() }, user: true)),
    ("/web/webclient/translations/", Route(kind: .page { $0.translations() })),
    ("/web/binary/company_logo", Route(kind: .page { $0.logo() })),
  ]

  static func find(_ path: String) -> Route? {
    all[path] ?? prefixes.first { path.hasPrefix($0.prefix) }?.route
  }

  func answer(_ visit: Visit) -> Answer {
    switch kind {
    case .json(let act): return answer(visit, to: act)
    case .page(let act):
      guard methods.contains(visit.request.method) else { return .methodNotAllowed(methods) }
      if user, visit.session == nil, !visit.isPublic { return visit.toLogin(cost: Cost(queries: 2, seconds: 0.012)) }
      return visit.struckExport() ?? act(visit)
    }
  }

  private func answer(_ visit: Visit, to act: @Sendable (Visit, JSON) throws(Raised) -> Reply) -> Answer {
    let request = visit.request
    guard ["POST", "OPTIONS"].contains(request.method) else { return .methodNotAllowed(["OPTIONS", "POST"]) }
    guard ["application/json", "application/json-rpc"].contains(request.contentType) else { return .mismatch(request.path) }
    if user, visit.session == nil, !visit.isPublic { return Raised.sessionExpired.answer(id: .null, database: visit.databaseName) }
    guard let call = JSONReader.read(request.body), call.isObject else {
      return .text("Invalid JSON data", .badRequest, cost: Cost(queries: 1, seconds: 0.002)).with(Answer.nosniff)
    }
    if let answer = visit.struckDown() { return answer }
    return visit.reply(to: call) { params throws(Raised) in
      if let reply = try visit.struck(params) { return reply }
      return try act(visit, params)
    }
  }
}

extension Visit {
  /// Runs a JSON-RPC call: its result, or what it raised, in an envelope with the call's id.
  func reply(to call: JSON, _ act: (JSON) throws(Raised) -> Reply) -> Answer {
    let id = call["id"] ?? .null
    do throws(Raised) {
      let reply = try act(call["params"] ?? [:])
      var answer = Answer.rpc(["jsonrpc": "2.0", "id": id, "result": reply.result], cost: reply.cost)
      answer.records = reply.records
      return reply.sessionID.map { answer.settingSession($0, now: now) } ?? answer.with(Answer.nosniff)
    } catch {
      return error.answer(id: id, database: databaseName)
    }
  }
}

/// What a JSON controller returns.
struct Reply: Sendable {
  var result: JSON
  var cost: Cost
  var records: [Record] = []
  /// Goes out as a cookie.
  var sessionID: String?
}

extension Answer {
  fileprivate static func methodNotAllowed(_ methods: [String]) -> Answer {
    let page = Page.error(.methodNotAllowed, "The method is not allowed for the requested URL.")
    return text(page, .methodNotAllowed, cost: Cost(queries: 1, seconds: 0.002))
      .with((name: "Allow", value: methods.sorted().joined(separator: ", ")))
  }

  fileprivate static func mismatch(_ path: String) -> Answer {
    let message = "Request inferred type is compatible with [&#39;http&#39;] but &#39;\(Page.escaped(path))&#39; is type=&#39;json&#39;."
    return text(Page.error(.badRequest, message), .badRequest, cost: Cost(queries: 1, seconds: 0.002))
  }
}
