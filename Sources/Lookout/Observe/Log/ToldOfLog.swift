import OdooLog

/// What has been told of the log.
struct ToldOfLog {
  var committed: LogFile.Position?
  private var at: Timestamp?
  private var errors: UInt64?
  private var unreadable: String?
  /// Since when there is an error whose request is not logged yet.
  private var waitingSince: Timestamp?
  /// Totals of errors by the moment at which they were told.
  private var totals: [(at: Timestamp, errors: UInt64)] = []

  /// How long an error waits for the line of the request that failed with it; not every error is a request's.
  static let patience = Duration.milliseconds(200)

  var isWaiting: Bool { waitingSince != nil }

  mutating func isNews(_ progress: LogReader.Progress, at now: Timestamp, interval: Duration) -> Bool {
    guard let at else { return true }
    if errors != progress.statistics.errors {
      let since = waitingSince ?? now
      waitingSince = since
      return progress.statistics.lastError?.route != nil || now - since >= Self.patience
    }
    return unreadable != progress.unreadable || now - at >= interval
  }

  /// Returns the errors within the window.
  mutating func note(_ progress: LogReader.Progress, at now: Timestamp, window: Duration) -> UInt64 {
    at = now
    waitingSince = nil
    errors = progress.statistics.errors
    unreadable = progress.unreadable
    totals.append((now, progress.statistics.errors))
    // The newest total that is older than the window stays, to count from.
    while totals.count > 1, totals[1].at <= now - window { totals.removeFirst() }
    return progress.statistics.errors &- (totals.first?.errors ?? 0)
  }
}
