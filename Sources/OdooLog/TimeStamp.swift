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

  @inline(__always)
  private static func digit(_ values: UInt64, _ index: UInt64) -> Int64 { Int64(truncatingIfNeeded: values.digit(index)) }

  @inline(__always)
  private static func pair(_ values: UInt64, _ index: UInt64) -> Int64 {
    digit(values, index) &* 10 &+ digit(values, index &+ 1)
  }

  /// Days from 1970-01-01 in the proleptic Gregorian calendar, counted in years that begin in March.
  @inline(__always)
  private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let year = month > 2 ? year : year &- 1
    let dayOfYear = (153 &* (month > 2 ? month &- 3 : month &+ 9) &+ 2) / 5 &+ day &- 1
    // Year 0 in March is 719 468 days before 1970.
    return year &* 365 &+ (year &+ 400) / 4 &- (year &+ 400) / 100 &+ (year &+ 400) / 400 &- 97 &+ dayOfYear &- 719_468
  }
}
