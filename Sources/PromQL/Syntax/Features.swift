/// Parts of the language that Prometheus has behind feature flags; what is not among them is refused as Prometheus refuses it.
public struct Features: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// Functions and aggregations such as `mad_over_time`, `info` and `limitk`.
  public static let experimentalFunctions = Features(rawValue: 1)
  /// `[5m * 2]`, `offset step()`.
  public static let durationExpressions = Features(rawValue: 2)
  /// `anchored` and `smoothed`.
  public static let extendedRanges = Features(rawValue: 4)
  /// `fill`, `fill_left` and `fill_right`.
  public static let fillModifiers = Features(rawValue: 8)

  /// What Prometheus 3.14 has without a flag.
  public static let standard: Features = [.durationExpressions]
  public static let all: Features = [.experimentalFunctions, .durationExpressions, .extendedRanges, .fillModifiers]
}
