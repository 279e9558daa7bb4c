internal import Glibc

/// A day of the Gregorian calendar, counted from 1970-01-01.
struct Day: Sendable, Hashable, Comparable {
  var number: Int

  static func < (left: Day, right: Day) -> Bool { left.number < right.number }
  static func + (day: Day, days: Int) -> Day { Day(number: day.number + days) }
  static func - (left: Day, right: Day) -> Int { left.number - right.number }

  init(number: Int) { self.number = number }

  /// Howard Hinnant's `days_from_civil`: the year begins in March, so that the leap day is its last.
  init(year: Int, month: Int, day: Int) {
    let year = month > 2 ? year : year - 1
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    number = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// `%Y-%m-%d`; `nil` for anything else, and for a day that the calendar does not have.
  init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].utf8.count == 4, let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]),
      year > 0, (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    self.init(year: year, month: month, day: day)
    if civil != (year, month, day) { return nil }
  }

  var civil: (year: Int, month: Int, day: Int) {
    let shifted = number + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let march = (5 * dayOfYear + 2) / 153
    let month = march < 10 ? march + 3 : march - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * march + 2) / 5 + 1)
  }

  var text: String { "\(civil.year.padded(4))-\(civil.month.padded(2))-\(civil.day.padded(2))" }
  var firstOfMonth: Day { Day(year: civil.year, month: civil.month, day: 1) }
}

/// An instant of wall time in UTC, in the forms that Odoo writes it.
struct Stamp: Sendable {
  static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
  private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]

  var seconds: Int
  var microseconds: Int

  static func now() -> Stamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Stamp(seconds: time.tv_sec, microseconds: time.tv_nsec / 1000)
  }

  func adding(days: Int) -> Stamp { Stamp(seconds: seconds + days * 86_400, microseconds: microseconds) }

  var day: Day { Day(number: seconds / 86_400) }
  private var time: String {
    let rest = seconds % 86_400
    return "\((rest / 3600).padded(2)):\((rest / 60 % 60).padded(2)):\((rest % 60).padded(2))"
  }
  private var monthName: String { Self.months[day.civil.month - 1] }

  /// `2026-11-22 13:09:09,329`
  var log: String { "\(day.text) \(time),\((microseconds / 1000).padded(3))" }
  /// `2026-11-22 13:09:09`
  var plain: String { "\(day.text) \(time)" }
  /// `22/Nov/2026 13:09:09`
  var access: String { "\(day.civil.day.padded(2))/\(monthName)/\(day.civil.year) \(time)" }
  /// `Sun, 22 Nov 2026 13:09:09 GMT`
  var http: String {
    "\(Self.weekdays[day.number % 7]), \(day.civil.day.padded(2)) \(monthName) \(day.civil.year) \(time) GMT"
  }
}

extension Int {
  func padded(_ width: Int) -> String {
    let digits = String(self)
    return String(repeating: "0", count: Swift.max(0, width - digits.utf8.count)) + digits
  }
}

extension Double {
  /// `%.3f` of a value that is not negative.
  var thousandths: String {
    let value = Int((self * 1000).rounded())
    return "\(value / 1000).\((value % 1000).padded(3))"
  }

  var cents: Double { (self * 100).rounded() / 100 }
}
