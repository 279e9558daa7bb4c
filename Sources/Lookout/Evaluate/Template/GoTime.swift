import PromQL

/// A moment as Go's time.Time in UTC.
struct GoTime: Hashable, Sendable {
  /// Since 1970.
  var seconds: Int64
  var nanoseconds: Int64

  init(seconds: Int64, nanoseconds: Int64) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  /// As Prometheus makes one of seconds: to the millisecond. Throws for what its nanoseconds cannot hold.
  init(_ seconds: Double) throws(GoError) {
    let scaled = seconds * 1e9
    guard let nanoseconds = Int64(exactly: scaled.rounded(.towardZero)) else {
      throw GoError("\(formatPrometheusValue(seconds)) cannot be represented as a nanoseconds timestamp since it overflows int64")
    }
    let milliseconds = nanoseconds / 1_000_000
    let rest = milliseconds % 1000
    self.init(seconds: milliseconds / 1000 - (rest < 0 ? 1 : 0), nanoseconds: (rest < 0 ? rest + 1000 : rest) * 1_000_000)
  }

  static func + (moment: GoTime, span: GoDuration) -> GoTime {
    let (whole, rest) = span.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    var sum = GoTime(seconds: moment.seconds &+ whole, nanoseconds: moment.nanoseconds + rest)
    if sum.nanoseconds < 0 { sum = GoTime(seconds: sum.seconds &- 1, nanoseconds: sum.nanoseconds + 1_000_000_000) }
    if sum.nanoseconds >= 1_000_000_000 { sum = GoTime(seconds: sum.seconds &+ 1, nanoseconds: sum.nanoseconds - 1_000_000_000) }
    return sum
  }

  static func < (left: GoTime, right: GoTime) -> Bool {
    (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
  }

  /// What lies between, as far as a duration can say it.
  static func - (later: GoTime, earlier: GoTime) -> GoDuration {
    let span = Int128(later.seconds - earlier.seconds) * 1_000_000_000 + Int128(later.nanoseconds - earlier.nanoseconds)
    return GoDuration(nanoseconds: Int64(clamping: span))
  }

  var civil: CivilTime { CivilTime(seconds: seconds) }

  func inUnits(perSecond: Int64) -> Int64 { seconds &* perSecond &+ nanoseconds / (1_000_000_000 / perSecond) }
}

extension GoTime: CustomStringConvertible {
  var description: String { formatted("2006-01-02 15:04:05.999999999 -0700 MST") }

  static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
  ]
  static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

  /// By a layout that shows Go's reference time, Mon Jan 2 15:04:05 MST 2006.
  func formatted(_ layout: String) -> String {
    var rest = Substring(layout)
    var text = ""
    while !rest.isEmpty {
      if let (length, written) = element(of: rest, before: text) {
        text += written
        rest = rest.dropFirst(length)
      } else {
        text += String(rest.removeFirst())
      }
    }
    return text
  }

  /// The longest element that the layout begins with.
  private func element(of layout: Substring, before: String) -> (Int, String)? {
    for (name, write) in Self.elements where layout.hasPrefix(name) {
      // "Jan" within "January" is its beginning; "2" within "2006" likewise: longer names stand first.
      return (name.count, write(self))
    }
    return fraction(of: layout)
  }

  /// `.000` or `.999` behind seconds.
  private func fraction(of layout: Substring) -> (Int, String)? {
    guard let point = layout.first, point == "." || point == ",", let digit = layout.dropFirst().first, digit == "0" || digit == "9" else {
      return nil
    }
    let count = layout.dropFirst().prefix { $0 == digit }.count
    if let next = layout.dropFirst(1 + count).first, next.isNumber { return nil }
    let nine = String(nanoseconds)
    var digits = (String(repeating: "0", count: 9 - nine.count) + nine).prefix(count)[...]
    if digit == "9" { while digits.last == "0" { digits = digits.dropLast() } }
    if digit == "0", count > 9 { digits += String(repeating: "0", count: count - 9) }
    return (1 + count, digits.isEmpty ? "" : String(point) + digits)
  }

  private static func two(_ number: Int, filler: String = "0") -> String { number < 10 ? "\(filler)\(number)" : "\(number)" }

  private static let elements: [(String, @Sendable (GoTime) -> String)] = [
    ("January", { months[$0.civil.month - 1] }), ("Jan", { String(months[$0.civil.month - 1].prefix(3)) }),
    ("Monday", { weekdays[$0.civil.weekday] }), ("Mon", { String(weekdays[$0.civil.weekday].prefix(3)) }),
    ("MST", { _ in "UTC" }),
    ("2006", { year(of: $0) }), ("-07:00:00", { _ in "+00:00:00" }), ("-070000", { _ in "+000000" }), ("-07:00", { _ in "+00:00" }),
    ("-0700", { _ in "+0000" }), ("-07", { _ in "+00" }), ("Z07:00:00", { _ in "Z" }), ("Z070000", { _ in "Z" }),
    ("Z07:00", { _ in "Z" }), ("Z0700", { _ in "Z" }), ("Z07", { _ in "Z" }),
    (
      "002",
      {
        let day = $0.civil.dayOfYear; return day < 100 ? "0\(two(day))" : "\(day)"
      }
    ),
    (
      "__2",
      {
        let day = $0.civil.dayOfYear; return day < 100 ? " \(two(day, filler: " "))" : "\(day)"
      }
    ),
    ("01", { two($0.civil.month) }), ("02", { two($0.civil.day) }), ("03", { two(($0.civil.hour + 11) % 12 + 1) }),
    ("04", { two($0.civil.minute) }), ("05", { two($0.civil.secondOfDay % 60) }),
    ("06", { two(($0.civil.year % 100 + 100) % 100) }), ("15", { two($0.civil.hour) }),
    ("_2006", { "_" + year(of: $0) }), ("_2", { two($0.civil.day, filler: " ") }),
    ("PM", { $0.civil.hour < 12 ? "AM" : "PM" }), ("pm", { $0.civil.hour < 12 ? "am" : "pm" }),
    ("1", { "\($0.civil.month)" }), ("2", { "\($0.civil.day)" }), ("3", { "\(($0.civil.hour + 11) % 12 + 1)" }),
    ("4", { "\($0.civil.minute)" }), ("5", { "\($0.civil.secondOfDay % 60)" }),
  ]

  private static func year(of time: GoTime) -> String {
    let year = time.civil.year
    let digits = String(year.magnitude)
    return (year < 0 ? "-" : "") + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
