internal import NIOCore

/// The routes of the module `web`, but for sessions and assets.
extension Visit {
  func root() -> Answer {
    .redirect(to: "/web", cost: Cost(queries: 2, seconds: 0.011)).settingSession(session ?? Sessions.newID(), now: now)
  }

  /// `db_server_status`, known to later versions, is ignored with a warning.
  func health() -> Answer {
    let answer = health(cost: Cost(queries: 2, seconds: 0.011, sql: 0.2))
    guard !request.query.isEmpty else { return answer }
    let names = request.query.keys.sorted().map { "'\($0.filter { !$0.isNewline })'" }.joined(separator: ", ")
    let message = "<function odoo.addons.web.controllers.home.health> called ignoring args {\(names)}"
    return answer.logging(Record(level: .warning, logger: "odoo.http", message: message, database: databaseName))
  }

  func health(cost: Cost) -> Answer {
    let bytes = ByteBuffer(string: "{\"status\": \"pass\"}")
    let headers = [("Content-Type", "application/json"), ("Cache-Control", "no-store"), ("Content-Length", String(bytes.readableBytes))]
    return Answer(status: .ok, headers: headers + [Answer.nosniff], body: .bytes(bytes), cost: cost)
  }

  func webClient() -> Answer {
    guard let session else {
      return .redirect(to: "/web/login", cost: Cost(queries: 2, seconds: 0.01)).settingSession(Sessions.newID(), now: now)
    }
    let page = Page.webClient(token: Sessions.token(for: session, now: now), session: sessionFacts())
    return .text(page, cost: Cost(queries: 36, seconds: 0.06, sql: 0.2)).with(("X-Frame-Options", "DENY"))
      .settingSession(session, now: now)
  }

  func databases(_ names: [JSON]) -> Reply {
    Reply(result: .array(names), cost: Cost(queries: 3, seconds: 0.015), sessionID: session ?? Sessions.newID())
  }

  /// Switched off (`list_db = False`), unless a fault opens it.
  func databaseList() throws(Raised) -> Reply {
    guard odoo.faults.isOn(.openDatabases) else { throw Raised.accessDenied }
    return databases([.string(databaseName)])
  }

  /// The page comes either way.
  func databaseManager() -> Answer {
    guard !odoo.faults.isOn(.openDatabases) else { return databaseSelector() }
    return .text(Page.databaseManagerDisabled, cost: Cost(queries: 5, seconds: 0.06))
  }

  func databaseSelector() -> Answer { .text(Page.databaseSelector, cost: Cost(queries: 5, seconds: 0.06)) }

  func versionInfo() -> Reply {
    let result: JSON = [
      "server_version": .string(Odoo.version), "server_version_info": [17, 0, 0, "final", 0, ""], "server_serie": "17.0",
      "protocol_version": 1,
    ]
    return Reply(result: result, cost: Cost(queries: 2, seconds: 0.01), sessionID: session ?? Sessions.newID())
  }

  /// The prefork port does not speak WebSocket: that is the gevent port's.
  func websocket() -> Answer {
    let message = "The browser (or proxy) sent a request that this server could not understand."
    return .text(Page.error(.badRequest, message), .badRequest, cost: Cost(queries: 2, seconds: 0.01))
  }

  func manifest() -> Answer {
    let icons: [JSON] = [["src": "/web/static/img/odoo-icon-192x192.png", "sizes": "192x192", "type": "image/png"]]
    let manifest: JSON = [
      "name": "Odoo", "scope": "/web", "start_url": "/web", "display": "standalone", "background_color": "#714B67",
      "icons": .array(icons),
    ]
    return .text(manifest.text, type: "application/manifest+json", cost: Cost(queries: 7, seconds: 0.01)).with(Answer.nosniff)
  }

  func menus() -> Answer {
    func menu(_ id: Int, _ name: String, _ children: [JSON]) -> JSON {
      ["id": .int(id), "name": .string(name), "children": .array(children), "appID": 1, "xmlid": "", "actionID": .int(id + 100)]
    }
    guard !odoo.faults.isOn(.menusMissing) else {
      return .json(["root": menu(0, "root", [1]), "1": menu(1, "CRM", [])], cost: Cost(queries: 1, seconds: 0.003))
    }
    let menus: JSON = [
      "root": ["id": "root", "name": "root", "children": [1], "appID": false],
      "1": menu(1, "CRM", [2, 3, 4]), "2": menu(2, "CRM Executive Dashboard", []), "3": menu(3, "Strategic Dashboard", []),
      "4": menu(4, "Dashboard Configurations", []),
    ]
    return .json(menus, cost: Cost(queries: 1, seconds: 0.003)).with(("Cache-Control", "public, max-age=31536000"), Answer.nosniff)
  }

  func translations() -> Answer {
    let terms: JSON = [
      "lang": "en_US", "lang_parameters": ["direction": "ltr", "decimal_point": "."], "modules": [:], "multi_lang": false,
    ]
    return .json(terms, cost: Cost(queries: 2, seconds: 0.006)).with(("Cache-Control", "public, max-age=31536000"), Answer.nosniff)
  }

  func logo() -> Answer {
    .bytes(Asset.picture(8698), type: "image/png", cost: Cost(queries: 3, seconds: 0.014)).with(
      ("Cache-Control", "no-cache"), Answer.nosniff)
  }
}
