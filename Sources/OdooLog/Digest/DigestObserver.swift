/// What a digest learns from each line, beside what is counted of it.
struct DigestObserver: LogWitness, Sendable {
  let period: Range<Int64>
  /// Microseconds from which on a request is slow.
  let slow: UInt64

  private(set) var timeLine = TimeLine()
  private(set) var silences = Silences()
  private(set) var profiles = RouteProfiles()
  private(set) var slowRequests = SlowRequests()
  private(set) var errors = ErrorGroups()
  private(set) var signs = Signs()
  private(set) var oddSamples = OddSamples()
  private(set) var earliest = Int64.max
  private(set) var latest = Int64.min
  private(set) var linesLeftOut: UInt64 = 0

  private var open = OpenError()
  private var waiting = WaitingErrors()
  private var namesSeen = 0
  private var cronLogger: Int?

  init(period: Range<Int64>, slow: UInt64) {
    (self.period, self.slow) = (period, slow)
  }

  @inline(__always)
  mutating func admits(_ time: Int64) -> Bool { period.lowerBound <= time && time < period.upperBound }

  mutating func skipped() { linesLeftOut &+= 1 }

  @inline(__always)
  mutating func saw(_ header: RecordHeader, _ line: RawSpan, logger: Int, in loggers: NameTable, sign: LogSign.Row?, loop: Bool) {
    if open.isOpen { endError(in: loggers) }
    if header.time < earliest { earliest = header.time }
    if header.time > latest { latest = header.time }
    silences.saw(header.time)
    let isTrouble = header.level.rawValue >= LogLevel.warning.rawValue
    timeLine.count(header.time) { slot in
      slot.records &+= 1
      if isTrouble { slot.take(header.level) }
    }
    if logger > RecordCounts.Known.longpolling {
      if let sign { signs.saw(sign, header, line, isLoop: loop) }
      sawMessage(header, line, logger, loggers, isTrouble)
    }
  }

  @inline(__always)
  mutating func saw(_ access: AccessLine, _ header: RecordHeader, route: Int, isOwn: Bool) {
    if waiting.mayHold(header.pid), let group = waiting.take(header.pid) { errors.count(route: route, in: group) }
    guard !isOwn else { return }
    let duration = access.cost?.duration ?? 0
    timeLine.count(header.time) { slot in
      slot.requests &+= 1
      slot.slowRequests &+= duration >= slow ? 1 : 0
    }
    guard let cost = access.cost else { return }
    profiles.add(cost, route: route)
    slowRequests.add(cost, access, header, route: route)
  }

  @inline(__always)
  mutating func sawContinuation(_ line: RawSpan) {
    if open.isOpen { open.follow(line) }
  }

  mutating func saw(odd line: RawSpan, _ kind: OddLine) { oddSamples.add(line, kind) }

  // MARK: - Messages

  private mutating func sawMessage(_ header: RecordHeader, _ line: RawSpan, _ logger: Int, _ loggers: NameTable, _ isTrouble: Bool) {
    while namesSeen < loggers.count {
      if loggers.names[namesSeen] == CronJobs.logger { cronLogger = namesSeen }
      namesSeen += 1
    }
    if logger == cronLogger { signs.sawJob(header, line) }
    if isTrouble || isExpiry(header, line, logger, loggers) {
      open.start(header, line, logger: logger, isStatement: logger == RecordCounts.Known.sql)
    }
  }

  private func isExpiry(_ header: RecordHeader, _ line: RawSpan, _ logger: Int, _ loggers: NameTable) -> Bool {
    header.level == .info && line.starts(with: "Session expired", at: header.message) && loggers.names[logger] == Self.http
  }

  private static let http = "odoo.http"

  /// The record has ended: what it was can be told.
  mutating func endError(in loggers: NameTable) {
    guard open.isOpen else { return }
    open.end()
    guard let header = open.header, isError(header, loggers), let group = errors.add(open, loggers) else { return }
    if open.hasTraceback, let sign = LogSign.of(exception: open.exception.span.bytes) { signs.saw(sign, at: header.time) }
    waiting.add(header.pid, group: group)
  }

  /// A warning is an error where it comes with a traceback, or where Odoo refused a user something.
  private func isError(_ header: RecordHeader, _ loggers: NameTable) -> Bool {
    if header.level != .warning || open.hasTraceback { return true }
    return loggers.names[open.logger] == Self.http && open.message.first != UInt8(ascii: "<")
  }
}

/// Errors whose requests are not logged yet, by process. A worker serves one request at a time and logs it when it is done.
struct WaitingErrors: Sendable {
  private static let limit = 16

  private var waiting: [(pid: UInt64, group: Int)] = []
  /// A bit for each process that may be among them.
  private var mask: UInt64 = 0

  @inline(__always)
  func mayHold(_ pid: UInt64) -> Bool { mask >> (pid & 63) & 1 != 0 }

  mutating func add(_ pid: UInt64, group: Int) {
    waiting.removeAll { $0.pid == pid }
    if waiting.count >= Self.limit { waiting.removeFirst() }
    waiting.append((pid, group))
    remask()
  }

  mutating func take(_ pid: UInt64) -> Int? {
    guard let index = waiting.firstIndex(where: { $0.pid == pid }) else { return nil }
    defer { remask() }
    return waiting.remove(at: index).group
  }

  private mutating func remask() {
    mask = waiting.reduce(0) { $0 | 1 << ($1.pid & 63) }
  }
}

extension TimeLine.Slot {
  fileprivate mutating func take(_ level: LogLevel) {
    if level == .warning { warnings &+= 1 } else { errors &+= 1 }
  }
}
