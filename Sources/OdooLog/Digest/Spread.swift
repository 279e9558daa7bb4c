/// How values are spread: counted in buckets that are at most an eighth of their values wide, as HdrHistogram has them.
public struct Spread: Sendable, Equatable {
  /// Up to 2^24, which stands for all above it too.
  static let bucketCount = 177

  private(set) var counts: ArraySlice<UInt64>
  /// What a value of 1 is in the unit of the answers.
  private let unit: Double
  /// No value is higher.
  private let highest: Double

  init(_ counts: ArraySlice<UInt64>, unit: Double, highest: Double = .infinity) {
    (self.counts, self.unit, self.highest) = (counts, unit, highest)
  }

  public var count: UInt64 { counts.reduce(0, &+) }

  /// The value that this share of all values does not exceed: the upper end of its bucket; nil where there are none.
  public func quantile(_ share: Double) -> Double? {
    let total = count
    guard total > 0 else { return nil }
    let rank = max(1, UInt64((Double(total) * min(max(share, 0), 1)).rounded(.up)))
    var seen: UInt64 = 0
    for (bucket, count) in counts.enumerated() {
      seen &+= count
      if seen >= rank { return min(Double(Self.highest(in: bucket)) * unit, highest) }
    }
    return nil
  }

  /// How many values do not exceed each of the bounds, which rise; exact where a bucket ends at the bound, else up to that bucket.
  public func cumulative(_ bounds: [Double]) -> [UInt64] {
    var result: [UInt64] = []
    var (seen, bucket): (UInt64, Int) = (0, 0)
    for bound in bounds {
      while bucket < counts.count, Double(Self.highest(in: bucket)) * unit <= bound {
        seen &+= counts[counts.startIndex + bucket]
        bucket += 1
      }
      result.append(seen)
    }
    return result
  }

  /// Without branches, for no processor foretells what a request costs.
  @inline(__always)
  static func bucket(_ value: UInt64) -> Int {
    let shift = UInt64(truncatingIfNeeded: 60 &- (value | 8).leadingZeroBitCount)
    return Int(truncatingIfNeeded: min(shift &* 8 &+ value &>> shift, UInt64(bucketCount &- 1)))
  }

  static func highest(in bucket: Int) -> UInt64 {
    guard bucket >= 8 else { return UInt64(bucket) }
    let exponent = UInt64(bucket / 8 + 2)
    return (1 << exponent) + (UInt64(bucket % 8) + 1) << (exponent - 3) - 1
  }
}
