import OdooLog

/// Where Odoo's log is, and what is made of it.
struct LogSettings: Sendable, Equatable {
  /// Where reading begins in a log that was never read before.
  enum Start: String, Sendable, CaseIterable {
    case end, beginning
    /// With what was rotated away and still lies beside it, packed or not.
    case rotated
  }

  /// Paths and patterns of paths (glob(7)); `-` is standard input.
  var files: [String] = []
  /// The unit whose messages in the journal are the log; nil where it lies in files.
  var journal: String?
  var start = Start.end
  var patterns: [LogPattern] = []
  var redaction: OwnRedaction?
  var acceptedSecrets: Set<SecretKind> = [.urlToken]

  /// Names the log in the state directory and for people.
  var name: String { journal.map { "journal of \($0)" } ?? files.joined(separator: " ") }
}
