/// The moment at which a collector took a line, as the known ones write it.
struct CollectorTime {
  let milliseconds: Int64
  /// Behind the stamp and the blank after it.
  let end: Int

  /// - Parameter latest: of a stamp that names no year the moment that it cannot be far behind.
  init?(_ line: RawSpan, _ start: Int, latest: Int64) {
    guard let stamp = Self.withoutYear(line, start, latest) ?? Self.internet(line, start) ?? Self.spelled(line, start) else { return nil }
    self = stamp
  }

  private init(_ milliseconds: Int64, end: Int) {
    (self.milliseconds, self.end) = (milliseconds, end)
  }

  /// `Nov 22 13:09:09 `, RFC 3164 4.1.2.
  private static func withoutYear(_ line: RawSpan, _ start: Int, _ latest: Int64) -> CollectorTime? {
    guard line.byte(start &+ 3) == .space, line.byte(start &+ 6) == .space, line.byte(start &+ 15) == .space,
      let month = month(line.word(start).lowBytes(3)), let clock = clock(line, start &+ 7)
    else { return nil }
    let tens = line.byte(start &+ 4)
    guard tens.isDigit || tens == .space, line.byte(start &+ 5).isDigit else { return nil }
    let day = Int64(tens.isDigit ? tens &- 0x30 : 0) &* 10 &+ Int64(line.byte(start &+ 5) &- 0x30)
    guard 1...31 ~= day else { return nil }
    let year = TimeStamp.year(latest)
    let time = (TimeStamp.days(year, month, day) &* 86_400 &+ clock) &* 1_000
    guard time > latest &+ 86_400_000 else { return CollectorTime(time, end: start &+ 16) }
    return CollectorTime((TimeStamp.days(year &- 1, month, day) &* 86_400 &+ clock) &* 1_000, end: start &+ 16)
  }

  /// `2026-11-22T13:09:09.329+01:00 `, RFC 3339; also with the zone as `+0100` and with more or fewer digits.
  private static func internet(_ line: RawSpan, _ start: Int) -> CollectorTime? {
    guard line.byte(start &+ 10) == UInt8(ascii: "T"), let date = date(line, start), let clock = clock(line, start &+ 11) else {
      return nil
    }
    var offset = start &+ 19
    let milliseconds = fraction(line, &offset)
    guard let zone = zone(line, &offset), line.byte(offset) == .space else { return nil }
    return CollectorTime((date &+ clock &- zone) &* 1_000 &+ milliseconds, end: offset &+ 1)
  }

  /// `Sun 2026-11-22 13:09:09 UTC `, journalctl's `short-full`. Of other zones than UTC only the name is told.
  private static func spelled(_ line: RawSpan, _ start: Int) -> CollectorTime? {
    guard line.byte(start).isLetter, line.byte(start &+ 3) == .space, let date = date(line, start &+ 4),
      line.byte(start &+ 14) == .space, let clock = clock(line, start &+ 15), line.byte(start &+ 23) == .space
    else { return nil }
    var offset = start &+ 24
    while line.byte(offset).isLetter, offset &- start < 32 { offset &+= 1 }
    guard line.byte(offset) == .space else { return nil }
    return CollectorTime((date &+ clock) &* 1_000, end: offset &+ 1)
  }

  // MARK: - Parts, in seconds

  private static func date(_ line: RawSpan, _ start: Int) -> Int64? {
    guard let digits = (line.word(start)).digits(between: 0x2D00_002D_0000_0000), let day = pair(line, start &+ 8) else { return nil }
    let values = (0..<7).map { Int64(digits.digit(UInt64($0))) }
    let (year, month) = (values[0] * 1_000 + values[1] * 100 + values[2] * 10 + values[3], values[5] * 10 + values[6])
    guard 1...12 ~= month, 1...31 ~= day else { return nil }
    return TimeStamp.days(year, month, day) &* 86_400
  }

  private static func clock(_ line: RawSpan, _ start: Int) -> Int64? {
    guard let hour = pair(line, start), let minute = pair(line, start &+ 3), let second = pair(line, start &+ 6),
      line.byte(start &+ 2) == UInt8(ascii: ":"), line.byte(start &+ 5) == UInt8(ascii: ":"), hour < 24, minute < 60, second <= 60
    else { return nil }
    return hour &* 3_600 &+ minute &* 60 &+ second
  }

  private static func pair(_ line: RawSpan, _ start: Int) -> Int64? {
    guard line.byte(start).isDigit, line.byte(start &+ 1).isDigit else { return nil }
    return Int64(line.byte(start) &- 0x30) &* 10 &+ Int64(line.byte(start &+ 1) &- 0x30)
  }

  private static func fraction(_ line: RawSpan, _ offset: inout Int) -> Int64 {
    guard line.byte(offset) == UInt8(ascii: ".") || line.byte(offset) == UInt8(ascii: ",") else { return 0 }
    offset &+= 1
    var (milliseconds, place): (Int64, Int64) = (0, 100)
    while line.byte(offset).isDigit {
      milliseconds &+= Int64(line.byte(offset) &- 0x30) &* place
      place /= 10
      offset &+= 1
    }
    return milliseconds
  }

  private static func zone(_ line: RawSpan, _ offset: inout Int) -> Int64? {
    let sign = line.byte(offset)
    offset &+= 1
    if sign == UInt8(ascii: "Z") { return 0 }
    guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), let hours = pair(line, offset) else { return nil }
    offset &+= line.byte(offset &+ 2) == UInt8(ascii: ":") ? 3 : 2
    guard let minutes = pair(line, offset) else { return nil }
    offset &+= 2
    return (hours &* 3_600 &+ minutes &* 60) &* (sign == UInt8(ascii: "-") ? -1 : 1)
  }

  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"].map { name in
    name.utf8.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
  }

  private static func month(_ word: UInt64) -> Int64? {
    months.firstIndex(of: word).map { Int64($0 + 1) }
  }
}
