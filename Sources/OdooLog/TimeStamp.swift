/// `YYYY-MM-DD HH:MM:SS,mmm ` as milliseconds since 1970; Odoo writes its log in UTC (odoo/netsvc.py, `time.gmtime`).
enum TimeStamp {
  static let length = 23

  @inline(__always)
  static func read(_ line: RawSpan) -> Int64? {
    guard line.byteCount > length,
      let date = line.word(0).digits(between: 0x2D00_002D_0000_0000),
      let clock = line.word(8).digits(between: 0x0000_3A00_0020_0000),
      let fraction = line.word(16).digits(between: 0x2000_0000_2C00_003A)
    else { return nil }
    let year = pair(date, 0) &* 100 &+ pair(date, 2)
    let (month, day) = (pair(date, 5), pair(clock, 0))
    let (hour, minute, second) = (pair(clock, 3), pair(clock, 6), pair(fraction, 1))
    guard month &- 1 < 12, month > 0, day > 0, day <= 31, hour < 24, minute < 60, second < 60 else { return nil }
    let millisecond = pair(fraction, 4) &* 10 &+ digit(fraction, 6)
    let seconds = days(year, month, day) &* 86_400 &+ hour &* 3_600 &+ minute &* 60 &+ second
    return seconds &* 1_000 &+ millisecond
  }

  /// The milliseconds of its seconds and their fraction.
  @inline(__always)
  static func withinMinute(_ line: RawSpan) -> Int64? {
    guard let fraction = line.word(16).digits(between: 0x2000_0000_2C00_003A) else { return nil }
    let second = pair(fraction, 1)
    guard second < 60 else { return nil }
    return second &* 1_000 &+ pair(fraction, 4) &* 10 &+ digit(fraction, 6)
  }

  @inline(__always)
  private static func digit(_ values: UInt64, _ index: UInt64) -> Int64 { Int64(truncatingIfNeeded: values.digit(index)) }

  @inline(__always)
  private static func pair(_ values: UInt64, _ index: UInt64) -> Int64 {
    digit(values, index) &* 10 &+ digit(values, index &+ 1)
  }

  /// Days from 1970-01-01 in the proleptic Gregorian calendar, counted in years that begin in March.
  @inline(__always)
  static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let year = month > 2 ? year : year &- 1
    let dayOfYear = (153 &* (month > 2 ? month &- 3 : month &+ 9) &+ 2) / 5 &+ day &- 1
    // Year 0 in March is 719 468 days before 1970.
    return year &* 365 &+ (year &+ 400) / 4 &- (year &+ 400) / 100 &+ (year &+ 400) / 400 &- 97 &+ dayOfYear &- 719_468
  }

  /// As Odoo writes it: `2026-11-22 13:09:09,329`.
  static func text(_ milliseconds: Int64) -> String {
    let (days, inDay) = (floored(milliseconds, by: 86_400_000), milliseconds - floored(milliseconds, by: 86_400_000) * 86_400_000)
    let (year, month, day) = date(days)
    let clock = [inDay / 3_600_000, inDay / 60_000 % 60, inDay / 1_000 % 60].map { padded($0, 2) }.joined(separator: ":")
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2)) \(clock),\(padded(inDay % 1_000, 3))"
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  private static func floored(_ number: Int64, by divisor: Int64) -> Int64 {
    let (quotient, rest) = number.quotientAndRemainder(dividingBy: divisor)
    return rest < 0 ? quotient - 1 : quotient
  }

  /// The method of Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (civil_from_days).
  private static func date(_ daysSince1970: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = daysSince1970 + 719_468
    let era = floored(shifted, by: 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }

  /// The year of a moment, for stamps that name none.
  static func year(_ milliseconds: Int64) -> Int64 { date(floored(milliseconds, by: 86_400_000)).year }
}
