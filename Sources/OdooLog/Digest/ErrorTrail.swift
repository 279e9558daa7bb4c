/// Follows errors through a log, from their records to the requests that failed with them, and puts them into groups.
struct ErrorTrail: Sendable {
  /// An error's record that has ended.
  struct Ended {
    let time: Int64
    let fingerprint: UInt64
    /// What its exception tells beside.
    let sign: LogSign?
  }

  var groups: ErrorGroups
  private var open = OpenError()
  private var waiting = WaitingErrors()

  private static let http = "odoo.http"

  init(_ groups: ErrorGroups = ErrorGroups()) {
    self.groups = groups
  }

  /// Whether an error's record is being read.
  var isOpen: Bool { open.isOpen }
  /// When that record was written.
  var openedAt: Int64 { open.header?.time ?? 0 }

  /// A message that is no request's; `isTrouble` from the level WARNING on.
  mutating func saw(_ header: RecordHeader, _ line: RawSpan, _ logger: Int, _ loggers: NameTable, isTrouble: Bool) {
    if isTrouble || isExpiry(header, line, logger, loggers) {
      open.start(header, line, logger: logger, isStatement: logger == RecordCounts.Known.sql)
    }
  }

  private func isExpiry(_ header: RecordHeader, _ line: RawSpan, _ logger: Int, _ loggers: NameTable) -> Bool {
    header.level == .info && line.starts(with: "Session expired", at: header.message) && loggers.names[logger] == Self.http
  }

  @inline(__always)
  mutating func follow(_ line: RawSpan) {
    if open.isOpen { open.follow(line) }
  }

  /// Goes on in another input of the log.
  mutating func exchange(_ open: inout OpenError) { swap(&self.open, &open) }

  /// The record has ended: what it was can be told. Nil where it was no error, or belongs to no group.
  mutating func end(in loggers: NameTable) -> Ended? {
    guard open.isOpen else { return nil }
    open.end()
    guard let header = open.header, isError(header, loggers), let fingerprint = groups.add(open, loggers) else { return nil }
    waiting.add(header.pid, fingerprint)
    let sign = open.hasTraceback ? LogSign.of(exception: open.exception.span.bytes) : nil
    return Ended(time: header.time, fingerprint: fingerprint, sign: sign)
  }

  /// A warning is an error where it comes with a traceback, or where Odoo refused a user something.
  private func isError(_ header: RecordHeader, _ loggers: NameTable) -> Bool {
    if header.level != .warning || open.hasTraceback { return true }
    return loggers.names[open.logger] == Self.http && open.message.first != UInt8(ascii: "<")
  }

  /// The process has logged a request; tells the group whose error it failed with.
  @inline(__always)
  mutating func saw(requestOf pid: UInt64, route: Int, in routes: NameTable) -> UInt64? {
    guard waiting.mayHold(pid), let fingerprint = waiting.take(pid) else { return nil }
    groups.count(route: routes.names[route], in: fingerprint)
    return fingerprint
  }

  /// The error that a process has logged while it serves a request that has not ended.
  func error(of pid: UInt64) -> ErrorGroup? { waiting.first(pid).flatMap { groups[$0] } }
}

/// What is kept of it between two lines; the groups are kept by themselves.
extension ErrorTrail: Codable {
  private enum CodingKeys: CodingKey { case open, waiting }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    groups = ErrorGroups()
    open = try values.decodeIfPresent(OpenError.self, forKey: .open) ?? OpenError()
    waiting = try values.decode(WaitingErrors.self, forKey: .waiting)
  }

  func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    if open.isOpen { try values.encode(open, forKey: .open) }
    try values.encode(waiting, forKey: .waiting)
  }
}

/// Errors whose requests are not logged yet, by process. A worker serves one request at a time and logs it when it is done.
struct WaitingErrors: Sendable, Codable {
  private struct Entry: Sendable, Codable {
    let pid: UInt64
    let fingerprint: UInt64
  }

  private static let limit = 16

  private var waiting: [Entry] = []
  /// A bit for each process that may be among them.
  private var mask: UInt64 = 0

  @inline(__always)
  func mayHold(_ pid: UInt64) -> Bool { mask >> (pid & 63) & 1 != 0 }

  func first(_ pid: UInt64) -> UInt64? { waiting.first { $0.pid == pid }?.fingerprint }

  mutating func add(_ pid: UInt64, _ fingerprint: UInt64) {
    waiting.removeAll { $0.pid == pid }
    if waiting.count >= Self.limit { waiting.removeFirst() }
    waiting.append(Entry(pid: pid, fingerprint: fingerprint))
    remask()
  }

  mutating func take(_ pid: UInt64) -> UInt64? {
    guard let index = waiting.firstIndex(where: { $0.pid == pid }) else { return nil }
    defer { remask() }
    return waiting.remove(at: index).fingerprint
  }

  private mutating func remask() {
    mask = waiting.reduce(0) { $0 | 1 << ($1.pid & 63) }
  }
}
