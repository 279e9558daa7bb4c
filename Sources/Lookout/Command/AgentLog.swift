import Foundation
import Logging

/// The agent's own log: one line a record on standard error, time first.
enum AgentLog {
  static func logger(level: Logger.Level = .info) -> Logger {
    var logger = Logger(label: "lookout") { _ in LineHandler() }
    logger.logLevel = level
    return logger
  }
}

private struct LineHandler: LogHandler {
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.info

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let details = metadata.merging(event.metadata ?? [:]) { _, new in new }.sorted { $0.key < $1.key }
    let text = details.map { " \($0.key)=\(Self.quoted("\($0.value)"))" }.joined()
    let message = event.message.description.split(whereSeparator: \.isNewline).joined(separator: " ")
    let line = "\(WallClock.now().rfc3339) \(event.level.rawValue) \(message)\(text)\n"
    FileHandle.standardError.write(Data(line.utf8))
  }

  /// A line stays a line, whatever stands in a value.
  private static func quoted(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "=") && $0 != 0x7f }
    return isPlain && !text.isEmpty ? text : text.debugDescription
  }
}
