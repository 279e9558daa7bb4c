import Foundation
import Testing

@testable import Lookout

@Suite("The last minutes of a log")
struct RecentLogTests {
  private static let now = Timestamp(milliseconds: 1_795_353_000_000)

  private func stamp(_ before: Int) -> String {
    let text = (Self.now - .seconds(before)).rfc3339
    return text.prefix(10) + " " + text.dropFirst(11).prefix(8) + ",000"
  }

  private func error(_ before: Int, _ message: String = "boom") -> String { "\(stamp(before)) 7 ERROR crm odoo.x: \(message) \n" }
  private func info(_ before: Int) -> String { "\(stamp(before)) 7 INFO crm odoo.x: fine \n" }

  private func look(_ files: [String: String]) throws -> LogSight {
    let folder = FileManager.default.temporaryDirectory.appending(path: "lookout-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, text) in files {
      let path = "\(folder)/\(name)"
      try Data(text.utf8).write(to: URL(filePath: path))
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: Self.now.seconds - (name == "odoo.log" ? 0 : 10))], ofItemAtPath: path)
    }
    return RecentLog(path: "\(folder)/odoo.log", since: Self.now - .seconds(300)).look()
  }

  @Test("errors of the window are counted, older ones are not, and the latest is told")
  func window() throws {
    let sight = try look(["odoo.log": error(900) + info(600) + error(301, "old") + info(300) + error(200, "one") + error(1, "two")])
    #expect(sight.recentErrors == 2 && sight.lastError == "ERROR odoo.x: two" && sight.unreadable == nil)
    #expect(try look(["odoo.log": error(900)]).recentErrors == 0)
    #expect(try look(["odoo.log": error(300)]).recentErrors == 1)
  }

  @Test("a window that begins far from the end is found, over lines that are no records", arguments: [0, 3_000_000])
  func far(padding: Int) throws {
    let traceback = String(repeating: "  File \"x\", line 1, in y\n", count: padding / 25)
    let text = error(900) + traceback + error(250, "one") + traceback + error(5, "two")
    #expect(try look(["odoo.log": text]).recentErrors == 2)
  }

  @Test("what was written before a rotation counts too")
  func rotation() throws {
    #expect(try look(["odoo.log.1": error(900) + error(250), "odoo.log": error(5)]).recentErrors == 2)
    #expect(try look(["odoo.log.1": error(250), "odoo.log": info(400) + error(5)]).recentErrors == 1)
    #expect(try look(["odoo.log.2.gz": error(250), "odoo.log": error(5)]).recentErrors == 1)
    #expect(try look(["odoo.log.1": error(250), "odoo.log": ""]).recentErrors == 1)
  }

  @Test("records in colours are records")
  func colours() throws {
    let line = "\(stamp(5)) 7 \u{1b}[1;31m\u{1b}[1;49mERROR\u{1b}[0m crm odoo.x: boom \n"
    #expect(try look(["odoo.log": info(400) + line]).recentErrors == 1)
  }

  @Test("an unfinished last line, bytes of any kind and an empty file do no harm")
  func odd() throws {
    #expect(try look(["odoo.log": info(400) + error(5).dropLast()]).recentErrors == 1)
    #expect(try look(["odoo.log": ""]).recentErrors == 0)
    #expect(try look(["odoo.log": String(repeating: "\u{0}\u{fffd}x", count: 100_000)]).recentErrors == 0)
    #expect(try look(["odoo.log": info(400) + String(repeating: "x", count: 2_000_000) + "\n" + error(5)]).recentErrors == 1)
  }

  @Test("a log that cannot be read says why")
  func unreadable() throws {
    #expect(try look([:]).unreadable?.hasSuffix("odoo.log: No such file or directory") == true)
    #expect(RecentLog(path: "/dev/null", since: Self.now).look().unreadable == "/dev/null is no ordinary file")
  }
}
