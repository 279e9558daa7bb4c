import OdooLog

/// What is said of logs, whatever the form: in the order in which a person wants to know it.
struct LogsReport: Sendable {
  let digest: LogDigest
  let files: [String]
  let troubles: [String]
  /// Seconds from which on a request is slow.
  let slow: Double

  init(_ result: LogReading.Result, slow: Double) {
    (digest, files, troubles, self.slow) = (result.digest, result.files, result.troubles, slow)
  }

  var statistics: LogStatistics { digest.statistics }

  /// Records by level, all levels.
  var levels: [(level: LogLevel, count: UInt64)] {
    LogLevel.allCases.map { level in (level, statistics.records.filter { $0.key.level == level }.values.reduce(0, +)) }
  }

  var records: UInt64 { statistics.records.values.reduce(0, +) }
  var requests: UInt64 { statistics.routes.values.map(\.requests).reduce(0, +) }
  var slowRequests: UInt64 { digest.timeLine.slots.map(\.slowRequests).reduce(0, +) }

  /// Those that took most of the workers' time first.
  var routesByTime: [RouteDigest] {
    digest.routes.sorted { ($0.counts.durations.sum, $1.name) > ($1.counts.durations.sum, $0.name) }
  }

  /// Those with most queries in all first.
  var routesByQueries: [RouteDigest] {
    digest.routes.filter { $0.counts.queries > 0 }.sorted { ($0.counts.queries, $1.name) > ($1.counts.queries, $0.name) }
  }

  /// Those whose slow requests are slowest first.
  var routesBySlowness: [RouteDigest] {
    digest.routes.map { ($0, $0.durations.quantile(0.95) ?? 0) }.filter { $0.1 > 0 }.sorted { ($0.1, $1.0.name) > ($1.1, $0.0.name) }.map(
      \.0)
  }

  /// Failures first, then what only looks like them; the most frequent first.
  var errorGroups: [ErrorGroup] {
    func rank(_ kind: ErrorKind) -> Int { ErrorKind.allCases.firstIndex(of: kind) ?? 0 }
    return digest.errorGroups.groups.sorted { (rank($0.kind), $1.count, $0.firstSeen) < (rank($1.kind), $0.count, $1.firstSeen) }
  }

  /// What befell Odoo, in the order of its beginning.
  var signs: [Signs.Entry] {
    digest.signs.entries.filter { !$0.sign.isOrdinary }.sorted { $0.firstSeen < $1.firstSeen }
  }

  /// Processes of Odoo that ended before their time.
  var deaths: UInt64 { digest.signs.entries.filter(\.sign.isDeath).map(\.count).reduce(0, +) }

  /// Those that failed first, then those that took longest.
  var cronJobs: [CronJobs.Job] {
    digest.signs.cron.jobs.sorted { ($0.failures, $0.total, $1.name) > ($1.failures, $1.total, $0.name) }
  }

  var failedLogins: [FailedLogins.Address] {
    digest.signs.logins.addresses.values.sorted { ($0.failures + $0.refusals, $1.address) > ($1.failures + $1.refusals, $0.address) }
  }

  /// Lines that could not be used, by what was odd about them.
  var odd: [(kind: OddLine, count: UInt64)] {
    [
      (.stray, statistics.strayLines), (.truncated, statistics.truncatedLines), (.unparsedAccess, statistics.unparsedAccessLines),
      (.unparsedRecord, statistics.unparsedRecords),
    ]
  }

  /// What a person should know of the log itself.
  var remarks: [String] {
    var remarks = troubles
    let debug = levels.first { $0.level == .debug }?.count ?? 0
    if debug > 0 { remarks.append("\(debug) records are of level DEBUG: they cost time and disk, and may hold what no log should") }
    if requests == 0, records > 0 {
      remarks.append("there is no request in it: with log_level=warn Odoo logs none, and nothing is known of them")
    }
    if digest.errorGroups.ungrouped > 0 {
      remarks.append("\(digest.errorGroups.ungrouped) errors are in none of the groups, for there were too many different ones")
    }
    return remarks
  }
}

extension LogsReport {
  /// A piece of the time line as wide as is shown.
  struct Column: Equatable, Sendable {
    let start: Timestamp
    var requests: UInt64 = 0
    var slow: UInt64 = 0
    var warnings: UInt64 = 0
    var errors: UInt64 = 0
  }

  /// The time line in at most so many columns of one width, in seconds.
  func columns(atMost limit: Int) -> (columns: [Column], seconds: Int64) {
    let line = digest.timeLine
    let step = max(1, (line.slots.count + limit - 1) / max(1, limit))
    let columns = stride(from: 0, to: line.slots.count, by: step).map { first in
      line.slots[first..<min(first + step, line.slots.count)].reduce(into: Column(start: Timestamp(milliseconds: line.start(of: first)))) {
        $0.requests += $1.requests
        $0.slow += $1.slowRequests
        $0.warnings += $1.warnings
        $0.errors += $1.errors
      }
    }
    return (columns, line.width / 1_000 * Int64(step))
  }
}

extension ErrorKind {
  /// For a person, of several.
  var heading: String {
    switch self {
    case .failure: "Errors"
    case .statement: "Statements that failed"
    case .retry: "Conflicts that Odoo tries again by itself"
    case .userMistake: "Mistakes of users"
    case .sessionExpired: "Expired sessions"
    }
  }
}

extension ErrorGroup {
  /// Class and message.
  var title: String { [exceptionClass, message].compactMap { $0.flatMap { $0.isEmpty ? nil : $0 } }.joined(separator: ": ") }
}

extension Signs.Entry {
  /// What the log said of the latest, each text once.
  var texts: [String] {
    latest.map(\.text.oneLine).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }.suffix(2)
  }
}

extension CronJobs.Job {
  /// A log may begin in the middle of a run, or end so.
  var runs: UInt64 { max(starts, completions + failures) }
}

extension RouteDigest {
  /// Answers with a status from 500 on.
  var failures: UInt64 { counts.outcomes.filter { $0.status >= 500 }.map(\.requests).reduce(0, +) }
}
