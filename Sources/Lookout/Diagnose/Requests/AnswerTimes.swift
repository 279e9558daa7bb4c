import OdooLog

/// Where the time went while a client waited for an answer, in seconds: what Odoo's log says of its worker, and what is left.
struct AnswerTimes: Equatable, Sendable {
  /// Before a worker took the request up, and on the way: Odoo begins to measure when one has it (odoo/http.py, `perf_t0`).
  let queue: Double
  let sql: Double
  let python: Double
  let queries: UInt64

  /// More queries than this in one request are as a rule some for each record (N+1).
  static let mostQueries: UInt64 = 500

  init(waited: Double, cost: RequestCost) {
    (sql, python, queries) = (Double(cost.sql) / 1e6, Double(cost.python) / 1e6, cost.queries)
    queue = max(0, waited - Double(cost.duration) / 1e6)
  }

  var hasManyQueries: Bool { queries > Self.mostQueries }

  /// As much as a healthy Odoo's network and rounding never come to.
  private static let shortQueue = 0.5

  var isMostlyQueue: Bool { queue > Self.shortQueue && queue > sql + python }

  var evidence: [Evidence] {
    let spans = [("queue", queue), ("sql", sql), ("python", python)].map { "\($0) \($1.formatted()) s" }
    let times = [Evidence(name: "server", value: spans.joined(separator: ", ")), Evidence(name: "queries", value: String(queries))]
    let many = Evidence(name: "n_plus_one", value: "more than \(Self.mostQueries) queries in one request, as a rule some for each record")
    return times + (hasManyQueries ? [many] : [])
  }

  var samples: [MetricSample] {
    [("queue", queue), ("sql", sql), ("python", python)].map { Metric.answerTime.sample(["phase": $0], $1) } + [
      Metric.answerQueries.sample([:], Double(queries)), Metric.answerManyQueries.sample([:], hasManyQueries ? 1 : 0),
    ]
  }
}
