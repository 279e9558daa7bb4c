import PromQL

/// Moments of the week, month and year, as Alertmanager's `time_intervals` name them: all parts that are given must hold.
struct TimeInterval: Sendable, Equatable {
  /// Minutes of the day; the last one is not included.
  var times: [Range<Int>]?
  /// 0 is Sunday.
  var weekdays: [ClosedRange<Int>]?
  /// Negative days count from the end of the month.
  var daysOfMonth: [DayRange]?
  var months: [ClosedRange<Int>]?
  var years: [ClosedRange<Int>]?
  var zone = TimeZoneRules.utc

  struct DayRange: Sendable, Equatable {
    let first: Int
    let last: Int

    /// Where the month is too short for its end it goes to the month's end, where it is too short for its beginning the range is empty.
    func contains(_ day: Int, ofMonthWith days: Int) -> Bool {
      let first = first < 0 ? days + first + 1 : first
      let last = last < 0 ? days + last + 1 : last
      return first <= days && day >= first && day <= min(last, days)
    }
  }

  func contains(_ moment: Timestamp) -> Bool {
    let seconds = moment.milliseconds.floorDivided(by: 1000)
    let local = CivilTime(seconds: seconds + Int64(zone.offset(at: seconds)))
    let minute = local.secondOfDay / 60
    return (times?.contains { $0.contains(minute) } ?? true)
      && (daysOfMonth?.contains { $0.contains(local.day, ofMonthWith: local.daysInMonth) } ?? true)
      && (months?.contains { $0.contains(local.month) } ?? true)
      && (weekdays?.contains { $0.contains(local.weekday) } ?? true)
      && (years?.contains { $0.contains(local.year) } ?? true)
  }
}
