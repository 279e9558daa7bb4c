/// The levels Odoo logs at, in rising order.
public enum LogLevel: UInt8, Sendable, Codable, CaseIterable, CustomStringConvertible {
  case debug, info, warning, error, critical

  static let count = 5

  public var description: String {
    switch self {
    case .debug: "DEBUG"
    case .info: "INFO"
    case .warning: "WARNING"
    case .error: "ERROR"
    case .critical: "CRITICAL"
    }
  }

  /// Reads a level's name and the space after it.
  @inline(__always)
  static func read(_ line: RawSpan, _ offset: Int) -> (level: LogLevel, end: Int)? {
    let word = line.word(offset)
    if word.lowBytes(5) == 0x20_4F46_4E49 { return (.info, offset &+ 5) }
    if word == 0x2047_4E49_4E52_4157 { return (.warning, offset &+ 8) }
    if word.lowBytes(6) == 0x2052_4F52_5245 { return (.error, offset &+ 6) }
    if word.lowBytes(6) == 0x2047_5542_4544 { return (.debug, offset &+ 6) }
    if word == 0x4C41_4349_5449_5243, line.byte(offset &+ 8) == .space { return (.critical, offset &+ 9) }
    return nil
  }
}
