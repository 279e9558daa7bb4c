/// The table of looks at PostgreSQL, and at what Odoo keeps in it.
struct PostgresChecks {
  let target: Configuration.Target
  let server: PostgresServer

  var all: [Check] {
    let statements = SlowStatements(server: server, budget: settings.statementBudget)
    return [
      check("postgresql", .postgresql, every: settings.interval, budget: settings.runningBudget) { await ServerLook.look(at: $0) },
      check("statements", .database, every: settings.costlyInterval, budget: settings.statementBudget) { _ in await statements.look() },
      check("mail", .mail, every: settings.costlyInterval) { await MailLook.look(at: $0) },
      check("cron", .cron, every: settings.costlyInterval) { await CronLook.look(at: $0) },
    ]
  }

  private var settings: Configuration.Checks { target.checks }

  private func check(
    _ name: String, _ component: Component, every interval: Duration, budget: Duration? = nil,
    _ look: @escaping @Sendable (PostgresServer) async -> Sight
  ) -> Check {
    Check(
      id: CheckID(target: target.name, check: name), component: component, database: target.postgresql?.database, interval: interval,
      timeout: settings.timeout, budget: budget?.inSeconds
    ) { [server] in await look(server) }
  }
}
