/// What `/web/session/authenticate` said. A refusal is told from a fault of Odoo, so that a stopped database never counts as a wrong password.
enum LoginAnswer {
  case open(cookie: String, isAdministrator: Bool)
  case refused(Reason, String)
  case unreachable(Reason, String)

  init(_ exchange: HTTPExchange) {
    if let failure = exchange.failure {
      self = .unreachable(failure.reason, failure.message)
    } else if exchange.status != 200 {
      self = .unreachable(.httpStatus, "Odoo answered the login with HTTP \(exchange.status)")
    } else if let answer = RPCAnswer(exchange.body) {
      self = answer.error.map(Self.init(refusedBy:)) ?? Self(answer.value, exchange)
    } else {
      self = .unreachable(.notJSON, "Odoo answered the login with something that is not JSON")
    }
  }

  private init(refusedBy error: RPCError) {
    let message = error.data?.message ?? error.message ?? ""
    switch error.data?.name {
    case "odoo.exceptions.AccessDenied" where message.hasPrefix("Too many login failures"):
      self = .refused(.loginCooldown, "Odoo takes no logins from this address for a minute: there were too many failures")
    case "odoo.exceptions.AccessDenied":
      self = .refused(.loginFailed, "Odoo refused login and password")
    case "odoo.exceptions.AccessError" where message.hasPrefix("Database not found"):
      self = .refused(.databaseMissing, "Odoo knows no database of that name")
    default:
      self = .unreachable(.rpcError, "the login failed with \(error.data?.name ?? error.message ?? "an error without a name")")
    }
  }

  private init(_ user: JSONValue?, _ exchange: HTTPExchange) {
    guard let user, user["uid"]?.number != nil else {
      // Odoo answers a correct password with uid null while it waits for the second factor.
      self = .refused(.secondFactor, "Odoo asks this user for a second factor; give the agent a user without one")
      return
    }
    guard let cookie = exchange.sessionCookie else {
      self = .unreachable(.protocolError, "Odoo accepted the login but set no session cookie")
      return
    }
    self = .open(cookie: cookie, isAdministrator: user["is_admin"] == .bool(true) || user["is_system"] == .bool(true))
  }
}

extension HTTPExchange {
  fileprivate var sessionCookie: String? {
    for header in headers where header.name.lowercased() == "set-cookie" {
      let pair = header.value.prefix { $0 != ";" }
      if pair.hasPrefix("session_id=") { return String(pair.dropFirst("session_id=".count)) }
    }
    return nil
  }
}
