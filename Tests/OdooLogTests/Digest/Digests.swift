@testable import OdooLog

/// Feeds pieces of the sizes that `size` gives, to the end of the file.
func withDigest(of bytes: [UInt8], period: Range<Int64> = .min..<(.max), size: () -> Int = { .max }) -> LogDigest {
  var scanner = LogScanner()
  var digest = LogDigest(period: period, routeLimit: 100)
  var start = 0
  while start < bytes.count {
    let end = start + min(max(size(), 1), bytes.count - start)
    scanner.feed(bytes.span.extracting(start..<end), into: &digest)
    start = end
  }
  scanner.finish(into: &digest)
  return digest
}

func withDigest(of text: String, period: Range<Int64> = .min..<(.max)) -> LogDigest { withDigest(of: Array(text.utf8), period: period) }

/// A record at that second of a day, by that process.
func record(at second: Int, pid: Int = 31, _ level: String, _ logger: String, _ message: String, database: String = "crm") -> String {
  "\(TimeStamp.text(1_795_305_600_000 + Int64(second) * 1_000)) \(pid) \(level) \(database) \(logger): \(message)\n"
}

func request(at second: Int, pid: Int = 31, _ path: String, status: Int = 200, seconds: Double = 0.01) -> String {
  let client = "127.0.0.1 - - [22/Nov/2026 13:09:09]"
  return record(
    at: second, pid: pid, "INFO", "werkzeug", "\(client) \"POST \(path) HTTP/1.1\" \(status) - 3 \(seconds * 0.5) \(seconds * 0.5)")
}

/// The lines of a traceback, with its record before it.
func traceback(
  at second: Int, pid: Int = 31, _ exception: String, in places: [String] = ["custom-addons/shop/models/figures.py:12 in data"],
  level: String = "ERROR", logger: String = "odoo.http", message: String = "Exception during request handling. "
) -> String {
  let frames = (["odoo/http.py:2189 in __call__"] + places).map { place in
    let words = place.split(whereSeparator: { $0 == ":" || $0 == " " })
    return "  File \"/opt/odoo/\(words[0])\", line \(words[1]), in \(words[3])\n    some = code('secret')\n           ^^^^\n"
  }
  return record(at: second, pid: pid, level, logger, message) + "Traceback (most recent call last):\n" + frames.joined() + exception + "\n"
}
