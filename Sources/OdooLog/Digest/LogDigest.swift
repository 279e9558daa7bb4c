/// Everything that a log tells of the time it covers: the counts, and beside them what happened when, what requests cost, what failed and what
/// befell Odoo. Its memory is bounded whatever the log holds.
public struct LogDigest: Sendable {
  public private(set) var statistics: LogStatistics
  var observer: DigestObserver

  /// - Parameters:
  ///   - period: records outside of it are left out, in milliseconds since 1970.
  ///   - slow: seconds from which on a request is slow.
  public init(period: Range<Int64> = .min..<(.max), slow: Double = 2, loggerLimit: Int = 200, routeLimit: Int = 200) {
    statistics = LogStatistics(loggerLimit: loggerLimit, routeLimit: routeLimit)
    observer = DigestObserver(period: period, slow: UInt64(max(0, slow) * 1e6))
  }

  /// When the lines that come next were written at the latest, in milliseconds since 1970: for stamps that name no year.
  public var latest: Int64? {
    get { statistics.latest }
    set { statistics.latest = newValue }
  }

  public var timeLine: TimeLine { observer.timeLine }
  public var silences: Silences { observer.silences }
  public var signs: Signs { observer.signs }
  public var oddSamples: OddSamples { observer.oddSamples }
  /// Of the first and the last record, in milliseconds since 1970; nil where there is none.
  public var period: ClosedRange<Int64>? { observer.earliest <= observer.latest ? observer.earliest...observer.latest : nil }
  /// Lines that were left out, for they are of another time.
  public var linesLeftOut: UInt64 { observer.linesLeftOut }
  public var errorGroups: ErrorGroups { observer.errors }
  public var slowestRequests: [SlowRequest] { observer.slowRequests.all(statistics.routeTable.names.names) }
  public var routes: [RouteDigest] {
    statistics.routes.map { name, counts in
      let number = statistics.routeTable.names.names.firstIndex(of: name) ?? 0
      return RouteDigest(name: name, counts: counts, profiles: observer.profiles, number: number)
    }
  }

  /// Routes of the requests that failed with an error, the most frequent first.
  public func routes(of group: ErrorGroup) -> [(route: String, count: UInt64)] {
    group.routes.sorted { $0.count > $1.count }.map { ($0.route, $0.count) }
  }
}

/// What the requests of a route cost.
public struct RouteDigest: Sendable {
  public let name: String
  public let counts: RouteStatistics
  /// Seconds.
  public let durations: Spread
  public let sql: Spread
  public let python: Spread
  /// SQL queries a request.
  public let queries: Spread
  /// Seconds of the slowest.
  public let longest: Double

  init(name: String, counts: RouteStatistics, profiles: RouteProfiles, number: Int) {
    (self.name, self.counts) = (name, counts)
    durations = profiles.spread(.duration, route: number)
    sql = profiles.spread(.sql, route: number)
    python = profiles.spread(.python, route: number)
    queries = profiles.spread(.queries, route: number)
    longest = profiles.longest(route: number)
  }
}

extension LogScanner {
  /// Counts every line that these bytes complete.
  public mutating func feed(_ bytes: Span<UInt8>, into digest: inout LogDigest) {
    digest.feed(bytes.bytes, through: &self)
  }

  /// Counts the incomplete line as it is, and ends the last record: for the end of a file that nobody writes to any more.
  public mutating func finish(into digest: inout LogDigest) {
    digest.finish(&self)
  }
}

extension LogDigest {
  fileprivate mutating func feed(_ bytes: RawSpan, through scanner: inout LogScanner) {
    scanner.feed(bytes, into: &statistics, &observer)
  }

  fileprivate mutating func finish(_ scanner: inout LogScanner) {
    scanner.finish(into: &statistics, &observer)
    observer.endError(in: statistics.recordCounts.loggers)
  }
}
