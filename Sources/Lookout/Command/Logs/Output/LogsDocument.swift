import FoundationEssentials
import OdooLog

/// The report as JSON. What is here stays; times are in seconds, moments RFC 3339 in UTC.
struct LogsDocument: Codable, Equatable {
  struct Period: Codable, Equatable {
    let from: String
    let to: String
  }

  struct Logger: Codable, Equatable {
    let logger: String
    let levels: [String: UInt64]
  }

  struct Odd: Codable, Equatable {
    let lines: UInt64
    let samples: [String]
  }

  struct Requests: Codable, Equatable {
    let count: UInt64
    let slow: UInt64
    /// From where on a request is slow.
    let slowSeconds: Double
    let statuses: [String: UInt64]
  }

  struct Sign: Codable, Equatable {
    struct Note: Codable, Equatable {
      let time: String
      let text: String
    }

    let sign: String
    let description: String
    let count: UInt64
    let firstSeen: String
    let lastSeen: String
    let latest: [Note]
  }

  struct CronJob: Codable, Equatable {
    let name: String
    let starts: UInt64
    let completions: UInt64
    let failures: UInt64
    let longestSeconds: Double
    let totalSeconds: Double
  }

  struct Login: Codable, Equatable {
    let address: String
    let failures: UInt64
    let refusals: UInt64
  }

  struct Silence: Codable, Equatable {
    let from: String
    let to: String
    let seconds: Double
  }

  let version: String
  let files: [String]
  let notes: [String]
  let period: Period?
  let lines: UInt64
  let bytes: UInt64
  let linesLeftOut: UInt64
  let continuationLines: UInt64
  let records: UInt64
  /// Records by level.
  let levels: [String: UInt64]
  let loggers: [Logger]
  let oddLines: [String: Odd]
  let requests: Requests
  let timeLine: TimeLineDocument
  let routes: [RouteDocument]
  let slowestRequests: [SlowRequestDocument]
  let errorGroups: [ErrorGroupDocument]
  let errorsUngrouped: UInt64
  let signs: [Sign]
  let cronJobs: [CronJob]
  let failedLogins: [Login]
  let silences: [Silence]
}

extension LogsDocument {
  init(_ report: LogsReport) {
    let (digest, statistics) = (report.digest, report.statistics)
    version = Version.number
    files = report.files
    notes = report.remarks
    period = digest.period.map { Period(from: Self.moment($0.lowerBound), to: Self.moment($0.upperBound)) }
    (lines, bytes, continuationLines) = (statistics.lines, statistics.bytes, statistics.continuationLines)
    (linesLeftOut, records) = (digest.linesLeftOut, report.records)
    levels = Dictionary(uniqueKeysWithValues: report.levels.map { ("\($0.level)", $0.count) })
    loggers = Dictionary(grouping: statistics.records) { $0.key.logger }.map { logger, counts in
      Logger(logger: logger, levels: Dictionary(uniqueKeysWithValues: counts.map { ("\($0.key.level)", $0.value) }))
    }.sorted { $0.logger < $1.logger }
    let odd = report.odd.map { ($0.kind.rawValue, Odd(lines: $0.count, samples: digest.oddSamples.samples[$0.kind] ?? [])) }
    oddLines = Dictionary(uniqueKeysWithValues: odd)
    let outcomes = statistics.routes.values.flatMap(\.outcomes)
    requests = Requests(
      count: report.requests, slow: report.slowRequests, slowSeconds: report.slow,
      statuses: Dictionary(outcomes.map { ("\($0.status)", $0.requests) }, uniquingKeysWith: +))
    timeLine = TimeLineDocument(digest.timeLine)
    routes = report.routesByTime.map(RouteDocument.init)
    slowestRequests = digest.slowestRequests.map(SlowRequestDocument.init)
    errorGroups = report.errorGroups.map { ErrorGroupDocument($0, routes: digest.routes(of: $0)) }
    errorsUngrouped = digest.errorGroups.ungrouped
    signs = digest.signs.entries.map(Sign.init)
    cronJobs = report.cronJobs.map(CronJob.init)
    failedLogins = report.failedLogins.map { Login(address: $0.address, failures: $0.failures, refusals: $0.refusals) }
    silences = digest.silences.longest.map {
      Silence(from: Self.moment($0.from), to: Self.moment($0.to), seconds: Double($0.to - $0.from) / 1_000)
    }
  }

  func text() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }

  static func moment(_ milliseconds: Int64) -> String { Timestamp(milliseconds: milliseconds).rfc3339 }

  /// To the microsecond.
  static func seconds(_ value: Double) -> Double { (value * 1e6).rounded() / 1e6 }
}

extension LogsDocument.Sign {
  init(_ entry: Signs.Entry) {
    self.init(
      sign: entry.sign.rawValue, description: entry.sign.sentence, count: entry.count, firstSeen: LogsDocument.moment(entry.firstSeen),
      lastSeen: LogsDocument.moment(entry.lastSeen),
      latest: entry.latest.map { Note(time: LogsDocument.moment($0.time), text: $0.text.oneLine) })
  }
}

extension LogsDocument.CronJob {
  init(_ job: CronJobs.Job) {
    self.init(
      name: job.name, starts: job.starts, completions: job.completions, failures: job.failures,
      longestSeconds: LogsDocument.seconds(job.longest), totalSeconds: LogsDocument.seconds(job.total))
  }
}
