/// The start of a record: `YYYY-MM-DD HH:MM:SS,mmm PID LEVEL DATABASE LOGGER: message`. Ranges are offsets in the line that was read.
public struct RecordHeader: Sendable, Equatable {
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

  /// Reads one line, given without its line end and colours; nil if it does not start a record.
  public init?(_ line: Span<UInt8>) {
    self.init(line.bytes)
  }

  @inline(__always)
  init?(_ line: RawSpan) {
    guard line.byte(0).isDigit, let time = TimeStamp.read(line) else { return nil }
    var offset = TimeStamp.length &+ 1
    guard let pid = line.integer(&offset), line.byte(offset) == .space, let (level, databaseStart) = LogLevel.read(line, offset &+ 1)
    else { return nil }
    let end = line.byteCount
    let database = databaseStart..<line.scan(databaseStart, end, until: .space, or: .space).end
    let loggerStart = database.upperBound &+ 1
    guard !database.isEmpty, loggerStart < end else { return nil }
    let (loggerEnd, hash) = line.scan(loggerStart, end, until: UInt8(ascii: ":"), or: .space)
    guard loggerEnd > loggerStart, line.byte(loggerEnd) == UInt8(ascii: ":"), line.byte(loggerEnd &+ 1) == .space else { return nil }
    (self.time, self.pid, self.level, self.database) = (time, pid, level, database)
    (logger, loggerHash, message) = (loggerStart..<loggerEnd, hash, loggerEnd &+ 2)
  }
}
