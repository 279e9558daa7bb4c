/// What the follower of Odoo's log saw since the agent started to follow it.
struct LogSight: Sendable {
  /// Why the log cannot be read now; nil while it can.
  var unreadable: String?
  /// Failures (ERROR and CRITICAL) within the last five minutes.
  var recentErrors: UInt64 = 0
  /// The newest of them, redacted.
  var lastError: String?
  /// The route of the request that failed with it, where that is known.
  var lastErrorRoute: String?
}
