import OdooLog

/// What has been told of the log.
struct ToldOfLog {
  var committed: LogState?
  private var at: Timestamp?
  private var errors: UInt64?
  private var unreadable: String?
  /// Since when there is an error whose request is not logged yet.
  private var waitingSince: Timestamp?
  /// When more of the same was last told.
  private var toldSameAt: Timestamp?
  private var signs = Signs()
  private var isBehind = false
  /// Totals of errors by the moment at which they were told.
  private var totals: [(at: Timestamp, errors: UInt64)] = []

  /// How long an error waits for the line of the request that failed with it; not every error is a request's.
  static let patience = Duration.milliseconds(200)
  /// In a storm of errors it is told so often.
  static let pace = Duration.seconds(1)

  /// What only the log tells, in all.
  private struct Signs: Equatable {
    var newErrors: UInt64 = 0
    var events: UInt64 = 0

    init() {}

    init(_ log: FollowedLog) {
      newErrors = log.errorNewsCount
      events = log.statistics.signs.reduce(0) { $1.key.isOrdinary ? $0 : $0 &+ $1.value }
    }
  }

  /// Whether more was read than is kept.
  func isUnkept(_ progress: LogReader.Progress) -> Bool {
    committed.map { $0.places != progress.places || $0.log.statistics.bytes != progress.statistics.bytes } ?? true
  }

  /// Whether something is to be told before the interval is over.
  var isWaiting: Bool { waitingSince != nil || isBehind }

  func isDue(at now: Timestamp, interval: Duration) -> Bool { at.map { now - $0 >= interval } ?? true }

  mutating func isNews(_ progress: LogReader.Progress, at now: Timestamp, interval: Duration) -> Bool {
    if isDue(at: now, interval: interval) || unreadable != progress.unreadable { return true }
    let seen = Signs(progress.log)
    if seen.newErrors != signs.newErrors { return true }
    isBehind = seen.events != signs.events
    let isPaced = toldSameAt.map { now - $0 >= Self.pace } ?? true
    if isBehind, isPaced { return true }
    guard errors != progress.statistics.errors else { return false }
    let since = waitingSince ?? now
    waitingSince = since
    guard isPaced else { return false }
    return progress.statistics.lastError?.route != nil || now - since >= Self.patience
  }

  /// Returns the errors within the window.
  mutating func note(_ progress: LogReader.Progress, at now: Timestamp, window: Duration) -> UInt64 {
    let seen = Signs(progress.log)
    if at != nil, errors != progress.statistics.errors || seen != signs { toldSameAt = now }
    at = now
    (waitingSince, isBehind) = (nil, false)
    errors = progress.statistics.errors
    unreadable = progress.unreadable
    signs = seen
    totals.append((now, progress.statistics.errors))
    // The newest total that is older than the window stays, to count from.
    while totals.count > 1, totals[1].at <= now - window { totals.removeFirst() }
    return progress.statistics.errors &- (totals.first?.errors ?? 0)
  }
}
