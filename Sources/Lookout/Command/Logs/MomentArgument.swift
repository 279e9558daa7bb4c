import ArgumentParser

/// A moment on the command line, in UTC: `2026-11-22`, `2026-11-22 13:05`, `2026-11-22T13:05:59Z`, or so long ago: `24h`, `2d`.
struct MomentArgument: ExpressibleByArgument, Equatable {
  /// Milliseconds since 1970.
  let milliseconds: Int64

  init?(argument: String) { self.init(argument, now: WallClock.now()) }

  init?(_ text: String, now: Timestamp) {
    if let span = Duration(written: text) {
      milliseconds = (now - span).milliseconds
    } else {
      guard let moment = Self.date(text) else { return nil }
      milliseconds = moment
    }
  }

  private static func date(_ text: String) -> Int64? {
    let text = text.hasSuffix("Z") ? String(text.dropLast()) : text
    let parts = text.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == " " || $0 == "T" }
    guard let date = numbers(parts[0], "-", count: 3...3), 1_970...9_999 ~= date[0], 1...12 ~= date[1], 1...31 ~= date[2] else {
      return nil
    }
    var clock: [Int64] = [0, 0, 0]
    if parts.count == 2 {
      guard let given = numbers(parts[1].split(separator: ".").first ?? "", ":", count: 2...3) else { return nil }
      clock = given + (given.count < 3 ? [0] : [])
    }
    guard clock[0] < 24, clock[1] < 60, clock[2] < 60 else { return nil }
    return (days(date[0], date[1], date[2]) * 86_400 + clock[0] * 3_600 + clock[1] * 60 + clock[2]) * 1_000
  }

  private static func numbers(_ text: Substring, _ separator: Character, count: ClosedRange<Int>) -> [Int64]? {
    let parts = text.split(separator: separator, omittingEmptySubsequences: false)
    let numbers = parts.compactMap { part in part.allSatisfy(\.isNumber) ? Int64(part) : nil }
    return numbers.count == parts.count && count ~= numbers.count ? numbers : nil
  }

  /// From 1970-01-01; the method of Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (days_from_civil), for years after 0.
  private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let shifted = month > 2 ? year : year - 1
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}
