/// Which of Odoo's scheduled jobs should have run and have not (`ir_cron.nextcall`).
enum CronLook {
  /// Odoo's cron workers look for work once a minute, and one of them may be busy with a long job; later than this is late.
  static let grace = Duration.seconds(900)

  static let statement = """
    /* lookout */ SELECT coalesce(cron_name, 'job ' || id), extract(epoch FROM timezone('UTC', now()) - nextcall)
    FROM ir_cron WHERE active AND nextcall < timezone('UTC', now()) - interval '900 seconds' ORDER BY nextcall LIMIT 1000
    """

  static func look(at server: PostgresServer) async -> Sight {
    do throws(PostgresFailure) {
      let jobs = try await server.rows(statement).compactMap { row -> OverdueJob? in
        guard row.count == 2, let name = row[0], let seconds = row[1].flatMap(Double.init) else { return nil }
        return OverdueJob(name: name, seconds: seconds)
      }
      let samples = [
        Metric.cronOverdue.sample([:], Double(jobs.count)), Metric.cronLatest.sample([:], jobs.map(\.seconds).max() ?? 0),
      ]
      return Sight(seen: .cron(.success(jobs)), samples: samples)
    } catch {
      return Sight(seen: .cron(.failure(error.reading("ir_cron"))))
    }
  }
}

struct OverdueJob: Sendable, Equatable {
  let name: String
  /// Since it should have run.
  let seconds: Double
}
