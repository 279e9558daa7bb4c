/// Odoo while PostgreSQL refuses connections: only what needs no database is left of the routing map.
extension Visit {
  func answerWithoutDatabase() -> Answer {
    let failed = Record.connectionFailed(nil)
    switch request.path {
    case "/web/health": return health(cost: Cost(queries: 0, seconds: 0.011, sql: 0)).logging(failed)
    case "/": return redirectWithSession("/web").logging(failed)
    case "/web" where session != nil: return failedShell()
    case "/web", "/web/login": return redirectWithSession("/web/database/selector").logging(failed, failed)
    case "/web/database/selector", "/web/database/manager": return free(databaseSelector()).logging(failed)
    case "/web/session/logout": return free(logout()).logging(failed)
    case "/web/session/authenticate": return json { _ throws(Raised) in throw self.refused() }
    case "/web/database/list": return json { _ in self.databases([]) }.logging(failed, failed)
    case "/web/webclient/version_info": return json { _ in self.versionInfo() }.logging(failed)
    case let path where path.hasPrefix("/web/static/"): return free(staticFile()).logging(failed)
    default:
      let page = Page.error(.notFound, Page.notFoundMessage)
      return Answer.text(page, .notFound, cost: Cost(queries: 0, seconds: 0.001, sql: 0)).logging(failed)
    }
  }

  private func free(_ answer: Answer) -> Answer {
    var answer = answer
    answer.cost.queries = 0
    return answer
  }

  private func redirectWithSession(_ location: String) -> Answer {
    .redirect(to: location, cost: Cost(queries: 0, seconds: 0.002, sql: 0)).settingSession(session ?? Sessions.newID(), now: now)
  }

  /// With a session the database is known, so that its registry is asked for, in vain.
  private func failedShell() -> Answer {
    let traceback = Traceback.connection(
      from: [
        ("odoo/http.py", 2189, "__call__"), ("odoo/http.py", 1743, "_serve_db"), ("odoo/modules/registry.py", 841, "check_signaling"),
        ("odoo/modules/registry.py", 950, "cursor"),
      ], odoo.database.refusal)
    var answer = Answer.text(Page.error(.failed, Page.failedMessage), .failed, cost: Cost(queries: 0, seconds: 0.005, sql: 0))
      .logging(.connectionFailed(databaseName), .unhandled(traceback, database: databaseName))
    answer.database = databaseName
    return answer
  }

  private func json(_ act: (JSON) throws(Raised) -> Reply) -> Answer {
    guard let call = JSONReader.read(request.body), call.isObject else {
      return .text("Invalid JSON data", .badRequest, cost: .nothing).with(Answer.nosniff)
    }
    var answer = free(reply(to: call, act))
    if request.path == "/web/session/authenticate" { answer.database = databaseName }
    return answer
  }

  private func refused() -> Raised {
    let traceback = Traceback.connection(
      from: [
        ("odoo/http.py", 2191, "__call__"), ("odoo/http.py", 1733, "_serve_nodb"), ("odoo/http.py", 1997, "dispatch"),
        ("odoo/http.py", 741, "route_wrapper"), ("odoo/addons/web/controllers/session.py", 33, "authenticate"),
        ("odoo/http.py", 1006, "authenticate"), ("odoo/addons/base/models/res_users.py", 889, "authenticate"),
        ("odoo/addons/base/models/res_users.py", 857, "_login"), ("odoo/modules/registry.py", 950, "cursor"),
      ], odoo.database.refusal)
    return Raised(
      name: "psycopg2.OperationalError", message: odoo.database.refusal, traceback: traceback,
      records: [.connectionFailed(nil), .connectionFailed(databaseName)], cost: Cost(queries: 0, seconds: 0.1, sql: 0))
  }
}
