/// The longest times in which nothing was logged.
public struct Silences: Sendable, Equatable {
  public struct Silence: Sendable, Equatable {
    /// Of the records before and after it, in milliseconds since 1970.
    public let from: Int64
    public let to: Int64
  }

  private static let shortest: Int64 = 300_000
  private static let limit = 5

  /// The longest first.
  public private(set) var longest: [Silence] = []
  /// The latest moment: processes do not write in the order of time.
  private var last = Int64.min

  @inline(__always)
  mutating func saw(_ time: Int64) {
    if time <= last { return }
    if time &- last >= Self.shortest, last != .min { add(last, time) }
    last = time
  }

  private mutating func add(_ from: Int64, _ to: Int64) {
    longest.append(Silence(from: from, to: to))
    longest.sort { $0.to - $0.from > $1.to - $1.from }
    if longest.count > Self.limit { longest.removeLast() }
  }
}
