/// A level and a logger; the logger is `other` for those beyond the limit and those whose name is none.
public struct RecordKey: Sendable, Hashable, Codable {
  public var level: LogLevel
  public var logger: String

  public init(level: LogLevel, logger: String) {
    (self.level, self.logger) = (level, logger)
  }
}

/// How many records came from each logger at each level.
struct RecordCounts: Sendable, Codable, Equatable {
  private(set) var loggers: NameTable
  /// By logger, then level.
  private var counts: [UInt64]

  /// Loggers whose messages are read; they have their place whatever else the log holds.
  enum Known {
    static let werkzeug = 1
    static let longpolling = 2
    static let sql = 3
    static let names = ["other", "werkzeug", "longpolling", "odoo.sql_db"]
  }

  init(limit: Int) {
    loggers = NameTable(limit: limit, reserved: Known.names)
    counts = [UInt64](repeating: 0, count: Known.names.count * LogLevel.count)
  }

  /// Counts a record and tells its logger's number.
  @inline(__always)
  mutating func count(_ header: RecordHeader, _ line: RawSpan) -> Int {
    let logger = header.knownLogger ?? loggers.find(line, header.logger, header.loggerHash) ?? insert(line, header.logger)
    counts[logger &* LogLevel.count &+ Int(header.level.rawValue)] &+= 1
    return logger
  }

  private mutating func insert(_ line: RawSpan, _ range: Range<Int>) -> Int {
    guard range.count <= NameTable.longestName else { return NameTable.other }
    let name = line.copy(range)
    guard name.allSatisfy({ !$0.isControl && $0 < 0x80 }) else { return NameTable.other }
    let number = loggers.insert(name)
    counts += repeatElement(0, count: loggers.count * LogLevel.count - counts.count)
    return number
  }

  var byKey: [RecordKey: UInt64] {
    var result: [RecordKey: UInt64] = [:]
    for (number, logger) in loggers.names.enumerated() {
      for level in LogLevel.allCases {
        let count = counts[number * LogLevel.count + Int(level.rawValue)]
        if count > 0 { result[RecordKey(level: level, logger: logger)] = count }
      }
    }
    return result
  }

  /// Whether what was decoded belongs together.
  var isConsistent: Bool {
    counts.count == loggers.count * LogLevel.count && Array(loggers.names.prefix(Known.names.count)) == Known.names
  }
}
