import PromQL

/// Prometheus' ways to write a number for people (template/template.go, and helpers/templates in prometheus/common).
enum Humanization: String, CaseIterable, Sendable {
  case humanize, humanize1024, humanizeDuration, humanizePercentage

  func text(of value: Double) -> String {
    switch self {
    case .humanize: Self.scaled(value)
    case .humanize1024: Self.scaledBinary(value)
    case .humanizeDuration: Self.duration(value)
    case .humanizePercentage: Self.digits(value * 100) + "%"
    }
  }

  private static let large = ["k", "M", "G", "T", "P", "E", "Z", "Y"]
  private static let largeBinary = ["ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"]
  private static let small = ["m", "u", "n", "p", "f", "a", "z", "y"]

  private static func digits(_ value: Double) -> String { GoNumber.general(value, digits: 4) }

  private static func scaled(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return digits(value) }
    return value.magnitude >= 1 ? reduced(value, by: 1000, large) : enlarged(value)
  }

  private static func scaledBinary(_ value: Double) -> String {
    guard value.magnitude > 1, value.isFinite else { return digits(value) }
    return reduced(value, by: 1024, largeBinary)
  }

  private static func reduced(_ value: Double, by step: Double, _ prefixes: [String]) -> String {
    var value = value
    var prefix = ""
    for next in prefixes where value.magnitude >= step {
      value /= step
      prefix = next
    }
    return digits(value) + prefix
  }

  private static func enlarged(_ value: Double) -> String {
    var value = value
    var prefix = ""
    for next in small where value.magnitude < 1 {
      value *= 1000
      prefix = next
    }
    return digits(value) + prefix
  }

  private static func duration(_ value: Double) -> String {
    guard value.isFinite else { return digits(value) }
    guard value != 0 else { return digits(value) + "s" }
    guard value.magnitude >= 1 else { return enlarged(value) + "s" }
    return (value < 0 ? "-" : "") + longDuration(value.magnitude)
  }

  /// A minute or more goes without fractions. What does not fit wraps to the smallest integer there too.
  private static func longDuration(_ value: Double) -> String {
    let seconds = Int64(exactly: value.rounded(.towardZero)) ?? .min
    let parts = [(seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s")]
    guard let first = parts.firstIndex(where: { $0.0 != 0 }), first < parts.count - 1 else { return digits(value) + "s" }
    return parts[first...].map { "\($0.0)\($0.1)" }.joined(separator: " ")
  }
}
