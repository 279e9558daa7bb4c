import Testing

/// A strict reader of Odoo's log format, written against the format and not against the writer.
struct LogRecord {
  struct Malformed: Error { var line: String }
  struct Access {
    var request: String
    var status: Int
    var queries: Int
    var sql: Double
    var python: Double
  }

  var time: String
  var pid: Int
  var level: String
  var database: String
  var logger: String
  var message: String
  var continuation: [String] = []
  var access: Access?

  /// Lines that begin with no time stamp belong to the record before; the first may not.
  static func all(in text: String) throws -> [LogRecord] {
    var records: [LogRecord] = []
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(lines.popLast() == "", "the log ends with a line end")
    for line in lines {
      if startsRecord(line) {
        records.append(try LogRecord(line))
      } else if records.isEmpty {
        throw Malformed(line: line)
      } else {
        records[records.count - 1].continuation.append(line)
      }
    }
    return records
  }

  /// `2026-11-22 13:09:09,329 `
  private static func startsRecord(_ line: String) -> Bool {
    matches(line.prefix(24), "dddd-dd-dd dd:dd:dd,ddd ")
  }

  private static func matches(_ text: some StringProtocol, _ form: String) -> Bool {
    text.count == form.count && zip(text, form).allSatisfy { $1 == "d" ? ("0"..."9").contains($0) : $0 == $1 }
  }

  init(_ line: String) throws {
    time = String(line.prefix(23))
    let parts = line.dropFirst(24).split(separator: " ", maxSplits: 4, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 5, let pid = Int(parts[0]), ["INFO", "WARNING", "ERROR"].contains(parts[1]), parts[3].hasSuffix(":") else {
      throw Malformed(line: line)
    }
    (self.pid, level, database, logger, message) = (pid, parts[1], parts[2], String(parts[3].dropLast()), parts[4])
    if logger == "werkzeug" {
      access = try Self.access(message, line)
    } else if message.contains("\n") || (!message.hasSuffix(" ") && level != "ERROR") {
      throw Malformed(line: line)
    }
  }

  /// `127.0.0.1 - - [22/Nov/2026 13:09:09] "POST /x HTTP/1.1" 200 - 135 0.052 0.040`
  private static func access(_ message: String, _ line: String) throws -> Access {
    let parts = message.split(separator: "\"", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3, parts[1].hasSuffix(" HTTP/1.1") else { throw Malformed(line: line) }
    let before = parts[0].split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    let date = before.dropFirst(3).joined(separator: " ")
    guard before.prefix(3) == ["127.0.0.1", "-", "-"], date.hasPrefix("["), date.hasSuffix("] "), date.count == 23,
      matches(date.dropFirst(1).prefix(3), "dd/"), matches(date.dropFirst(7).prefix(14), "/dddd dd:dd:dd")
    else { throw Malformed(line: line) }
    let after = parts[2].split(separator: " ").map(String.init)
    guard after.count == 5, parts[2] == " " + after.joined(separator: " "), let status = Int(after[0]), after[1] == "-",
      let queries = Int(after[2]), let sql = thousandths(after[3]), let python = thousandths(after[4])
    else { throw Malformed(line: line) }
    return Access(request: String(parts[1].dropLast(9)), status: status, queries: queries, sql: sql, python: python)
  }

  private static func thousandths(_ text: String) -> Double? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 2 && parts[1].count == 3 ? Double(text) : nil
  }
}
