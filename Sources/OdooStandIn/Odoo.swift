internal import Glibc
internal import NIOCore

/// The stand-in's parts, and its start-up and shutdown as the log tells them.
final class Odoo: Sendable {
  static let version = "17.0-20240709"

  let options: StandIn.Options
  let faults = FaultBoard()
  let sessions: Sessions
  let database: DatabaseProbe
  let workers: Workers
  let log: LogFile
  let leads = Lead.made(count: 1095)

  init(_ options: StandIn.Options, on loops: any EventLoopGroup) {
    self.options = options
    sessions = Sessions(login: options.login, password: options.password)
    database = DatabaseProbe(options.databaseAddress, on: loops)
    workers = Workers(count: max(1, options.workers), master: Int(getpid()))
    log = LogFile(path: options.logPath)
  }

  func started(port: Int) {
    let master = workers.master
    func say(_ logger: String, _ message: String, database: String? = nil) {
      log.write(Record(logger: logger, message: message, database: database), pid: master)
    }
    say("odoo", "Odoo version \(Self.version)")
    say("odoo", "Using configuration file at /etc/odoo/odoo.conf")
    say("odoo", "addons paths: ['/opt/odoo/odoo/addons', '/var/lib/odoo/addons/17.0', '/opt/odoo/custom-addons']")
    say("odoo", "database: \(database.name)")
    say("odoo.addons.base.models.ir_actions_report", "You need Wkhtmltopdf to print a pdf version of the reports.")
    say("odoo.service.server", "HTTP service (werkzeug) running on \(options.host):\(port)")
    say("odoo.modules.loading", "loading 42 modules...", database: options.database)
    say("odoo.modules.loading", "42 modules loaded in 0.40s, 0 queries (+0 extra)", database: options.database)
    say("odoo.modules.loading", "Modules loaded.", database: options.database)
    say("odoo.modules.registry", "Registry loaded in 0.537s", database: options.database)
    for pid in workers.pids { alive(pid) }
  }

  func alive(_ pid: Int, kind: String = "WorkerHTTP") {
    server(.info, "Worker \(kind) (\(pid)) alive", pid: pid)
  }

  /// The end of all processes; the next start has new ones.
  func stopping() {
    server(.info, "Stopping gracefully", pid: workers.master)
    for (pid, requests) in workers.renew() {
      server(.info, "Worker (\(pid)) exiting. request_count: \(requests), registry count: 1.", pid: pid)
    }
  }

  func server(_ level: Record.Level, _ message: String, traceback: String? = nil, pid: Int) {
    let record = Record(
      level: level, logger: "odoo.service.server", message: message, traceback: traceback, database: options.database)
    log.write(record, pid: pid)
  }
}
