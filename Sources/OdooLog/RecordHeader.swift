/// The start of a record: `YYYY-MM-DD HH:MM:SS,mmm PID LEVEL DATABASE LOGGER: message`. Ranges are offsets in the line that was read.
public struct RecordHeader: Sendable, Equatable, Codable {
  /// Milliseconds since 1970, UTC.
  public let time: Int64
  public let pid: UInt64
  public let level: LogLevel
  /// `?` where Odoo served without a database.
  public let database: Range<Int>
  public let logger: Range<Int>
  /// Offset of the message, which runs to the end of the line.
  public let message: Int
  let loggerHash: UInt64
  /// The logger's number, where a memo knew it.
  let knownLogger: Int?

  /// Reads one line, given without its line end and colours; nil if it does not start a record.
  public init?(_ line: Span<UInt8>) {
    self.init(line.bytes)
  }

  init?(_ line: RawSpan) {
    var memo = HeaderMemo()
    self.init(line, &memo)
  }

  /// - Parameter memo: of the records before, which spares reading again what they began with.
  @inline(__always)
  init?(_ line: RawSpan, _ memo: inout HeaderMemo) {
    guard line.byte(0).isDigit, let time = memo.time(line) else { return nil }
    var offset = TimeStamp.length &+ 1
    guard let pid = line.integer(&offset), line.byte(offset) == .space, let (level, names) = LogLevel.read(line, offset &+ 1)
    else { return nil }
    guard let who = memo.names(line, names) ?? Names(line, names) else { return nil }
    (self.time, self.pid, self.level, database) = (time, pid, level, who.database)
    (logger, message, loggerHash, knownLogger) = (who.logger, who.message, who.loggerHash, who.knownLogger)
  }

  static let product: StaticString = "Odoo Server "

  /// Reads what `--syslog` sends, `Odoo Server VERSION:DATABASE:LEVEL:LOGGER:message`: time and process are told by the collector alone.
  init?(sentToSyslog line: RawSpan, time: Int64, pid: UInt64) {
    guard line.starts(with: Self.product, at: 0) else { return nil }
    var ends: [Int] = []
    var hash: UInt64 = 0
    var offset = 0
    while ends.count < 4 {
      let (end, wordHash) = line.scan(offset, line.byteCount, until: UInt8(ascii: ":"), or: .newline)
      guard line.byte(end) == UInt8(ascii: ":"), end > offset else { return nil }
      ends.append(end)
      (offset, hash) = (end &+ 1, wordHash)
    }
    let name = String(decoding: line.copy((ends[1] &+ 1)..<ends[2]), as: UTF8.self)
    guard let level = LogLevel.allCases.first(where: { $0.description == name }) else { return nil }
    (self.time, self.pid, self.level, database) = (time, pid, level, (ends[0] &+ 1)..<ends[1])
    (logger, loggerHash, message, knownLogger) = ((ends[2] &+ 1)..<ends[3], hash, offset, nil)
  }
}

extension RecordHeader {
  /// `DATABASE LOGGER: `
  struct Names {
    let database: Range<Int>
    let logger: Range<Int>
    let message: Int
    let loggerHash: UInt64
    let knownLogger: Int?
  }
}

extension RecordHeader.Names {
  @inline(__always)
  init?(_ line: RawSpan, _ start: Int) {
    let end = line.byteCount
    database = start..<line.scan(start, Swift.max(start, end), until: .space, or: .space).end
    let loggerStart = database.upperBound &+ 1
    guard !database.isEmpty, loggerStart < end else { return nil }
    let (loggerEnd, hash) = line.scan(loggerStart, end, until: UInt8(ascii: ":"), or: .space)
    // Whoever copies a log may lose the blank at the end of a record without a message on its first line.
    guard loggerEnd > loggerStart, line.byte(loggerEnd) == UInt8(ascii: ":"),
      line.byte(loggerEnd &+ 1) == .space || loggerEnd &+ 1 == end
    else { return nil }
    (logger, loggerHash, message, knownLogger) = (loggerStart..<loggerEnd, hash, Swift.min(loggerEnd &+ 2, end), nil)
  }
}
