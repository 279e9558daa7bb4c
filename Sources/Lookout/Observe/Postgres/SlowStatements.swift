/// Statements whose calls since the last look took longer than their budget on average, from pg_stat_statements. Their texts, which lie in a
/// file that PostgreSQL must read whole, are asked for only once there is something to tell.
actor SlowStatements {
  private struct Totals {
    var calls: Double
    var milliseconds: Double
  }

  private let server: PostgresServer
  private let budget: Duration
  private var before: [String: Totals]?

  /// So many are told by name.
  static let told = 3

  init(server: PostgresServer, budget: Duration) {
    self.server = server
    self.budget = budget
  }

  func look() async -> Sight {
    do throws(PostgresFailure) {
      let slow = try await slowSinceLastLook()
      let samples = [
        Metric.slowStatements.sample([:], Double(slow.count)),
        Metric.slowestStatement.sample([:], slow.first?.meanSeconds ?? 0),
      ]
      return Sight(seen: .statements(.success(slow)), samples: samples)
    } catch {
      return Sight(seen: .statements(.failure(error)))
    }
  }

  /// The slowest first; the first few with their text.
  private func slowSinceLastLook() async throws(PostgresFailure) -> [SlowStatement] {
    let now = try await totals()
    defer { before = now }
    guard let before else { return [] }
    var slow: [SlowStatement] = []
    for (id, totals) in now {
      // Fewer calls than before: the statistics were reset, or the entry was evicted and came back.
      let earlier = before[id].flatMap { $0.calls <= totals.calls ? $0 : nil } ?? Totals(calls: 0, milliseconds: 0)
      let calls = totals.calls - earlier.calls
      let mean = (totals.milliseconds - earlier.milliseconds) / max(calls, 1) / 1000
      if calls > 0, mean > budget.inSeconds { slow.append(SlowStatement(id: id, calls: calls, meanSeconds: mean)) }
    }
    slow.sort { ($1.meanSeconds, $0.id) < ($0.meanSeconds, $1.id) }
    return try await withTexts(slow)
  }

  private func totals() async throws(PostgresFailure) -> [String: Totals] {
    // The column's name before PostgreSQL 13 (its release notes, E.23).
    let time = try await version() < 130_000 ? "total_time" : "total_exec_time"
    let rows = try await server.rows(
      """
      /* lookout */ SELECT queryid::text, sum(calls)::float8, sum(\(time))::float8 FROM pg_stat_statements(false)
      WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND queryid IS NOT NULL GROUP BY queryid
      """)
    var totals: [String: Totals] = [:]
    for row in rows where row.count == 3 {
      guard let id = row[0], let calls = row[1].flatMap(Double.init), let time = row[2].flatMap(Double.init) else { continue }
      totals[id] = Totals(calls: calls, milliseconds: time)
    }
    // Without the right one sees one's own statements only, and nothing would ever be slow.
    if try await server.rows("/* lookout */ SELECT pg_has_role(current_user, 'pg_read_all_stats', 'USAGE')").first?.first == "f" {
      throw .rightMissing("GRANT pg_monitor TO the agent's role")
    }
    return totals
  }

  private func version() async throws(PostgresFailure) -> Int {
    if await server.version == 0 { _ = try await server.rows("/* lookout */ SELECT 1") }
    return await server.version
  }

  private func withTexts(_ slow: [SlowStatement]) async throws(PostgresFailure) -> [SlowStatement] {
    let ids = slow.prefix(Self.told).map(\.id).filter { Int64($0) != nil }
    guard !ids.isEmpty else { return slow }
    let rows = try await server.rows(
      """
      /* lookout */ SELECT queryid::text, left(min(query), 2000) FROM pg_stat_statements WHERE queryid IN (\(ids.joined(separator: ", ")))
      GROUP BY queryid
      """)
    let texts = Dictionary(rows.compactMap { row in row.count == 2 ? row[0].map { ($0, row[1]) } : nil }) { first, _ in first }
    return slow.map { statement in
      var statement = statement
      statement.text = texts[statement.id] ?? nil
      return statement
    }
  }
}

/// A statement, as pg_stat_statements counts it, over the time between two looks.
struct SlowStatement: Sendable, Equatable {
  let id: String
  let calls: Double
  let meanSeconds: Double
  /// PostgreSQL has put `$1` in place of its literals; utility statements keep theirs.
  var text: String?
}
