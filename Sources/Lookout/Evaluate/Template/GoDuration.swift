import PromQL

/// A span as Go's time.Duration.
struct GoDuration: Hashable, Sendable {
  var nanoseconds: Int64

  /// Throws for what no duration can say.
  init(seconds: Double) throws(GoError) {
    guard let nanoseconds = Int64(exactly: (seconds * 1e9).rounded(.towardZero)) else {
      throw GoError("\(formatPrometheusValue(seconds)) cannot be represented as a nanoseconds timestamp since it overflows int64")
    }
    self.nanoseconds = nanoseconds
  }

  init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  var seconds: Double { Double(nanoseconds) / 1e9 }
}

extension GoDuration: CustomStringConvertible {
  /// `1h15m30.918s`: below a second in the largest unit that leaves it at least 1.
  var description: String {
    let magnitude = nanoseconds.magnitude
    let sign = nanoseconds < 0 ? "-" : ""
    switch magnitude {
    case 0: return "0s"
    case ..<1000: return "\(sign)\(magnitude)ns"
    case ..<1_000_000: return "\(sign)\(Self.decimal(magnitude, digits: 3))µs"
    case ..<1_000_000_000: return "\(sign)\(Self.decimal(magnitude, digits: 6))ms"
    default: break
    }
    let minutes = magnitude / 60_000_000_000
    let rest = Self.decimal(magnitude % 60_000_000_000, digits: 9) + "s"
    if minutes == 0 { return sign + rest }
    return sign + (minutes >= 60 ? "\(minutes / 60)h" : "") + "\(minutes % 60)m" + rest
  }

  /// A number of which the last digits stand behind the point, without zeros at the end.
  private static func decimal(_ number: UInt64, digits: Int) -> String {
    let text = String(number)
    let padded = String(repeating: "0", count: max(0, digits + 1 - text.utf8.count)) + text
    var fraction = padded.suffix(digits)
    while fraction.last == "0" { fraction = fraction.dropLast() }
    return padded.dropLast(digits) + (fraction.isEmpty ? "" : ".") + fraction
  }
}
