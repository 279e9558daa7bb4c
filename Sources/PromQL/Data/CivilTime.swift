/// A moment as date and time of day in UTC, by the Gregorian calendar, as far as a year fits.
package struct CivilTime {
  package let year: Int
  package let month: Int
  package let day: Int
  /// From 1.
  package let dayOfYear: Int
  /// 0 is Sunday.
  package let weekday: Int
  package let secondOfDay: Int

  init(milliseconds: Int64) {
    let (quotient, remainder) = milliseconds.quotientAndRemainder(dividingBy: 1000)
    self.init(seconds: remainder < 0 ? quotient - 1 : quotient)
  }

  /// Any number of seconds since 1970: what is beyond Go's calendar wraps around as it does there (time/time.go).
  package init(seconds: Int64) {
    // Since 1 January of the year -292277022399, which is as good as the year 1 of a cycle of 400 years.
    let absolute = UInt64(bitPattern: seconds &+ 62_135_596_800 &+ 9_223_371_966_579_724_800)
    secondOfDay = Int(absolute % 86_400)
    let days = absolute / 86_400
    weekday = Int((days + 1) % 7)
    let cycles = days / 146_097
    var rest = Int(days % 146_097)
    let centuries = min(rest / 36_524, 3)
    rest -= centuries * 36_524
    let olympiads = rest / 1461
    rest -= olympiads * 1461
    let years = min(rest / 365, 3)
    rest -= years * 365
    year = Int(truncatingIfNeeded: cycles) * 400 + centuries * 100 + olympiads * 4 + years - 292_277_022_399
    dayOfYear = rest + 1
    let isLeap = years == 3 && (olympiads != 24 || centuries == 3)
    var length = CivilTime.lengths(isLeap: isLeap)[...]
    while let first = length.first, rest >= first {
      rest -= first
      length.removeFirst()
    }
    month = 13 - length.count
    day = rest + 1
    daysInMonth = length.first ?? 31
  }

  package let daysInMonth: Int

  private static func lengths(isLeap: Bool) -> [Int] { [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] }

  package var hour: Int { secondOfDay / 3600 }
  package var minute: Int { secondOfDay / 60 % 60 }

  /// To the second.
  var rfc3339: String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let digits = String(year.magnitude)
    let padded = String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    return (year < 0 ? "-" : "") + "\(padded)-\(two(month))-\(two(day))T\(two(hour)):\(two(minute)):\(two(secondOfDay % 60))Z"
  }
}
