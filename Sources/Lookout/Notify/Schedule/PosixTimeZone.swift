import PromQL

/// A zone's rule for all years, such as `CET-1CEST,M3.5.0,M10.5.0/3` (POSIX, environment variable TZ; RFC 9636, section 3.3.1).
struct PosixTimeZone: Sendable, Equatable {
  private let standard: Int
  private let summer: Summer?

  private struct Summer: Equatable {
    let offset: Int
    let start: Day
    let end: Day
  }

  private struct Day: Equatable {
    enum Kind: Equatable {
      /// From 1; 29 February does not count.
      case julian(Int)
      /// From 0.
      case ofYear(Int)
      case weekday(month: Int, week: Int, day: Int)
    }

    let kind: Kind
    /// Seconds after midnight.
    let time: Int
  }

  /// Nil where the text is no such rule.
  init?(_ text: String) {
    var reader = Reader(rest: Array(text.utf8)[...])
    guard reader.name(), let west = reader.offset() else { return nil }
    standard = -west
    guard reader.rest.first != nil else {
      summer = nil
      return
    }
    guard reader.name() else { return nil }
    let summerOffset = reader.rest.first == UInt8(ascii: ",") ? standard + 3600 : reader.offset().map { -$0 }
    guard let summerOffset, let start = reader.day(), let end = reader.day(), reader.rest.isEmpty else { return nil }
    summer = Summer(offset: summerOffset, start: start, end: end)
  }

  /// In seconds east of UTC.
  func offset(at seconds: Int64) -> Int {
    guard let summer else { return standard }
    let year = CivilTime(seconds: seconds + Int64(standard)).year
    let start = Self.moment(of: summer.start, in: year) - Int64(standard)
    let end = Self.moment(of: summer.end, in: year) - Int64(summer.offset)
    let isSummer = start < end ? (start..<end).contains(seconds) : !(end..<start).contains(seconds)
    return isSummer ? summer.offset : standard
  }

  /// In seconds of local time since 1970.
  private static func moment(of day: Day, in year: Int) -> Int64 {
    let newYear = daysBefore(year)
    let isLeap = daysBefore(year + 1) - newYear == 366
    switch day.kind {
    case .julian(let number): return (newYear + Int64(number - 1 + (isLeap && number >= 60 ? 1 : 0))) * 86_400 + Int64(day.time)
    case .ofYear(let number): return (newYear + Int64(number)) * 86_400 + Int64(day.time)
    case .weekday(let month, let week, let weekday):
      let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
      let first = newYear + Int64(lengths[..<(month - 1)].reduce(0, +))
      // 1970-01-01 was a Thursday.
      let firstWeekday = Int((first % 7 + 11) % 7)
      var date = (weekday - firstWeekday + 7) % 7 + (week - 1) * 7
      if date >= lengths[month - 1] { date -= 7 }
      return (first + Int64(date)) * 86_400 + Int64(day.time)
    }
  }

  /// Days from 1970-01-01 to 1 January of that year.
  private static func daysBefore(_ year: Int) -> Int64 {
    let past = Int64(year - 1)
    return past * 365 + past.floorDivided(by: 4) - past.floorDivided(by: 100) + past.floorDivided(by: 400) - 719_162
  }

  private struct Reader {
    var rest: ArraySlice<UInt8>

    /// Letters, or anything between `<` and `>`.
    mutating func name() -> Bool {
      if rest.first == UInt8(ascii: "<") {
        guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return false }
        rest = rest[(end + 1)...]
        return true
      }
      let letters = rest.prefix { (UInt8(ascii: "A")...UInt8(ascii: "z")).contains($0) }
      rest = rest[letters.endIndex...]
      return !letters.isEmpty
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
      guard let first = rest.first, first == UInt8(ascii: character) else { return false }
      rest.removeFirst()
      return true
    }

    mutating func number() -> Int? {
      let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.prefix(4)
      rest = rest[digits.endIndex...]
      return Int(String(decoding: digits, as: UTF8.self))
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    mutating func offset() -> Int? {
      let isNegative = take("-")
      if !isNegative { _ = take("+") }
      guard var seconds = number().map({ $0 * 3600 }) else { return nil }
      for unit in [60, 1] where take(":") {
        guard let part = number() else { return nil }
        seconds += part * unit
      }
      return isNegative ? -seconds : seconds
    }

    mutating func day() -> Day? {
      guard take(","), let kind = kind() else { return nil }
      guard take("/") else { return Day(kind: kind, time: 2 * 3600) }
      return offset().map { Day(kind: kind, time: $0) }
    }

    private mutating func kind() -> Day.Kind? {
      if take("J") { return number().flatMap { (1...365).contains($0) ? .julian($0) : nil } }
      guard take("M") else { return number().flatMap { (0...365).contains($0) ? .ofYear($0) : nil } }
      guard let month = number(), (1...12).contains(month), take("."), let week = number(), (1...5).contains(week), take("."),
        let day = number(), (0...6).contains(day)
      else { return nil }
      return .weekday(month: month, week: week, day: day)
    }
  }
}
