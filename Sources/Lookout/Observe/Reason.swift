/// Why a check did not pass. A closed list with a runbook entry each; adding one is a change of interface.
enum Reason: String, CaseIterable, Codable, Sendable {
  // The way to Odoo.
  case dns, connect, tls, timeout
  case emptyReply = "empty_reply"
  case tooLarge = "too_large"
  case protocolError = "protocol_error"
  // Its answer.
  case httpStatus = "http_status"
  case redirectedToLogin = "redirected_to_login"
  case databaseSelector = "database_selector"
  case redirected
  case contentType = "content_type"
  case notJSON = "not_json"
  case sessionExpired = "session_expired"
  case loginFailed = "login_failed"
  case loginCooldown = "login_cooldown"
  case secondFactor = "second_factor"
  case accessDenied = "access_denied"
  case rpcError = "rpc_error"
  case dashboardError = "dashboard_error"
  case emptyData = "empty_data"
  case missingData = "missing_data"
  case unexpectedData = "unexpected_data"
  case notInstalled = "not_installed"
  case assetBroken = "asset_broken"
  case tooSlow = "too_slow"
  case saturated, exposed
  // PostgreSQL.
  case databaseUnreachable = "database_unreachable"
  case databaseRefused = "database_refused"
  case databaseMissing = "database_missing"
  case connectionsExhausted = "connections_exhausted"
  case longStatement = "long_statement"
  case slowStatement = "slow_statement"
  case rightMissing = "right_missing"
  case extensionMissing = "extension_missing"
  case queryFailed = "query_failed"
  // What Odoo keeps in it.
  case mailFailed = "mail_failed"
  case mailStuck = "mail_stuck"
  case cronOverdue = "cron_overdue"
  // The log.
  case logErrors = "log_errors"
  case logUnreadable = "log_unreadable"
  // What only the log tells.
  case workerKilled = "worker_killed"
  case respawnLoop = "respawn_loop"
  case poolFull = "pool_full"
  case registryFailed = "registry_failed"
  case moduleSkipped = "module_skipped"
  case cronFailed = "cron_failed"
  case mailServerFailed = "mail_server_failed"
  case loginsFailed = "logins_failed"
  case databaseCreated = "database_created"
  case newError = "new_error"
  case logSilent = "log_silent"
  case logNotWritable = "log_not_writable"
  case logLost = "log_lost"
  case logBlind = "log_blind"
  case debugLogged = "debug_logged"
  case secretLogged = "secret_logged"
  // The agent itself.
  case agentTrouble = "agent_trouble"
  case notObserved = "not_observed"
}
