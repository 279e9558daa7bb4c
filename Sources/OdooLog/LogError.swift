/// The last failure in the log, without values of anybody's data.
public struct LogError: Sendable, Codable, Equatable {
  /// As logged, UTC: `2026-11-22 13:23:00,395`.
  public var time: String
  public var level: LogLevel
  public var logger: String
  public var database: String
  /// The first line of the record with its values left out, at most 300 bytes.
  public var message: String
  /// The class on the last line of the traceback, once that has come: `psycopg2.OperationalError`.
  public var exceptionClass: String?
  /// The process that wrote it.
  public var pid: UInt64?
  /// The route of the request that failed with it, once that was logged.
  public var route: String?

  init(_ header: RecordHeader, _ line: RawSpan, logger: String) {
    time = TimeStamp.text(header.time)
    (level, self.logger, pid) = (header.level, logger, header.pid)
    database = Self.database(line.copy(header.database.lowerBound..<min(header.database.upperBound, header.database.lowerBound + 64)))
    message = Redaction.redact(line.copy(header.message..<min(line.byteCount, header.message + Redaction.longestInput)))
  }

  /// PostgreSQL's names have at most 63 bytes (NAMEDATALEN).
  private static func database(_ bytes: [UInt8]) -> String {
    guard bytes.count <= 63, !bytes.contains(where: \.isControl) else { return "?" }
    return String(decoding: bytes, as: UTF8.self)
  }

  static let traceback: StaticString = "Traceback (most recent call last):"
  static let longestClass = 127

  /// Whether a traceback's last line starts with a class, as it should: a dotted name, then a colon or nothing.
  static func startsWithClass(_ line: RawSpan) -> Bool {
    let end = classEnd(line)
    let first = line.byte(0)
    return end > 0 && end <= longestClass && (first.isLetter || first == UInt8(ascii: "_"))
      && (end == line.byteCount || line.byte(end) == UInt8(ascii: ":"))
  }

  /// How long the class is that a line starts with; nil where it starts with none.
  static func classLength(_ line: RawSpan) -> Int? { startsWithClass(line) ? classEnd(line) : nil }

  static func exceptionClass(_ line: RawSpan) -> String? {
    startsWithClass(line) ? String(decoding: line.copy(0..<classEnd(line)), as: UTF8.self) : nil
  }

  private static func classEnd(_ line: RawSpan) -> Int {
    var end = 0
    while isPartOfClass(line.byte(end)), end <= longestClass { end += 1 }
    return end
  }

  /// `<locals>` is part of the name of a class defined in a function.
  private static func isPartOfClass(_ byte: UInt8) -> Bool {
    if byte.isLetter || byte.isDigit { return true }
    return switch byte {
    case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "<"), UInt8(ascii: ">"): true
    default: false
    }
  }
}
