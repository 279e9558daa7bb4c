/// What goes on in Odoo without a request: the cron worker while PostgreSQL is away, errors on demand, faults that run out.
struct Background: Sendable {
  private static let step = Duration.milliseconds(100)

  let odoo: Odoo
  let control: ControlDoor

  func run() async {
    var nextError = ContinuousClock.now
    var nextCron = ContinuousClock.now
    while !Task.isCancelled {
      let now = ContinuousClock.now
      for name in odoo.faults.due(at: now) { _ = try? await control.turnOff(name) }
      if odoo.faults.isOn(.logErrors), now >= nextError {
        logError()
        nextError = now + .seconds(1)
      }
      if now >= nextCron {
        nextCron = now + (await cronWorkerLives() ? .seconds(2) : .milliseconds(450))
      }
      if (try? await Task.sleep(for: Self.step)) == nil { return }
    }
  }

  private func logError() {
    let message = "Error in get_dashboard_data: division by zero"
    let traceback = Traceback.model("get_dashboard_data", raising: "ZeroDivisionError: division by zero")
    let record = Record(
      level: .error, logger: "odoo.addons.crm_executive_dashboard.models.crm_dashboard", message: message, traceback: traceback,
      database: odoo.options.database)
    odoo.log.write(record, pid: odoo.workers.pids.first ?? odoo.workers.master)
  }

  /// Without PostgreSQL the cron worker dies and comes back about twice a second, with a traceback each time.
  private func cronWorkerLives() async -> Bool {
    if odoo.faults.isOn(.stopped) { return true }
    if await odoo.database.isUp() { return true }
    let pid = odoo.workers.newPID()
    odoo.alive(pid, kind: "WorkerCron")
    odoo.log.write(.connectionFailed(odoo.options.database), pid: pid)
    let traceback = Traceback.connection(
      from: [("odoo/service/server.py", 1100, "run"), ("odoo/service/server.py", 1238, "start")], odoo.database.refusal)
    odoo.server(.error, "Worker (\(pid)) Exception occurred, exiting...", traceback: traceback, pid: pid)
    return false
  }
}

extension Record {
  static func connectionFailed(_ database: String?) -> Record {
    Record(logger: "odoo.sql_db", message: "Connection to the database failed", database: database)
  }
}
