/// What the last record began with, for most begin alike: the same minute, and the database and logger of a request. It changes no result.
struct HeaderMemo: Sendable, Equatable {
  private var date: UInt64 = 0
  private var minute: UInt64 = 0
  /// Of that minute, in milliseconds since 1970.
  private var start: Int64 = 0

  private var names = (UInt64(0), UInt64(0), UInt64(0), UInt64(0))
  private var masks = (UInt64(0), UInt64(0), UInt64(0), UInt64(0))
  /// Of `DATABASE LOGGER: `; 0 while nothing is known.
  private var length = 0
  private var databaseLength = 0
  private(set) var loggerHash: UInt64 = 0
  private(set) var logger = 0

  private static let longest = 32

  /// Equal whatever it holds, for it is no part of what was counted.
  static func == (_: HeaderMemo, _: HeaderMemo) -> Bool { true }

  /// As `TimeStamp.read`.
  @inline(__always)
  mutating func time(_ line: RawSpan) -> Int64? {
    guard line.byteCount > TimeStamp.length else { return nil }
    if line.word(0) == date, line.word(8) == minute {
      return TimeStamp.withinMinute(line).map { start &+ $0 }
    }
    return newTime(line)
  }

  private mutating func newTime(_ line: RawSpan) -> Int64? {
    guard let time = TimeStamp.read(line), let within = TimeStamp.withinMinute(line) else { return nil }
    (date, minute, start) = (line.word(0), line.word(8), time &- within)
    return time
  }

  /// Where the names that are known stand at `start`.
  @inline(__always)
  func names(_ line: RawSpan, _ start: Int) -> RecordHeader.Names? {
    let differences =
      (line.word(start) ^ names.0) & masks.0 | (line.word(start &+ 8) ^ names.1) & masks.1
      | (line.word(start &+ 16) ^ names.2) & masks.2 | (line.word(start &+ 24) ^ names.3) & masks.3
    guard differences == 0, length > 0 else { return nil }
    let (logger, message) = (start &+ databaseLength &+ 1, start &+ length)
    return RecordHeader.Names(
      database: Range(uncheckedBounds: (start, start &+ databaseLength)), logger: Range(uncheckedBounds: (logger, message &- 2)),
      message: message, loggerHash: loggerHash, knownLogger: self.logger)
  }

  mutating func remember(_ line: RawSpan, _ header: RecordHeader, logger: Int) {
    let start = header.database.lowerBound
    length = header.message - start
    guard length <= Self.longest, line.byteCount >= header.message, line.byte(header.message &- 1) == .space else { return length = 0 }
    (databaseLength, loggerHash, self.logger) = (header.database.count, header.loggerHash, logger)
    masks = (mask(0), mask(8), mask(16), mask(24))
    names = (
      line.word(start) & masks.0, line.word(start + 8) & masks.1, line.word(start + 16) & masks.2, line.word(start + 24) & masks.3
    )
  }

  private func mask(_ offset: Int) -> UInt64 { length > offset ? UInt64.max.lowBytes(min(8, length - offset)) : 0 }
}
