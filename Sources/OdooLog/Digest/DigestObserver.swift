/// What a digest learns from each line, beside what is counted of it.
struct DigestObserver: LogWitness, Sendable {
  let period: Range<Int64>
  /// Microseconds from which on a request is slow.
  let slow: UInt64

  private(set) var timeLine = TimeLine()
  private(set) var silences = Silences()
  private(set) var profiles = RouteProfiles()
  private(set) var slowRequests = SlowRequests()
  private(set) var signs = Signs()
  private(set) var oddSamples = OddSamples()
  private(set) var earliest = Int64.max
  private(set) var latest = Int64.min
  private(set) var linesLeftOut: UInt64 = 0

  private var trail = ErrorTrail()
  private var namesSeen = 0
  private var cronLogger: Int?

  init(period: Range<Int64>, slow: UInt64) {
    (self.period, self.slow) = (period, slow)
  }

  var errors: ErrorGroups { trail.groups }

  @inline(__always)
  mutating func admits(_ time: Int64) -> Bool { period.lowerBound <= time && time < period.upperBound }

  mutating func skipped() { linesLeftOut &+= 1 }

  @inline(__always)
  mutating func saw(_ header: RecordHeader, _ line: RawSpan, logger: Int, in loggers: NameTable, sign: LogSign.Row?, loop: Bool) {
    if trail.isOpen { endError(in: loggers) }
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
  mutating func saw(_ access: AccessLine, _ header: RecordHeader, _: RawSpan, route: Int, in routes: NameTable, isOwn: Bool) {
    _ = trail.saw(requestOf: header.pid, route: route, in: routes)
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
    trail.follow(line)
  }

  mutating func saw(odd line: RawSpan, _ kind: OddLine) { oddSamples.add(line, kind) }

  // MARK: - Messages

  private mutating func sawMessage(_ header: RecordHeader, _ line: RawSpan, _ logger: Int, _ loggers: NameTable, _ isTrouble: Bool) {
    while namesSeen < loggers.count {
      if loggers.names[namesSeen] == CronJobs.logger { cronLogger = namesSeen }
      namesSeen += 1
    }
    if logger == cronLogger { signs.sawJob(header, line) }
    trail.saw(header, line, logger, loggers, isTrouble: isTrouble)
  }

  /// The record has ended: what it was can be told.
  mutating func endError(in loggers: NameTable) {
    if let ended = trail.end(in: loggers), let sign = ended.sign { signs.saw(sign, at: ended.time) }
  }
}

extension TimeLine.Slot {
  fileprivate mutating func take(_ level: LogLevel) {
    if level == .warning { warnings &+= 1 } else { errors &+= 1 }
  }
}
