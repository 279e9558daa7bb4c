/// The look at the server as a whole: whether it answers, its connections, its longest statement.
enum ServerLook {
  static func look(at server: PostgresServer) async -> Sight {
    do throws(PostgresFailure) {
      guard let row = try await server.rows(statement).first, let facts = facts(row) else {
        throw PostgresFailure(state: "XX000", message: "the answer has another shape than asked for")
      }
      return Sight(seen: .database(.up(facts)), samples: await samples(facts, of: server))
    } catch {
      return Sight(seen: .database(.down(error)), samples: await samples(nil, of: server))
    }
  }

  /// Roles without pg_monitor see of the sessions of others neither kind nor statement: a session with a user and a database is a client's,
  /// and of statements nothing is said. Source: PostgreSQL documentation, "The Cumulative Statistics System", pg_stat_activity. A backup
  /// copies large tables for as long as it takes: its statements are not among those that take too long.
  static let statement = """
    /* lookout */ SELECT
      (SELECT count(*) FROM pg_stat_activity
        WHERE coalesce(backend_type, 'client backend') = 'client backend' AND usesysid IS NOT NULL AND datid IS NOT NULL),
      current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
      CASE WHEN pg_has_role(current_user, 'pg_monitor', 'USAGE') THEN (
        SELECT coalesce(extract(epoch FROM max(clock_timestamp() - query_start)), 0) FROM pg_stat_activity
        WHERE state = 'active' AND backend_type = 'client backend' AND pid <> pg_backend_pid()
          AND application_name <> 'pg_dump') END
    """

  static func facts(_ row: [String?]) -> PostgresFacts? {
    guard row.count == 3, let used = row[0].flatMap(Double.init), let limit = row[1].flatMap(Double.init) else { return nil }
    return PostgresFacts(connectionsUsed: used, connectionsLimit: limit, longestStatement: row[2].flatMap(Double.init))
  }

  private static func samples(_ facts: PostgresFacts?, of server: PostgresServer) async -> [MetricSample] {
    var samples = [
      Metric.postgresUp.sample([:], facts == nil ? 0 : 1), Metric.postgresSeconds.sample([:], await server.secondsSpent),
    ]
    guard let facts else { return samples }
    samples.append(Metric.postgresConnectionsUsed.sample([:], facts.connectionsUsed))
    samples.append(Metric.postgresConnectionsLimit.sample([:], facts.connectionsLimit))
    if let longest = facts.longestStatement { samples.append(Metric.postgresLongestStatement.sample([:], longest)) }
    return samples
  }
}
