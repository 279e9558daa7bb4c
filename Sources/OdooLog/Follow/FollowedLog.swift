/// A log that is followed: the counts, and beside them groups of errors and what else only the log knows. Encoded and decoded between two
/// lines it goes on as if nothing had happened; the groups of errors are kept by themselves, for there may be many and few change.
public struct FollowedLog: Sendable {
  public var statistics: LogStatistics
  var observer: FollowObserver

  /// - Parameters:
  ///   - kept: what an earlier follower left.
  ///   - errors: the groups of errors that it knew.
  public init(_ kept: Kept? = nil, errors: [KnownError] = []) {
    statistics = kept?.statistics ?? LogStatistics()
    observer = FollowObserver(errors)
    if let more = kept?.more { observer.goOn(with: more) }
  }

  /// What belongs to a place in the log.
  public struct Kept: Sendable, Codable {
    public var statistics: LogStatistics
    var more: FollowObserver.Kept?

    private enum CodingKeys: CodingKey { case statistics, more }

    init(statistics: LogStatistics, more: FollowObserver.Kept?) {
      (self.statistics, self.more) = (statistics, more)
    }

    /// Earlier versions kept the counts alone.
    public init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      guard values.contains(.statistics) else {
        self.init(statistics: try LogStatistics(from: decoder), more: nil)
        return
      }
      self.init(
        statistics: try values.decode(LogStatistics.self, forKey: .statistics),
        more: try values.decodeIfPresent(FollowObserver.Kept.self, forKey: .more))
    }
  }

  public var kept: Kept { Kept(statistics: statistics, more: observer.kept) }

  /// The follower's clock, in milliseconds since 1970; nil takes the records' own time.
  public var clock: Int64? {
    get { observer.clock }
    set {
      observer.clock = newValue
      statistics.latest = newValue
    }
  }

  /// Leaves out more of what is kept and shown than is left out in any case.
  public var ownRedaction: (@Sendable (String) -> String)? {
    get { observer.errors.trail.groups.ownRedaction }
    set {
      observer.errors.trail.groups.ownRedaction = newValue
      statistics.failure.ownRedaction = newValue
    }
  }

  /// Reads each record as a whole.
  package var reader: (any RecordReader)? {
    get { observer.reader }
    set { observer.reader = newValue }
  }

  public var signs: RecentSigns { observer.signs }
  public var errorGroups: ErrorGroups { observer.errors.trail.groups }
  /// Groups that were new or came back, the latest last.
  public var errorNews: [ErrorNews] { observer.errors.news }
  public var errorNewsCount: UInt64 { observer.errors.newsCount }
  /// How often which secret was met, and what it stood with of late.
  public var secrets: [(kind: SecretKind, count: UInt64, seenAt: Int64, place: String)] {
    SecretKind.allCases.map { kind in
      let latest = observer.secrets.latest[kind.rawValue]
      return (kind, observer.secrets.counts[kind.rawValue] ?? 0, latest?.at ?? 0, latest?.text ?? "")
    }
  }

  /// Groups of errors by kind and state; all pairs, also those of which there is none.
  public func errorStates(at now: Int64) -> [ErrorKind: [ErrorStanding.State: Int]] {
    var counts: [ErrorKind: [ErrorStanding.State: Int]] = [:]
    for group in errorGroups.groups {
      guard let standing = observer.errors.standings[group.fingerprint] else { continue }
      counts[group.kind, default: [:]][standing.state(at: now), default: 0] += 1
    }
    return counts
  }

  /// What is to be written of the groups of errors.
  public mutating func takeErrorChanges() -> ErrorChanges { observer.errors.takeChanges() }
  public mutating func giveBack(_ changes: ErrorChanges) { observer.errors.giveBack(changes) }

  /// Whether a record that matters may still go on.
  public var hasOpenRecord: Bool { observer.hasOpenRecord }

  /// Nothing has been written for a while: what is open is taken to be whole.
  public mutating func settle(at now: Int64) { observer.settle(in: statistics.recordCounts.loggers, at: now) }
}

extension LogScanner {
  /// Counts every line that these bytes complete.
  public mutating func feed(_ bytes: Span<UInt8>, into log: inout FollowedLog) {
    feed(bytes.bytes, into: &log.statistics, &log.observer)
  }

  /// Counts the incomplete line as it is.
  public mutating func finish(into log: inout FollowedLog) {
    finish(into: &log.statistics, &log.observer)
  }
}
