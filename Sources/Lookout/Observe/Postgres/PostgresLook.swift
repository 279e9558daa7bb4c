/// The look at a PostgreSQL server: one statement over one kept connection.
enum PostgresLook {
  static func check(_ configuration: Configuration, _ postgresql: Configuration.PostgreSQL, loop: EventLoop) -> Check {
    let server = PostgresServer(postgresql, timeout: configuration.checks.timeout, loop: loop)
    return Check(
      id: CheckID(target: configuration.target, check: "postgresql"), component: .postgresql, database: postgresql.database,
      interval: configuration.checks.interval, timeout: configuration.checks.timeout, budget: configuration.checks.statementBudget.inSeconds
    ) { await server.look() }
  }

  /// Roles without pg_monitor see of the sessions of others neither kind nor statement: a session with a user and a database is a client's,
  /// and of statements nothing is said. Source: PostgreSQL documentation, "The Cumulative Statistics System", pg_stat_activity.
  static let statement = """
    /* lookout */ SELECT
      (SELECT count(*) FROM pg_stat_activity
        WHERE coalesce(backend_type, 'client backend') = 'client backend' AND usesysid IS NOT NULL AND datid IS NOT NULL),
      current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
      CASE WHEN pg_has_role(current_user, 'pg_monitor', 'USAGE') THEN (
        SELECT coalesce(extract(epoch FROM max(clock_timestamp() - query_start)), 0) FROM pg_stat_activity
        WHERE state = 'active' AND backend_type = 'client backend' AND pid <> pg_backend_pid()) END
    """

  static func facts(_ row: [String?]) -> PostgresFacts? {
    guard row.count == 3, let used = row[0].flatMap(Double.init), let limit = row[1].flatMap(Double.init) else { return nil }
    return PostgresFacts(connectionsUsed: used, connectionsLimit: limit, longestStatement: row[2].flatMap(Double.init))
  }
}
