/// Durations counted by bucket; each count is of its own bucket alone, not of those below it.
public struct DurationHistogram: Sendable, Equatable {
  /// Upper bounds in seconds, inclusive; one more bucket follows without a bound.
  public static let bounds: [Double] = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30]

  /// One more than there are bounds.
  public private(set) var counts = [UInt64](repeating: 0, count: 11)
  private var microseconds: UInt64 = 0

  public init() {}

  public var count: UInt64 { counts.reduce(0, &+) }
  /// Seconds.
  public var sum: Double { Double(microseconds) / 1e6 }

  @inline(__always)
  mutating func add(microseconds duration: UInt64) {
    counts[Self.bucket(duration)] &+= 1
    microseconds &+= duration
  }

  /// How many bounds it exceeds. Without branches, for no processor foretells how long a request takes.
  @inline(__always)
  private static func bucket(_ duration: UInt64) -> Int {
    var bucket = duration > 10_000 ? 1 : 0
    bucket &+= duration > 50_000 ? 1 : 0
    bucket &+= duration > 100_000 ? 1 : 0
    bucket &+= duration > 250_000 ? 1 : 0
    bucket &+= duration > 500_000 ? 1 : 0
    bucket &+= duration > 1_000_000 ? 1 : 0
    bucket &+= duration > 2_000_000 ? 1 : 0
    bucket &+= duration > 5_000_000 ? 1 : 0
    bucket &+= duration > 10_000_000 ? 1 : 0
    return bucket &+ (duration > 30_000_000 ? 1 : 0)
  }
}

extension DurationHistogram: Codable {
  private enum CodingKeys: CodingKey { case counts, microseconds }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    counts = try values.decode([UInt64].self, forKey: .counts)
    microseconds = try values.decode(UInt64.self, forKey: .microseconds)
    guard counts.count == Self.bounds.count + 1 else {
      throw DecodingError.dataCorruptedError(forKey: .counts, in: values, debugDescription: "expected 11 buckets")
    }
  }
}
