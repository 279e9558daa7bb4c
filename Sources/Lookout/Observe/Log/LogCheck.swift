import OdooLog

/// A check that the follower of the log keeps: something that only the log tells. The table is all there is to know of each.
struct LogCheck: Sendable {
  /// What it is seen by.
  enum Source: Sendable {
    /// Messages of Odoo, at least so many within the time that the check lasts.
    case signs([LogSign], least: UInt64 = 1)
    case newErrors, secrets, level, loss, silence, writing
  }

  let name: String
  let component: Component
  let reason: Reason
  /// What happened, for a person.
  let sentence: String
  /// How long what happened is told.
  var lasts = Duration.seconds(300)
  let source: Source

  static let all: [LogCheck] = [
    LogCheck(
      name: "log_worker_killed", component: .workers, reason: .workerKilled,
      sentence: "workers were killed by a limit or ended with an exception: their requests got no answer",
      source: .signs([.workerTimeLimit, .workerCPULimit, .workerMemoryLimit, .workerCrashed, .memoryExhausted, .cronTimeLimit])),
    LogCheck(
      name: "log_respawn_loop", component: .workers, reason: .respawnLoop,
      sentence: "workers end as soon as they have started, again and again", source: .signs([.respawnLoop])),
    LogCheck(
      name: "log_pool_full", component: .workers, reason: .poolFull,
      sentence: "all connections that Odoo allows itself to PostgreSQL were in use (db_maxconn)", source: .signs([.poolFull])),
    LogCheck(
      name: "log_database", component: .postgresql, reason: .databaseUnreachable,
      sentence: "Odoo could not connect to PostgreSQL", source: .signs([.databaseUnreachable])),
    LogCheck(
      name: "log_database_created", component: .database, reason: .databaseCreated,
      sentence: "Odoo created a database: the configured one did not exist", lasts: .seconds(3600), source: .signs([.databaseCreated])),
    LogCheck(
      name: "log_registry", component: .registry, reason: .registryFailed,
      sentence: "Odoo could not load the models of a database", source: .signs([.registryFailed, .databaseNotInitialized])),
    LogCheck(
      name: "log_modules", component: .module, reason: .moduleSkipped,
      sentence: "modules were left out or are half installed, whatever the installation's exit status said", lasts: .seconds(3600),
      source: .signs([.moduleSkipped, .moduleInconsistent])),
    LogCheck(
      name: "log_logins", component: .access, reason: .loginsFailed,
      sentence: "logins failed so often that Odoo locks the address out, or someone tries passwords",
      source: .signs([.loginFailed, .loginsRefused], least: 10)),
    LogCheck(
      name: "log_cron", component: .cron, reason: .cronFailed, sentence: "scheduled jobs failed",
      source: .signs([.cronJobFailed, .cronFailed])),
    LogCheck(
      name: "log_mail", component: .mail, reason: .mailServerFailed, sentence: "a mail server did not take or give mail",
      source: .signs([.mailServerFailed])),
    LogCheck(
      name: "log_new_errors", component: .log, reason: .newError, sentence: "errors that have not been seen before, or not for a day",
      source: .newErrors),
    LogCheck(
      name: "log_silence", component: .log, reason: .logSilent, sentence: "Odoo answers, and writes nothing into its log",
      source: .silence),
    LogCheck(
      name: "log_writable", component: .log, reason: .logNotWritable,
      sentence: "Odoo may not write its log: it hangs when it next tries", source: .writing),
    LogCheck(
      name: "log_loss", component: .log, reason: .logLost, sentence: "lines of Odoo's log were lost, or may have been", source: .loss),
    LogCheck(
      name: "log_level", component: .log, reason: .logBlind, sentence: "Odoo logs no requests: nothing is known of them", source: .level),
    LogCheck(
      name: "log_secrets", component: .log, reason: .secretLogged, sentence: "secrets stand in Odoo's log", source: .secrets),
  ]

  func row(of target: String, interval: Duration) -> CheckRow {
    CheckRow(
      id: CheckID(target: target, check: name), component: component, cost: .cheap, database: nil, interval: interval, isTold: true)
  }
}
