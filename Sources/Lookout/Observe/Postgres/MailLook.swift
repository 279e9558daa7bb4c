/// What of Odoo's outgoing mail went wrong: the log says nothing of a mail server that refuses (`mail_mail.state`).
enum MailLook {
  /// Odoo keeps times in UTC without a zone. Mail that failed longer ago than a day is history, not news.
  static let statement = """
    /* lookout */ SELECT
      count(*) FILTER (WHERE state = 'exception' AND write_date > timezone('UTC', now()) - interval '1 day'),
      count(*) FILTER (WHERE state = 'outgoing' AND coalesce(scheduled_date, create_date) < timezone('UTC', now()) - interval '1 hour'),
      count(*) FILTER (WHERE state = 'exception' AND write_date > timezone('UTC', now()) - interval '1 hour'),
      (SELECT left(failure_reason, 500) FROM mail_mail WHERE state = 'exception' ORDER BY write_date DESC NULLS LAST LIMIT 1)
    FROM mail_mail WHERE state IN ('exception', 'outgoing')
    """

  static func look(at server: PostgresServer) async -> Sight {
    do throws(PostgresFailure) {
      let row = try await server.rows(statement).first ?? []
      let failed = Self.number(row, 0)
      let stuck = Self.number(row, 1)
      let samples = [
        Metric.mailFailed.sample([:], failed), Metric.mailFailedLately.sample([:], Self.number(row, 2)),
        Metric.mailStuck.sample([:], stuck),
      ]
      let sight = MailSight(failed: failed, stuck: stuck, lastFailure: row.count > 3 ? row[3] : nil)
      return Sight(seen: .mail(.success(sight)), samples: samples)
    } catch {
      return Sight(seen: .mail(.failure(error.reading("mail_mail"))))
    }
  }

  private static func number(_ row: [String?], _ column: Int) -> Double {
    row.indices.contains(column) ? row[column].flatMap(Double.init) ?? 0 : 0
  }
}

struct MailSight: Sendable, Equatable {
  /// Within a day.
  var failed: Double
  /// Outgoing for more than an hour.
  var stuck: Double
  /// As the mail server put it.
  var lastFailure: String?
}
