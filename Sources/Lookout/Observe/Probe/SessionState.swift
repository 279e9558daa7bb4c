/// How the agent's login at Odoo stands.
struct SessionState: Sendable {
  /// Why there is no session; nil when there is one.
  var trouble: SessionTrouble?
  var openSince: Timestamp?
  /// The login is an administrator's: each of its logins rewrites Odoo's `web.base.url` from the address that the agent uses.
  var isAdministrator = false
}

/// Why no session could be opened.
struct SessionTrouble: Sendable {
  let reason: Reason
  let message: String
  /// Odoo is well and does not let the agent in: that says nothing about its users.
  var isRefusal = false
  /// No further login is tried before this moment; Odoo locks an address out after ten failures.
  var retryAt: Timestamp?
  /// The answer to the login, where there was one.
  var exchange: HTTPExchange?
}
