import OdooLog

/// What happened when.
struct TimeLineDocument: Codable, Equatable {
  struct Slot: Codable, Equatable {
    let time: String
    let records: UInt64
    let requests: UInt64
    let slow: UInt64
    let warnings: UInt64
    let errors: UInt64
  }

  /// Width of a slot.
  let seconds: Int64
  let slots: [Slot]

  init(_ line: TimeLine) {
    seconds = line.width / 1_000
    slots = line.slots.enumerated().map { number, slot in
      Slot(
        time: LogsDocument.moment(line.start(of: number)), records: slot.records, requests: slot.requests, slow: slot.slowRequests,
        warnings: slot.warnings, errors: slot.errors)
    }
  }
}

/// A route's requests and what they cost.
struct RouteDocument: Codable, Equatable {
  /// How something is spread over the requests.
  struct Share: Codable, Equatable {
    let total: Double
    let p50: Double?
    let p95: Double?
    let p99: Double?

    init(_ total: Double, _ spread: Spread) {
      self.total = LogsDocument.seconds(total)
      (p50, p95, p99) = (Self.quantile(spread, 0.5), Self.quantile(spread, 0.95), Self.quantile(spread, 0.99))
    }

    private static func quantile(_ spread: Spread, _ share: Double) -> Double? { spread.quantile(share).map(LogsDocument.seconds) }
  }

  let route: String
  let requests: UInt64
  let methods: [String: UInt64]
  let statuses: [String: UInt64]
  let seconds: Share
  let sqlSeconds: Share
  let pythonSeconds: Share
  let queries: Share
  let longestSeconds: Double

  init(_ digest: RouteDigest) {
    let counts = digest.counts
    (route, requests) = (digest.name, counts.requests)
    methods = Dictionary(counts.outcomes.map { ("\($0.method)", $0.requests) }, uniquingKeysWith: +)
    statuses = Dictionary(counts.outcomes.map { ("\($0.status)", $0.requests) }, uniquingKeysWith: +)
    seconds = Share(counts.durations.sum, digest.durations)
    sqlSeconds = Share(counts.sql, digest.sql)
    pythonSeconds = Share(counts.python, digest.python)
    queries = Share(Double(counts.queries), digest.queries)
    longestSeconds = LogsDocument.seconds(digest.longest)
  }
}

struct SlowRequestDocument: Codable, Equatable {
  let route: String
  let endedAt: String
  let status: UInt16
  let seconds: Double
  let sqlSeconds: Double
  let queries: UInt64
  let pid: UInt64

  init(_ request: SlowRequest) {
    (route, status, queries, pid) = (request.route, request.status, request.cost.queries, request.pid)
    endedAt = LogsDocument.moment(request.endedAt)
    (seconds, sqlSeconds) = (Double(request.cost.duration) / 1e6, Double(request.cost.sql) / 1e6)
  }
}

/// Errors with one cause.
struct ErrorGroupDocument: Codable, Equatable {
  struct Count: Codable, Equatable {
    let time: String
    let count: UInt64
  }

  struct Route: Codable, Equatable {
    let route: String
    let count: UInt64
  }

  let fingerprint: String
  let kind: String
  let level: String
  let logger: String
  let exception: String?
  let message: String
  let frames: [String]
  let count: UInt64
  let firstSeen: String
  let lastSeen: String
  let hours: [Count]
  let databases: [String]
  let routes: [Route]

  init(_ group: ErrorGroup, routes: [(route: String, count: UInt64)]) {
    let digits = String(group.fingerprint, radix: 16)
    fingerprint = String(repeating: "0", count: 16 - digits.count) + digits
    (kind, level, logger, exception) = (group.kind.rawValue, "\(group.level)", group.logger, group.exceptionClass)
    (message, frames, count, databases) = (group.message, group.frames, group.count, group.databases)
    (firstSeen, lastSeen) = (LogsDocument.moment(group.firstSeen), LogsDocument.moment(group.lastSeen))
    hours = group.hours.hours.map { Count(time: LogsDocument.moment($0.start), count: $0.count) }
    self.routes = routes.map { Route(route: $0.route, count: $0.count) }
  }
}
