/// The scheduled jobs, by name: Odoo keeps no trace of their failures but in its log.
public struct CronJobs: Sendable {
  public struct Job: Sendable, Equatable {
    public let name: String
    public internal(set) var starts: UInt64 = 0
    public internal(set) var completions: UInt64 = 0
    public internal(set) var failures: UInt64 = 0
    /// Seconds.
    public internal(set) var longest = 0.0
    public internal(set) var total = 0.0
    /// Of the latest completion or failure, in milliseconds since 1970.
    public internal(set) var lastEnd: Int64 = 0
  }

  private static let mostJobs = 100
  private static let longestName = 100
  static let logger = "odoo.addons.base.models.ir_cron"

  private var names = NameTable(limit: mostJobs, reserved: ["other"])
  /// By the number of the name; the first stands for those beyond the limit.
  private var counted = [Job(name: "other")]

  /// Those that were seen.
  public var jobs: [Job] { counted.filter { $0.starts + $0.completions + $0.failures > 0 } }

  enum Step {
    case start, completion, failure
  }

  mutating func saw(_ message: RawSpan, _ header: RecordHeader) {
    guard let (name, step) = Self.read(message) else { return }
    let number = names.find(message, name, message.hash(name)) ?? insert(message.copy(name))
    counted[number].take(step, header.time, step == .completion ? Self.seconds(message) : nil)
  }

  private mutating func insert(_ name: [UInt8]) -> Int {
    guard !name.contains(where: \.isControl) else { return NameTable.other }
    let number = names.insert(name)
    if number == counted.count { counted.append(Job(name: names.names[number])) }
    return number
  }

  /// ``Starting job `NAME`.``, ``Job done: `NAME` (0.120s).``, `Call from cron NAME for server action #1 failed in Job #2`, and of Odoo 18
  /// `Job 'NAME' (2) starting`, `Job 'NAME' (2) done in 0.120s`, `Job 'NAME' (2) fully done (#loop 1; …; duration 0.12s)`,
  /// `Job 'NAME' (2) server action #1 failed`.
  static func read(_ message: RawSpan) -> (name: Range<Int>, step: Step)? {
    if message.starts(with: "Call from cron ", at: 0) {
      return text(message, 15, before: " for server action ").map { ($0, .failure) }
    }
    guard message.starts(with: "Starting job `", at: 0) || message.starts(with: "Job ", at: 0) else { return nil }
    let quote = UInt8(ascii: "`")
    let open = message.scan(0, message.byteCount, until: quote, or: UInt8(ascii: "'")).end + 1
    let name = message.byte(open - 1) == quote ? text(message, open, before: "`") : text(message, open, before: "' (")
    guard let name else { return nil }
    if message.starts(with: "Starting", at: 0) || message.contains(") starting") { return (name, .start) }
    if message.contains(" failed") { return (name, .failure) }
    return message.contains(" done") || message.contains("done:") ? (name, .completion) : nil
  }

  private static func text(_ message: RawSpan, _ start: Int, before end: StaticString) -> Range<Int>? {
    guard let end = message.offset(of: end, from: start), end > start, end - start <= longestName else { return nil }
    return start..<end
  }

  /// The last number that `s` stands behind.
  private static func seconds(_ message: RawSpan) -> Double? {
    var end = min(message.byteCount, 400)
    while end > 1, !(message.byte(end - 1) == UInt8(ascii: "s") && message.byte(end - 2).isDigit) { end -= 1 }
    var start = max(0, end - 1)
    while start > 0, message.byte(start - 1).isDigit || message.byte(start - 1) == UInt8(ascii: ".") { start -= 1 }
    return Double(String(decoding: message.copy(start..<max(start, end - 1)), as: UTF8.self))
  }
}

extension CronJobs.Job {
  fileprivate mutating func take(_ step: CronJobs.Step, _ time: Int64, _ seconds: Double?) {
    switch step {
    case .start: starts &+= 1
    case .completion:
      completions &+= 1
      lastEnd = time
      guard let seconds else { return }
      total += seconds
      longest = max(longest, seconds)
    case .failure:
      failures &+= 1
      lastEnd = time
    }
  }
}
