import Foundation
import Testing

@testable import Lookout

/// A folder in which a log is written, rotated and taken away.
struct LogFolder {
  let path: String
  var log: String { path + "/odoo.log" }

  func append(_ text: String, to name: String = "odoo.log") throws {
    let file = try #require(fopen("\(path)/\(name)", "a"))
    defer { fclose(file) }
    fputs(text, file)
  }

  func move(_ name: String, to other: String) throws {
    try #require(rename("\(path)/\(name)", "\(path)/\(other)") == 0)
  }

  func remove(_ name: String = "odoo.log") { unlink("\(path)/\(name)") }
  func truncate(to bytes: Int = 0) { _ = Foundation.truncate(log, off_t(bytes)) }
}

func withLogFolder<Value>(
  isolation: isolated (any Actor)? = #isolation, _ body: (LogFolder) async throws -> Value
) async throws -> Value {
  try await withNotifyDirectory { path in try await body(LogFolder(path: path)) }
}

/// A record of Odoo's log with that message.
func logRecord(_ message: String, _ level: String = "INFO", logger: String = "odoo.tests") -> String {
  "2026-11-22 13:09:09,329 31255 \(level) crm \(logger): \(message) \n"
}

func accessRecord(_ route: String = "/crm/dashboard/data", status: Int = 200, python: String = "0.040") -> String {
  "2026-11-22 13:09:09,329 31255 INFO crm werkzeug: 127.0.0.1 - - [22/Nov/2026 13:09:09] \"POST \(route) HTTP/1.1\" \(status) - 135 0.052 \(python)\n"
}
