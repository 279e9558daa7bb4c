/// A count that only rises, remembered for some minutes.
struct RisingCount: Sendable {
  private static let longest = Duration.seconds(3600)

  private var totals: [(at: Timestamp, count: UInt64)] = []
  /// Since when it has stood as it does, as far as anybody looked.
  private(set) var unchangedSince: Timestamp?
  /// When it was last seen to rise.
  private(set) var changedAt: Timestamp?

  mutating func note(_ count: UInt64, at now: Timestamp) {
    if let last = totals.last, last.count == count { return }
    if !totals.isEmpty { changedAt = now }
    unchangedSince = now
    // Of several within a second the latest stands for all, but the first of all is what is counted from.
    if totals.count > 1, let last = totals.last, last.at.milliseconds / 1_000 == now.milliseconds / 1_000 { totals.removeLast() }
    totals.append((now, count))
    while totals.count > 2, totals[1].at < now - Self.longest { totals.removeFirst() }
  }

  /// By how much it has risen within that time.
  func rise(within span: Duration, at now: Timestamp) -> UInt64 {
    guard let last = totals.last, let first = totals.first else { return 0 }
    // What was counted at the beginning of that time is what was noted last before it.
    let before = totals.last { $0.at <= now - span } ?? first
    return last.count &- before.count
  }
}
