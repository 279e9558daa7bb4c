/// How far a place's clocks are from UTC at any moment, from the machine's zone files (RFC 9636, "TZif"). Foundation knows no zones
/// without ICU, which costs 6 MB.
struct TimeZoneRules: Sendable, Equatable {
  static let utc = TimeZoneRules(name: "UTC", transitions: [], first: 0, rule: nil)

  let name: String
  /// Moments, in seconds since 1970, and the offset from then on, in seconds east of UTC.
  private let transitions: [Transition]
  /// Before the first of them.
  private let first: Int
  /// After the last of them.
  private let rule: PosixTimeZone?

  struct Transition: Sendable, Equatable {
    let at: Int64
    let offset: Int
  }

  struct Mistake: Error, CustomStringConvertible {
    let description: String
  }

  private init(name: String, transitions: [Transition], first: Int, rule: PosixTimeZone?) {
    self.name = name
    self.transitions = transitions
    self.first = first
    self.rule = rule
  }

  /// The zone of that name (`Europe/Paris`, `UTC`, `Local`).
  static func named(_ name: String, directory: String = "/usr/share/zoneinfo") throws(Mistake) -> TimeZoneRules {
    if name.isEmpty || name == "UTC" { return utc }
    if name == "Local" { return try TimeZoneRules(readingFrom: "/etc/localtime", name: name) }
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard !name.contains("\\"), !name.utf8.contains(0), !parts.contains(where: { ["", ".", ".."].contains($0) }) else {
      throw Mistake(description: "'\(name.prefix(60))' is no name of a time zone such as Europe/Paris")
    }
    return try TimeZoneRules(readingFrom: "\(directory)/\(name)", name: name)
  }

  private init(readingFrom path: String, name: String) throws(Mistake) {
    guard let bytes = try? TextFile.bytes(path, limit: 1 << 20) else {
      let hint = name == "Local" ? "" : "; is its name right, and is the package tzdata installed?"
      throw Mistake(description: "time zone '\(name.prefix(60))' is not in \(path)\(hint)")
    }
    try self.init(bytes, name: name)
  }

  init(_ bytes: [UInt8], name: String) throws(Mistake) {
    guard let file = TimeZoneFile(bytes) else { throw Mistake(description: "the file of time zone '\(name.prefix(60))' is damaged") }
    self.init(name: name, transitions: file.transitions, first: file.first, rule: file.footer.flatMap(PosixTimeZone.init))
  }

  /// In seconds east of UTC.
  func offset(at seconds: Int64) -> Int {
    guard let last = transitions.last else { return rule?.offset(at: seconds) ?? first }
    if seconds >= last.at { return rule?.offset(at: seconds) ?? last.offset }
    var low = 0
    var high = transitions.count
    while low < high {
      let middle = (low + high) / 2
      if transitions[middle].at <= seconds { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? first : transitions[low - 1].offset
  }
}
