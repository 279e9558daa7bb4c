import ArgumentParser
import Foundation
import Logging

/// How a record of the agent's own log is written. Whatever stands in a message or a value, a record is one line, and nothing in it steers
/// a terminal.
enum LogFormat: String, CaseIterable, ExpressibleByArgument, Sendable {
  /// For a person: time, level, message, values.
  case text
  /// For systemd's journal, which has a time of its own and takes the level from a prefix (sd-daemon(3)).
  case journal
  /// For programs: one object a line, the values under `metadata`, so that none can be taken for one of the others.
  case json

  /// Of one text; the journal would cut a line in pieces from 48 KiB on and read a prefix in each (LineMax, journald.conf(5)).
  private static let limit = 8 << 10
  private static let lineLimit = 32 << 10

  /// That of the journal where standard error leads there: `JOURNAL_STREAM` names its device and inode (systemd.exec(5)).
  static func usual(
    _ environment: [String: String] = ProcessInfo.processInfo.environment, descriptor: Int32 = STDERR_FILENO
  ) -> LogFormat {
    var status = stat()
    guard let stream = environment["JOURNAL_STREAM"], fstat(descriptor, &status) == 0 else { return .text }
    return stream == "\(status.st_dev):\(status.st_ino)" ? .journal : .text
  }

  /// With the line's end.
  func line(_ time: Timestamp, _ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata) -> String {
    switch self {
    case .text: Self.cut("\(time.rfc3339) \(level.rawValue) \(Self.words(message, metadata))") + "\n"
    case .journal: Self.cut("<\(level.priority)>\(Self.words(message, metadata))") + "\n"
    case .json: Self.object(time, level, message, metadata) + "\n"
    }
  }

  private static func words(_ message: String, _ metadata: Logger.Metadata) -> String {
    let details = metadata.sorted { $0.key < $1.key }.map { " \(quoted($0.key))=\(quoted("\($0.value)"))" }.joined()
    return OneLine.escaped(short(message)) + details
  }

  /// In quotation marks where it could be taken for more than one value.
  private static func quoted(_ text: String) -> String {
    let text = short(text)
    let isPlain = text.utf8.allSatisfy { 0x21...0x7e ~= $0 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "=") }
    guard !isPlain || text.isEmpty else { return text }
    return "\"" + OneLine.escaped(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")) + "\""
  }

  private static func object(_ time: Timestamp, _ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata) -> String {
    var details: [String] = []
    var length = 0
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
      let detail = "\(string(key)):\(string("\(value)"))"
      length += detail.utf8.count
      if length < lineLimit { details.append(detail) }
    }
    let head = #"{"time":"\#(time.rfc3339)","level":"\#(level.rawValue)","message":\#(string(message))"#
    return head + (details.isEmpty ? "}" : ",\"metadata\":{\(details.joined(separator: ","))}}")
  }

  /// RFC 8259, section 7; what is harmful on a terminal is escaped too.
  private static func string(_ text: String) -> String {
    var string = "\""
    for scalar in text.unicodeScalars {
      guard string.utf8.count < limit else { return string + "…\"" }
      switch scalar {
      case "\"", "\\": string += "\\\(scalar)"
      case _ where OneLine.isHarmless(scalar): string.unicodeScalars.append(scalar)
      default:
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16)
          string += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      }
    }
    return string + "\""
  }

  private static func short(_ text: String) -> String { cut(text, to: limit) }

  private static func cut(_ text: String, to limit: Int = Self.lineLimit) -> String {
    text.utf8.count <= limit ? text : String(decoding: text.utf8.prefix(limit), as: UTF8.self) + "…"
  }
}

extension Logger.Level {
  /// syslog(3)
  fileprivate var priority: Int {
    switch self {
    case .critical: 2
    case .error: 3
    case .warning: 4
    case .notice: 5
    case .info: 6
    case .debug, .trace: 7
    }
  }
}

/// The levels of the log, as the command line names them.
enum AgentLogLevel: String, CaseIterable, ExpressibleByArgument, Sendable {
  case trace, debug, info, notice, warning, error, critical

  var level: Logger.Level { Logger.Level(rawValue: rawValue) ?? .info }
}
