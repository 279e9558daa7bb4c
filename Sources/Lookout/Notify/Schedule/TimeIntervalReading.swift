extension TimeInterval {
  private static let weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]
  private static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
  ]

  /// An item of `time_intervals` or `mute_time_intervals`: its name, and the intervals of which any may hold.
  static func named(_ node: YAMLNode) throws(ConfigurationError) -> (name: YAMLNode, intervals: [TimeInterval]) {
    let section = try node.mapping(known: ["name", "time_intervals"])
    let name = try section.required("name")
    _ = try name.nonEmptyString()
    guard let list = section["time_intervals"], !list.isNull else { return (name, []) }
    return (name, try list.list().map { item throws(ConfigurationError) in try TimeInterval(item) })
  }

  init(_ node: YAMLNode) throws(ConfigurationError) {
    guard !node.isNull else { return }
    let section = try node.mapping(known: ["times", "weekdays", "days_of_month", "months", "years", "location"])
    times = try Self.list(section["times"], Self.minutes)
    weekdays = try Self.list(section["weekdays"]) { item throws(ConfigurationError) in
      try Self.range(item, Self.weekdays, first: 0, in: 0...6, mayBeNumber: false)
    }
    daysOfMonth = try Self.list(section["days_of_month"], Self.days)
    months = try Self.list(section["months"]) { item throws(ConfigurationError) in
      try Self.range(item, Self.months, first: 1, in: Int.min...Int.max, mayBeNumber: true)
    }
    years = try Self.list(section["years"]) { item throws(ConfigurationError) in
      try Self.range(item, [], first: 0, in: Int.min...Int.max, mayBeNumber: true)
    }
    guard let location = section["location"], !location.isNull else { return }
    do { zone = try TimeZoneRules.named(try location.string()) } catch let error as TimeZoneRules.Mistake {
      throw location.error("\(error)")
    } catch let error as ConfigurationError { throw error } catch { throw location.error("\(error)") }
  }

  private static func list<Item>(
    _ node: YAMLNode?, _ read: (YAMLNode) throws(ConfigurationError) -> Item
  ) throws(ConfigurationError) -> [Item]? {
    guard let node, !node.isNull else { return nil }
    var items: [Item] = []
    for item in try node.list() { items.append(try read(item)) }
    return items
  }

  /// The two ends of `monday:friday`, or twice the same of `monday`; lower case.
  private static func ends(_ node: YAMLNode) throws(ConfigurationError) -> (String, String) {
    let text = try node.string().lowercased()
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 2, let first = parts.first, let last = parts.last else {
      throw node.error("expected a range such as 1:5, found '\(text.prefix(60))'")
    }
    return (first, last)
  }

  private static func range(
    _ node: YAMLNode, _ names: [String], first number: Int, in known: ClosedRange<Int>, mayBeNumber: Bool
  ) throws(ConfigurationError) -> ClosedRange<Int> {
    let (start, end) = try ends(node)
    let values = [start, end].compactMap { text in names.firstIndex(of: text).map { $0 + number } ?? (mayBeNumber ? Int(text) : nil) }
    guard values.count == 2, known.contains(values[0]), known.contains(values[1]) else {
      let wanted =
        names.first.map { "a name such as \($0) or a range \($0):\(names.last ?? $0)" } ?? "a number or a range such as 2026:2028"
      throw node.error("expected \(wanted), found '\(try node.string().prefix(60))'")
    }
    guard values[0] <= values[1] else { throw node.error("the end of the range lies before its beginning") }
    return values[0]...values[1]
  }

  private static func days(_ node: YAMLNode) throws(ConfigurationError) -> DayRange {
    let (start, end) = try ends(node)
    guard let first = Int(start), let last = Int(end), [first, last].allSatisfy({ $0 != 0 && (-31...31).contains($0) }) else {
      throw node.error(
        "expected days from 1 to 31, or from -31 to -1 counted from the month's end, found '\(try node.string().prefix(60))'")
    }
    guard first > 0 || last < 0 else { throw node.error("a range that begins before the month's end must end there too") }
    // The shortest month has 28 days: what is a range in none of them is a mistake.
    guard (first < 0 ? 28 + first : first) <= (last < 0 ? 28 + last : last) else {
      throw node.error("the end of the range lies before its beginning")
    }
    return DayRange(first: first, last: last)
  }

  private static func minutes(_ node: YAMLNode) throws(ConfigurationError) -> Range<Int> {
    let section = try node.mapping(known: ["start_time", "end_time"])
    let (start, end) = (try section.required("start_time"), try section.required("end_time"))
    let (first, last) = (try minute(start), try minute(end))
    guard first < last else { throw end.error("the end lies before the beginning; two ranges can stand for one over midnight") }
    return first..<last
  }

  private static func minute(_ node: YAMLNode) throws(ConfigurationError) -> Int {
    let text = try node.string()
    if text == "24:00" { return 1440 }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
      let hour = Int(parts[0]), let minute = Int(parts[1]), hour < 24, minute < 60
    else { throw node.error("expected a time of day such as 09:30, found '\(text.prefix(60))'") }
    return hour * 60 + minute
  }
}
