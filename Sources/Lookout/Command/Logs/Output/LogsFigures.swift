/// Figures as reports on logs show them.
enum LogsFigures {
  /// `1,234,567`
  static func count(_ number: UInt64) -> String {
    var digits = String(number)
    var place = digits.count - 3
    while place > 0 {
      digits.insert(",", at: digits.index(digits.startIndex, offsetBy: place))
      place -= 3
    }
    return digits
  }

  /// `1 group`, `2,000 groups`
  static func count(_ number: UInt64, _ noun: String) -> String { "\(count(number)) \(noun)\(number == 1 ? "" : "s")" }

  /// `0.012 s`, `3.4 s`, `2 min 5 s`, `3 h 20 min`; of nothing a dash.
  static func span(_ seconds: Double?) -> String {
    guard let seconds, seconds.isFinite else { return "-" }
    if seconds < 10 { return "\(rounded(seconds, 1_000)) s" }
    if seconds < 120 { return "\(rounded(seconds, 10)) s" }
    let whole = Int64(min(seconds, 1e15).rounded())
    if whole < 7_200 { return "\(whole / 60) min\(whole % 60 > 0 ? " \(whole % 60) s" : "")" }
    if whole < 172_800 { return "\(whole / 3_600) h\(whole / 60 % 60 > 0 ? " \(whole / 60 % 60) min" : "")" }
    return "\(whole / 86_400) d \(whole / 3_600 % 24) h"
  }

  static func bytes(_ number: UInt64) -> String {
    for (unit, size) in [("GB", 1e9), ("MB", 1e6), ("kB", 1e3)] where Double(number) >= size {
      return "\(rounded(Double(number) / size, 10)) \(unit)"
    }
    return "\(number) B"
  }

  private static func rounded(_ value: Double, _ scale: Double) -> String { ((value * scale).rounded() / scale).formatted() }

  /// `2026-11-22 13:05:51`, in UTC.
  static func moment(_ milliseconds: Int64) -> String {
    let text = Timestamp(milliseconds: milliseconds).rfc3339
    return text.prefix(10) + " " + text.dropFirst(11).prefix(8)
  }
}
