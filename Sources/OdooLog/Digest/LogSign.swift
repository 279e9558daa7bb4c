/// What only the log tells: something happened to Odoo that no answer of its shows.
public enum LogSign: String, Sendable, Codable, CaseIterable {
  case started, stopped
  case workerStarted = "worker_started"
  case workerExited = "worker_exited"
  /// A worker without a request served any: told of those that end so at once, again and again.
  case respawnLoop = "respawn_loop"
  case workerTimeLimit = "worker_time_limit"
  case workerCPULimit = "worker_cpu_limit"
  case workerMemoryLimit = "worker_memory_limit"
  case workerCrashed = "worker_crashed"
  case memoryExhausted = "memory_exhausted"
  case cronTimeLimit = "cron_time_limit"
  case cronJobFailed = "cron_job_failed"
  case cronFailed = "cron_failed"
  case poolFull = "pool_full"
  case databaseUnreachable = "database_unreachable"
  case databaseCreated = "database_created"
  case databaseNotInitialized = "database_not_initialized"
  case registryFailed = "registry_failed"
  case moduleSkipped = "module_skipped"
  case moduleInconsistent = "module_inconsistent"
  /// Somebody installs, updates or removes one.
  case moduleChanged = "module_changed"
  case mailServerFailed = "mail_server_failed"
  case loginFailed = "login_failed"
  case loginsRefused = "logins_refused"
  case statementRetried = "statement_retried"
  case retriesExhausted = "retries_exhausted"

  /// Whether it is no trouble by itself.
  public var isOrdinary: Bool { [.started, .stopped, .workerStarted, .workerExited, .moduleChanged, .statementRetried].contains(self) }

  /// Whether a process of Odoo's ended before its time.
  public var isDeath: Bool {
    [.workerTimeLimit, .workerCPULimit, .workerMemoryLimit, .workerCrashed, .memoryExhausted, .cronTimeLimit].contains(self)
  }

  /// For a person.
  public var sentence: String {
    switch self {
    case .started: "Odoo started"
    case .stopped: "Odoo was stopped"
    case .workerStarted: "a worker started"
    case .workerExited: "a worker ended"
    case .respawnLoop: "workers ended as soon as they had started, again and again"
    case .workerTimeLimit: "a worker was killed by its time limit (limit_time_real): its request got no answer"
    case .workerCPULimit: "a worker reached its CPU limit (limit_time_cpu): its request got no answer"
    case .workerMemoryLimit: "a worker reached its memory limit (limit_memory_soft) and was replaced"
    case .workerCrashed: "a worker ended with an exception"
    case .memoryExhausted: "a request found no memory (limit_memory_hard)"
    case .cronTimeLimit: "a scheduled job was killed by its time limit (limit_time_real_cron)"
    case .cronJobFailed: "a scheduled job failed"
    case .cronFailed: "the scheduler could not work"
    case .poolFull: "all connections to PostgreSQL were in use (db_maxconn)"
    case .databaseUnreachable: "PostgreSQL could not be reached"
    case .databaseCreated: "a database was created"
    case .databaseNotInitialized: "a database without Odoo's tables was asked for"
    case .registryFailed: "the models of a database could not be loaded"
    case .moduleSkipped: "a module was left out, for it or what it needs is missing"
    case .moduleInconsistent: "modules are half installed"
    case .moduleChanged: "a module was installed, updated or removed"
    case .mailServerFailed: "a mail server did not take or give mail"
    case .loginFailed: "a login failed"
    case .loginsRefused: "logins from an address were refused after too many failures"
    case .statementRetried: "Odoo tried a transaction again"
    case .retriesExhausted: "Odoo gave a transaction up after all its tries"
    }
  }
}

extension LogSign {
  var number: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  /// How a message is known.
  enum Pattern: Sendable {
    case starts(StaticString)
    case contains(StaticString)
    /// Both, the first at the start.
    case startsAndContains(StaticString, StaticString)

    func fits(_ message: RawSpan) -> Bool {
      switch self {
      case .starts(let text): message.starts(with: text, at: 0)
      case .contains(let text): message.contains(text, within: 400)
      case .startsAndContains(let start, let text): message.starts(with: start, at: 0) && message.contains(text, within: 400)
      }
    }
  }

  struct Row: Sendable {
    let logger: String
    let pattern: Pattern
    let sign: LogSign
    /// Of the sign, in the order of all.
    let number: Int
    /// Whether the message holds nothing that must not be shown.
    let isShown: Bool

    init(_ logger: String, _ pattern: Pattern, _ sign: LogSign, isShown: Bool = true) {
      (self.logger, self.pattern, self.sign, self.isShown) = (logger, pattern, sign, isShown)
      number = sign.number
    }
  }

  private static let server = "odoo.service.server"
  private static let cron = "odoo.addons.base.models.ir_cron"
  private static let users = "odoo.addons.base.models.res_users"
  private static let mailServers = "odoo.addons.base.models.ir_mail_server"

  /// The messages of Odoo 16, 17 and 18; the first row that fits counts.
  static let rows: [Row] = [
    Row("odoo", .starts("Odoo version "), .started),
    Row(server, .startsAndContains("Worker Worker", ") alive"), .workerStarted),
    Row(server, .startsAndContains("Worker (", "CPU time limit ("), .workerCPULimit),
    Row(server, .startsAndContains("Worker (", "memory limit ("), .workerMemoryLimit),
    Row(server, .starts("Gevent virtual memory limit reached"), .workerMemoryLimit),
    Row(server, .startsAndContains("Server memory limit (", "reached"), .workerMemoryLimit),
    Row(server, .startsAndContains("WorkerCron (", ") timeout after "), .cronTimeLimit),
    Row(server, .startsAndContains("Worker", ") timeout after "), .workerTimeLimit),
    Row(server, .startsAndContains("Thread <Thread(odoo.service.cron", "virtual real time limit ("), .cronTimeLimit),
    Row(server, .startsAndContains("Thread ", "virtual real time limit ("), .workerTimeLimit),
    Row(server, .startsAndContains("Worker ", "Exception occurred, exiting"), .workerCrashed),
    Row(server, .startsAndContains("Worker (", ") exiting. request_count: "), .workerExited),
    Row(server, .starts("Stopping gracefully"), .stopped), Row(server, .starts("Initiating shutdown"), .stopped),
    Row("odoo.sql_db", .starts("Connection to the database failed"), .databaseUnreachable, isShown: false),
    Row("odoo.service.model", .contains("tries left, try again"), .statementRetried),
    Row("odoo.service.model", .contains("maximum number of tries reached"), .retriesExhausted),
    Row(cron, .startsAndContains("Call from cron ", " failed in Job "), .cronJobFailed),
    Row(cron, .startsAndContains("Job ", " failed"), .cronJobFailed), Row(cron, .starts("Exception in cron"), .cronFailed),
    Row("odoo.modules.registry", .starts("Failed to load registry"), .registryFailed),
    Row("odoo.modules.registry", .startsAndContains("module ", "creating or updating database tables"), .moduleChanged),
    // With the login of whoever pressed the button (odoo/addons/base/models/ir_module.py, `assert_log_admin_access`).
    Row("odoo.addons.base.models.ir_module", .starts("ALLOW access to module.button_"), .moduleChanged, isShown: false),
    Row("odoo.modules.loading", .starts("init db"), .databaseCreated),
    Row("odoo.modules.loading", .startsAndContains("Database ", " not initialized"), .databaseNotInitialized),
    Row("odoo.modules.loading", .contains("have inconsistent states"), .moduleInconsistent),
    Row("odoo.modules.loading", .starts("Some modules are not loaded"), .moduleInconsistent),
    Row("odoo.modules.loading", .starts("Transient module states were reset"), .moduleInconsistent),
    Row("odoo.modules.loading", .starts("invalid module names, ignored"), .moduleSkipped),
    Row("odoo.modules.graph", .startsAndContains("module ", "skipped"), .moduleSkipped),
    Row("odoo.modules.graph", .startsAndContains("module ", "Unmet dependencies"), .moduleSkipped),
    Row("odoo.modules.module_graph", .startsAndContains("module ", "skipped"), .moduleSkipped),
    Row("odoo.modules.module_graph", .startsAndContains("module ", "Unmet dependencies"), .moduleSkipped),
    Row(mailServers, .starts("Mail delivery failed"), .mailServerFailed, isShown: false),
    Row(mailServers, .starts("Connection test on ir.mail_server"), .mailServerFailed, isShown: false),
    Row("odoo.addons.mail.models.mail_mail", .starts("failed sending mail"), .mailServerFailed, isShown: false),
    Row("odoo.addons.mail.models.mail_mail", .starts("Exception while processing mail"), .mailServerFailed, isShown: false),
    Row("odoo.addons.mail.models.fetchmail", .starts("General failure when trying to"), .mailServerFailed, isShown: false),
    Row(users, .starts("Login failed for "), .loginFailed, isShown: false),
    Row(users, .starts("Login attempt ignored for "), .loginsRefused, isShown: false),
  ]

  /// By the class of the exception that ends a traceback.
  private static let classes: [(name: StaticString, sign: LogSign)] = [
    ("psycopg2.pool.PoolError", .poolFull), ("MemoryError", .memoryExhausted),
  ]

  /// - Parameter exception: the line that ends a traceback.
  static func of(exception line: RawSpan) -> LogSign? {
    classes.first { line.starts(with: $0.name, at: 0) && LogError.classLength(line) == $0.name.utf8CodeUnitCount }?.sign
  }
}
