/// Tells workers that end as soon as they have started from those that are replaced now and then, and from a restart of Odoo.
struct RespawnWatch: Sendable {
  /// So many ends without a request served, and starts after them, within so many milliseconds.
  private static let many = 10
  private static let window: Int64 = 60_000

  private var ends: [Int64] = []
  private var starts: [Int64] = []
  /// Workers that end now were told to.
  private var isStopping = false

  /// Whether a loop shows that was not told of within the window.
  mutating func saw(_ sign: LogSign, _ message: RawSpan, at time: Int64) -> Bool {
    switch sign {
    case .stopped: (ends, starts, isStopping) = ([], [], true)
    // The process for live connections says so too, each time that it is replaced.
    case .started: isStopping = false
    case .workerStarted: Self.add(time, &starts)
    case .workerExited where !isStopping && message.contains("request_count: 0,"), .workerCrashed: Self.add(time, &ends)
    default: return false
    }
    guard ends.count >= Self.many, starts.count >= Self.many else { return false }
    (ends, starts) = ([], [])
    return true
  }

  private static func add(_ time: Int64, _ moments: inout [Int64]) {
    moments.append(time)
    moments.removeAll { time - $0 > window }
  }
}
