/// What stands open at an Odoo that need not, and what it tells of itself.
struct ExposureSight: Sendable {
  /// Things that can be open; the names are those of `odoo_exposed{what=…}` and of `checks: accept_exposed:`.
  enum Thing: String, CaseIterable, Sendable {
    /// The page that makes, drops and copies databases for whoever knows the master password.
    case databaseManager = "database_manager"
    /// The names of all databases.
    case databaseList = "database_list"
    /// Errors come with the server's paths and source lines.
    case tracebacks
    /// Scripts can read the session's cookie.
    case cookieForScripts = "cookie_without_httponly"
    /// The session's cookie travels unencrypted too.
    case cookieUnencrypted = "cookie_without_secure"
    /// A form is taken without its token.
    case csrf = "csrf_not_enforced"

    /// For a person.
    var sentence: String {
      switch self {
      case .databaseManager: "the database manager is open (/web/database/manager)"
      case .databaseList: "the names of the databases are told (/web/database/list)"
      case .tracebacks: "errors show the server's paths"
      case .cookieForScripts: "the session's cookie lacks HttpOnly"
      case .cookieUnencrypted: "the session's cookie lacks Secure"
      case .csrf: "the login takes a form without its CSRF token"
      }
    }
  }

  /// What was seen of each; a thing that could not be asked for is not in it.
  var isOpen: [Thing: Bool] = [:]
  /// What the configuration takes no offence at.
  var accepted: Set<Thing> = []
  /// Parts of the header `Server`: `Werkzeug` = `2.2.2`, `Python` = `3.11.2`.
  var versions: [(name: String, version: String)] = []
  /// Why nothing was seen at all.
  var failure: TransportFailure?
}
