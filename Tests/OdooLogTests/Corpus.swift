import Foundation

@testable import OdooLog

/// The captured logs, where they are.
enum Corpus {
  static let folder: URL = {
    if let named = ProcessInfo.processInfo.environment["ACCEPTANCE_DATA"] { return URL(fileURLWithPath: named + "/odoo/logs") }
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    return root.deletingLastPathComponent().appendingPathComponent("shared/odoo/logs")
  }()

  static var isThere: Bool { FileManager.default.fileExists(atPath: folder.path) }

  static func bytes(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: folder.appendingPathComponent(name))) }

  static func all() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".log") }.sorted()
  }
}

/// The same numbers at every run.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}

/// Feeds pieces of the sizes that `size` gives, and tells the statistics of the complete lines.
func withStatistics(of bytes: [UInt8], lineLimit: Int = 65_536, finish: Bool = false, size: () -> Int = { .max }) -> LogStatistics {
  var scanner = LogScanner(lineLimit: lineLimit)
  var statistics = LogStatistics()
  var start = 0
  while start < bytes.count {
    let end = start + min(max(size(), 0), bytes.count - start)
    scanner.feed(bytes.span.extracting(start..<end), into: &statistics)
    start = end
  }
  if finish { scanner.finish(into: &statistics) }
  return statistics
}

func withStatistics(of text: String, finish: Bool = false) -> LogStatistics {
  withStatistics(of: Array(text.utf8), finish: finish)
}

/// A header for messages that matter.
func record(_ message: String, level: String = "INFO", logger: String = "werkzeug", database: String = "crm") -> String {
  "2026-11-22 13:09:09,329 31255 \(level) \(database) \(logger): \(message)\n"
}

func access(_ path: String, method: String = "GET", status: Int = 200, perf: String = "2 0.004 0.006") -> String {
  record("127.0.0.1 - - [22/Nov/2026 13:09:09] \"\(method) \(path) HTTP/1.1\" \(status) - \(perf)")
}

/// Forms of everything Odoo writes, in one log.
let everyForm = """
    a line before any record
  2026-11-22 13:09:09,329 31255 INFO ? odoo: Odoo version 17.0-20240709\u{20}
  2026-11-22 13:09:10,001 31255 INFO crm werkzeug: 10.0.0.7 - - [22/Nov/2026 13:09:10] "POST /crm/strategic/dashboard/data HTTP/1.1" 200 - 135 0.052 0.040
  2026-11-22 13:09:10,002 31255 INFO ? werkzeug: ::1 - - [22/Nov/2026 13:09:10] "GET /web/static/img/favicon.ico?a=1 HTTP/1.1" 304 - - - -
  2026-11-22 13:09:10,003 31258 INFO crm longpolling: 127.0.0.1 - - [2026-11-22 13:09:10] "GET /websocket/health HTTP/1.1" 200 184 0.012478\u{20}
  2026-11-22 13:09:10,004 31255 INFO crm werkzeug: 127.0.0.1 - - [22/Nov/2026 13:09:10] "GET /web HTTP
  2026-11-22 13:09:10,005 31255 ERROR crm odoo.sql_db: bad query: SELECT 1 FROM t WHERE name = 'secret'
  ERROR: column "no_such" does not exist
  LINE 1: SELECT 1
                 ^
  \u{20}
  2026-11-22 13:09:10,006 31255 ERROR crm odoo.http: Exception during request handling.\u{20}
  Traceback (most recent call last):
    File "/opt/odoo/odoo/http.py", line 2189, in __call__
      response = request._serve_db()
                 ^^^^^^^^^^^^^^^^^^^
  KeyError: 'first'

  During handling of the above exception, another exception occurred:

  Traceback (most recent call last):
    File "/opt/odoo/odoo/sql_db.py", line 332, in execute
  psycopg2.errors.UndefinedColumn: column "no_such" does not exist
  LINE 1: SELECT 1
  2026-11-22 13:09:10,007 31255 INFO crm odoo.sql_db: Connection to the database failed\u{20}
  2026-11-22 13:09:10,008 31255 \u{1B}[1;32m\u{1B}[1;49mINFO\u{1B}[0m crm werkzeug: 127.0.0.1 - - [22/Nov/2026 13:09:10] "\u{1B}[35m\u{1B}[1mGET /rig HTTP/1.1\u{1B}[0m" 500 - 3 \u{1B}[1;33m\u{1B}[1;49m2.004\u{1B}[0m 0.017
  2026-11-22 13:09:10,009 31255 CRITICAL crm odoo.addons.some.module: two
  lines\u{20}

  """
