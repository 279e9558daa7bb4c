import Foundation
import Logging

/// The agent's own log: one line a record on standard error.
enum AgentLog {
  static func logger(level: Logger.Level = .info, format: LogFormat = .usual()) -> Logger {
    var logger = Logger(label: "lookout") { _ in LineHandler(format: format) }
    logger.logLevel = level
    return logger
  }

  /// In one piece where the receiver takes it so. What cannot be written is lost: the agent goes on without its log.
  static func write(_ line: String, to descriptor: Int32 = STDERR_FILENO) {
    var rest = Array(line.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}

private struct LineHandler: LogHandler {
  let format: LogFormat
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.info

  init(format: LogFormat) {
    self.format = format
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var details = metadata.merging(event.metadata ?? [:]) { _, new in new }
    if let error = event.error { details["error"] = details["error"] ?? "\(error)" }
    AgentLog.write(format.line(WallClock.now(), event.level, event.message.description, details))
  }
}
