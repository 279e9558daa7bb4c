/// What is learned from a log that is followed, beside the counts.
struct FollowObserver: LogWitness, Sendable {
  var errors: KnownErrors
  private(set) var signs = RecentSigns()
  private(set) var secrets = SecretWatch()
  var reader: (any RecordReader)?
  /// By the follower's clock, in milliseconds since 1970; nil takes the records' own time, of logs that are of the past.
  var clock: Int64?

  private var record = OpenRecord()
  private var traces = WorkerTraces()
  private var namesSeen = 0
  private var cronLogger: Int?

  init(_ known: [KnownError]) {
    errors = KnownErrors(known)
  }

  @inline(__always)
  mutating func admits(_: Int64) -> Bool { true }

  mutating func skipped() {}

  @inline(__always)
  mutating func saw(_ header: RecordHeader, _ line: RawSpan, logger: Int, in loggers: NameTable, sign: LogSign.Row?, loop: Bool) {
    if errors.trail.isOpen { endError(in: loggers) }
    if reader != nil { startRecord(line) }
    if logger > RecordCounts.Known.longpolling { sawMessage(header, line, logger, loggers, sign, loop) }
  }

  @inline(__always)
  mutating func saw(
    _ access: AccessLine, _ header: RecordHeader, _ line: RawSpan, route: Int, in routes: NameTable, isOwn _: Bool
  ) {
    errors.saw(requestOf: header.pid, route: route, in: routes)
    if traces.mayHold(header.pid) { traces.forget(header.pid) }
    if let kind = Self.secret(line, access) {
      secrets.note(kind, at: clock ?? header.time, "a request for \(routes.names[route])")
    }
  }

  @inline(__always)
  mutating func sawContinuation(_ line: RawSpan) {
    errors.trail.follow(line)
    if reader != nil { record.follow(line) }
    if let kind = SecretWatch.find(line, in: 0..<line.byteCount) {
      secrets.note(kind, at: clock ?? 0, "a line that continues a record")
    }
  }

  mutating func saw(odd _: RawSpan, _: OddLine) {}

  var hasOpenRecord: Bool { errors.trail.isOpen || !record.isEmpty }

  /// Nothing has been written for a while: what is open is taken to be whole.
  mutating func settle(in loggers: NameTable, at now: Int64) {
    endError(in: loggers, at: now)
    record.end(&reader)
  }

  mutating func exchange(_ stream: inout LogStream) {
    errors.trail.exchange(&stream.open)
    swap(&record, &stream.record)
  }

  // MARK: - Messages

  private mutating func startRecord(_ line: RawSpan) {
    record.end(&reader)
    record.start(line)
  }

  private mutating func sawMessage(
    _ header: RecordHeader, _ line: RawSpan, _ logger: Int, _ loggers: NameTable, _ sign: LogSign.Row?, _ isLoop: Bool
  ) {
    let now = clock ?? header.time
    while namesSeen < loggers.count {
      if loggers.names[namesSeen] == CronJobs.logger { cronLogger = namesSeen }
      namesSeen += 1
    }
    let message = min(header.message, line.byteCount)..<line.byteCount
    if let sign { note(sign, header, line.extracting(message), at: now) }
    if isLoop { signs.add(.respawnLoop, at: now, nil) }
    errors.trail.saw(header, line, logger, loggers, isTrouble: header.level.rawValue >= LogLevel.warning.rawValue)
    trace(header, line.extracting(message), logger, loggers)
    if let kind = SecretWatch.find(line, in: message) { secrets.note(kind, at: now, "a record of \(loggers.names[logger])") }
  }

  private mutating func trace(_ header: RecordHeader, _ message: RawSpan, _ logger: Int, _ loggers: NameTable) {
    guard logger == cronLogger else { return traces.saw(header.pid, logger: loggers.names[logger]) }
    guard let (job, step) = CronJobs.read(message) else { return }
    if step == .start {
      traces.saw(header.pid, job: String(decoding: message.copy(job), as: UTF8.self))
    } else {
      traces.forget(header.pid)
    }
  }

  private mutating func endError(in loggers: NameTable, at now: Int64? = nil) {
    guard let ended = errors.end(in: loggers, at: now ?? clock ?? errors.trail.openedAt), let sign = ended.sign else { return }
    let culprit = errors.trail.groups[ended.fingerprint]?.culprit
    signs.add(sign, at: now ?? clock ?? ended.time, culprit.map { "at \($0)" })
  }

  // MARK: - Signs

  private mutating func note(_ row: LogSign.Row, _ header: RecordHeader, _ message: RawSpan, at now: Int64) {
    guard !row.sign.isOrdinary else { return }
    if row.sign == .loginFailed || row.sign == .loginsRefused {
      signs.addLogin(from: FailedLogins.address(of: message, isRefusal: row.sign == .loginsRefused), at: now)
      return signs.add(row.sign, at: now, nil)
    }
    signs.add(row.sign, at: now, signs.wantsText(of: row.sign, at: now) ? text(row, header, message) : nil)
  }

  private func text(_ row: LogSign.Row, _ header: RecordHeader, _ message: RawSpan) -> String {
    let plain = row.isShown ? Signs.Note.text(message) : Redaction.redact(message.copy(0..<Redaction.longestInput))
    let said = errors.trail.groups.ownRedaction?(plain) ?? plain
    guard row.sign.isDeath else { return said }
    let pid = Self.process(message) ?? header.pid
    let trace = errors.trail.error(of: pid)?.culprit.map { "it had failed at \($0)" } ?? traces.text(pid)
    return [said, trace].compactMap(\.self).joined(separator: "; ")
  }

  /// Of `Worker (31257) …` and `WorkerHTTP (31257) …`: the master tells of those that it killed.
  private static func process(_ message: RawSpan) -> UInt64? {
    guard message.starts(with: "Worker", at: 0) else { return nil }
    let open = UInt8(ascii: "(")
    var offset = message.scan(0, min(message.byteCount, 24), until: open, or: open).end &+ 1
    return message.integer(&offset)
  }

  /// What stands in the query of an address, which Odoo logs whole.
  @inline(__always)
  private static func secret(_ line: RawSpan, _ access: AccessLine) -> SecretKind? {
    let query = line.first(UInt8(ascii: "?"), in: access.path)
    guard query < access.path.upperBound else { return nil }
    return secret(line, query..<access.path.upperBound)
  }

  private static func secret(_ line: RawSpan, _ query: Range<Int>) -> SecretKind? {
    let kind = SecretWatch.find(line, in: query)
    return kind == .token ? .urlToken : kind
  }
}

/// What is kept between two lines, but the groups of errors.
extension FollowObserver {
  struct Kept: Sendable, Codable {
    var trail: ErrorTrail
    var newsCount: UInt64
    var news: [ErrorNews]
    var signs: RecentSigns
    var secrets: SecretWatch
    var record: OpenRecord
  }

  var kept: Kept {
    Kept(trail: errors.trail, newsCount: errors.newsCount, news: errors.news, signs: signs, secrets: secrets, record: record)
  }

  mutating func goOn(with kept: Kept) {
    errors.goOn(with: kept.trail, newsCount: kept.newsCount, news: kept.news)
    (signs, secrets, record) = (kept.signs, kept.secrets, kept.record)
  }
}
