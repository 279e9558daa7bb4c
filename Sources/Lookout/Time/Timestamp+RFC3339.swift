extension Timestamp {
  /// From RFC 3339, as `2026-11-22T13:09:09.329+01:00`; what is finer than milliseconds is cut off. Nil for anything else.
  init?(rfc3339 text: String) {
    var reader = Reader(rest: Array(text.utf8)[...])
    guard let year = reader.number(4), reader.take("-"), let month = reader.number(2), reader.take("-"), let day = reader.number(2),
      reader.take("T") || reader.take("t") || reader.take(" "), let hour = reader.number(2), reader.take(":"),
      let minute = reader.number(2), reader.take(":"), let second = reader.number(2), let fraction = reader.fraction(),
      let offset = reader.offset(), reader.rest.isEmpty
    else { return nil }
    guard (1...12).contains(month), (1...Self.days(in: month, of: year)).contains(day), hour < 24, minute < 60, second <= 60 else {
      return nil
    }
    let days = Self.daysSince1970(year, month, day)
    milliseconds = ((days * 24 + hour) * 60 + minute - offset) * 60_000 + second * 1000 + fraction
  }

  private static func days(in month: Int64, of year: Int64) -> Int64 {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][Int(month - 1)]
  }

  /// The method of Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (days_from_civil).
  private static func daysSince1970(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let shifted = year - (month <= 2 ? 1 : 0)
    let era = shifted.floorDivided(by: 400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private struct Reader {
    var rest: ArraySlice<UInt8>

    mutating func take(_ character: Unicode.Scalar) -> Bool {
      guard let first = rest.first, first == UInt8(ascii: character) else { return false }
      rest.removeFirst()
      return true
    }

    private mutating func digits() -> ArraySlice<UInt8> {
      let digits = rest.prefix { (0x30...0x39).contains($0) }
      rest = rest[digits.endIndex...]
      return digits
    }

    mutating func number(_ length: Int) -> Int64? {
      let part = rest.prefix(length)
      guard part.count == length, part.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
      rest = rest[part.endIndex...]
      return part.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }

    /// Milliseconds; 0 where there is no fraction.
    mutating func fraction() -> Int64? {
      guard take(".") else { return 0 }
      let digits = digits()
      guard !digits.isEmpty else { return nil }
      return (Array(digits.prefix(3)) + [0x30, 0x30, 0x30]).prefix(3).reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }

    /// Minutes east of UTC.
    mutating func offset() -> Int64? {
      if take("Z") || take("z") { return 0 }
      let isWest = take("-")
      guard isWest || take("+"), let hours = number(2), take(":"), let minutes = number(2), hours < 24, minutes < 60 else { return nil }
      return (hours * 60 + minutes) * (isWest ? -1 : 1)
    }
  }
}
