/// What a look at PostgreSQL saw.
enum DatabaseSight: Sendable {
  case down(PostgresFailure)
  case up(PostgresFacts)
}

struct PostgresFacts: Sendable, Equatable {
  var connectionsUsed: Double
  var connectionsLimit: Double
  /// Age in seconds of the oldest running statement, nil while the role may not see those of others.
  var longestStatement: Double?
}

/// Why PostgreSQL could not be asked.
struct PostgresFailure: Error, Sendable, Equatable {
  let reason: Reason
  /// PostgreSQL's five-letter code, where the server gave one.
  var state: String?
  let message: String

  /// Sorted by the codes of PostgreSQL's documentation, appendix A.
  init(state: String?, message: String) {
    self.state = state
    self.message = message
    switch state {
    case "3D000": reason = .databaseMissing
    case "28000", "28P01": reason = .databaseRefused
    // Of one role's own limit: the server has room, and Odoo's role may have too.
    case "53300" where message.contains("for role"): reason = .databaseRefused
    case "53300": reason = .connectionsExhausted
    case "42501": reason = .rightMissing
    case .some(let state) where !state.hasPrefix("57P") && !state.hasPrefix("08"): reason = .queryFailed
    default: reason = .databaseUnreachable
    }
  }

  /// The server answers, and it is the agent that it does not serve: that says nothing about Odoo.
  var isAboutAgent: Bool {
    switch reason {
    case .databaseRefused, .rightMissing, .queryFailed: true
    default: false
    }
  }

  static func unreachable(_ message: String) -> PostgresFailure { PostgresFailure(state: nil, message: message) }

  /// The agent's role may not see what it was to look at; `cure` is what gives it the right.
  static func rightMissing(_ cure: String) -> PostgresFailure { PostgresFailure(state: "42501", message: cure) }

  /// The failure of a statement that reads a table of Odoo's.
  func reading(_ table: String) -> PostgresFailure {
    switch state {
    case "42501": .rightMissing("GRANT SELECT ON \(table) TO the agent's role")
    case "42P01": PostgresFailure(state: state, message: "the database has no table \(table); is it Odoo's, and the module installed?")
    default: self
    }
  }
}
