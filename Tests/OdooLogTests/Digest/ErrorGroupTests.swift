import Testing

@testable import OdooLog

@Suite("Errors in groups")
struct ErrorGroupTests {
  private func groups(_ log: String) -> [ErrorGroup] { withDigest(of: log).errorGroups.groups }

  @Test("the same class raised at the same place is one group, whatever the line and the values")
  func sameCause() throws {
    let log =
      traceback(at: 1, "KeyError: 'planned'", in: ["custom-addons/shop/models/figures.py:12 in data"])
      + traceback(at: 3_700, "KeyError: 'other'", in: ["custom-addons/shop/models/figures.py:99 in data"])
      + traceback(at: 2, "KeyError: 'planned'", in: ["custom-addons/shop/models/figures.py:12 in overdue"])
      + traceback(at: 2, "ValueError: planned", in: ["custom-addons/shop/models/figures.py:12 in data"])
    let groups = groups(log)
    #expect(groups.map(\.count) == [2, 1, 1])
    let first = try #require(groups.first)
    #expect(first.exceptionClass == "KeyError" && first.message == "…" && first.kind == .failure)
    #expect(first.culprit == "shop/models/figures.py:12 in data")
    #expect(first.frames == ["odoo/http.py:2189 in __call__", "shop/models/figures.py:12 in data"])
    #expect(first.firstSeen == 1_795_305_601_000 && first.lastSeen == 1_795_309_300_000)
    #expect(first.hours.hours.map(\.count) == [1, 1])
  }

  @Test("the frames of modules tell groups apart, those of the framework only where there are no others")
  func frames() {
    let own = ["custom-addons/shop/models/figures.py:12 in data"]
    #expect(groups(traceback(at: 1, "KeyError", in: own) + traceback(at: 1, "KeyError", in: ["odoo/api.py:5 in call"] + own)).count == 1)
    #expect(groups(traceback(at: 1, "KeyError", in: ["odoo/api.py:5 in call"]) + traceback(at: 1, "KeyError", in: [])).count == 2)
  }

  @Test(
    "where Odoo is installed makes no difference",
    arguments: ["/usr/lib/python3/dist-packages/odoo/addons", "/srv/16/addons", "/mnt/extra-addons"])
  func installation(folder: String) {
    let log = traceback(at: 1, "KeyError: 1")
    #expect(groups(log + log.replacing("/opt/odoo/custom-addons", with: folder)).map(\.count) == [2])
  }

  @Test("of chained exceptions the last names the group")
  func chained() {
    let first = traceback(at: 1, "KeyError: 'secret'")
    let second = first.split(separator: "\n").dropFirst().joined(separator: "\n").replacing(
      "KeyError: 'secret'", with: "odoo.ParseError: while parsing /x")
    let groups = groups(first + "\nDuring handling of the above exception, another exception occurred:\n\n" + second + "\n")
    #expect(groups.map(\.exceptionClass) == ["odoo.ParseError"] && groups.first?.frames.count == 4)
  }

  @Test("messages that differ by their values are one group")
  func messages() {
    let log = [1, 22, 333].map { record(at: $0, "ERROR", "odoo.addons.shop", "cannot read 'name\($0)' of order \($0)\($0)\($0)\($0) ") }
      .joined()
    #expect(groups(log).map(\.count) == [3])
    #expect(groups(log).first?.message == "cannot read … of order …")
    #expect(groups(log + record(at: 4, "ERROR", "odoo.addons.other", "cannot read 'x' of order 4 ")).count == 2)
  }

  @Test(
    "what is no failure is of a kind of its own",
    arguments: [
      (traceback(at: 1, "odoo.exceptions.UserError: no"), ErrorKind.userMistake),
      (traceback(at: 1, "odoo.exceptions.ValidationError: no"), .userMistake),
      (traceback(at: 1, "odoo.exceptions.AccessError: no"), .userMistake),
      (traceback(at: 1, "odoo.http.SessionExpiredException: Session expired"), .sessionExpired),
      (record(at: 1, "INFO", "odoo.http", "Session expired "), .sessionExpired),
      (record(at: 1, "WARNING", "odoo.http", "Start date must be before end date "), .userMistake),
      (record(at: 1, "ERROR", "odoo.addons.x", "Error: You don't have permission to access CRM dashboard "), .userMistake),
      (record(at: 1, "ERROR", "odoo.sql_db", "bad query: x\nERROR: could not serialize access due to concurrent update\n "), .retry),
      (record(at: 1, "ERROR", "odoo.sql_db", "bad query: x\nERROR: deadlock detected\nDETAIL:  Process 1 waits\n "), .retry),
      (record(at: 1, "ERROR", "odoo.sql_db", "bad query: x\nERROR: column \"x\" does not exist\nLINE 1: SELECT\n "), .statement),
      (traceback(at: 1, "psycopg2.errors.SerializationFailure: could not serialize access"), .failure),
      (traceback(at: 1, "KeyError: 1", level: "WARNING", logger: "odoo.addons.x"), .failure),
      (record(at: 1, "CRITICAL", "odoo.addons.x", "broken "), .failure),
    ])
  func kinds(log: String, kind: ErrorKind) {
    #expect(groups(log).map(\.kind) == [kind])
  }

  @Test("a warning without a traceback, or that a route passes over an argument, is no error")
  func noErrors() {
    #expect(groups(record(at: 1, "WARNING", "odoo.models", "unknown parameter ")).isEmpty)
    #expect(groups(record(at: 1, "WARNING", "odoo.http", "<function health> called ignoring args {'x'} ")).isEmpty)
    #expect(groups(record(at: 1, "INFO", "odoo.http", "Generating ")).isEmpty)
  }

  @Test("a group knows the routes of the requests that failed with it, and its databases")
  func requests() throws {
    let log =
      traceback(at: 1, pid: 31, "KeyError: 1") + request(at: 2, pid: 32, "/web")
      + request(at: 2, pid: 31, "/crm/dashboard/data?x=1", status: 500)
      + request(at: 3, pid: 31, "/web/login") + traceback(at: 4, pid: 33, "KeyError: 1").replacing("ERROR crm", with: "ERROR other")
    let digest = withDigest(of: log)
    let group = try #require(digest.errorGroups.groups.first)
    #expect(digest.routes(of: group).map(\.route) == ["/crm/dashboard/data"])
    #expect(group.databases == ["crm", "other"] && group.count == 2)
  }

  @Test("nothing of anybody's data is kept")
  func redaction() throws {
    let log =
      traceback(at: 1, "ValueError: Expected jane@example.com 'Jane' password=hunter2\nDETAIL: Key (login)=(jane)\n")
      + record(at: 2, "ERROR", "odoo.sql_db", "bad query: SELECT 'Jane'\nERROR: value \"Jane\" wrong\nDETAIL: Failing row (jane)\n ")
    for group in groups(log) {
      let text = "\(group.message) \(group.frames) \(group.exceptionClass ?? "")".lowercased()
      #expect(!text.contains("jane") && !text.contains("hunter2") && !text.contains("secret"))
    }
    #expect(groups(log).count == 2)
  }

  @Test("twenty thousand different errors leave the groups that there are, and are counted")
  func bounded() {
    var log = ""
    for number in 0..<20_000 {
      let name = String(number, radix: 26).map { String(UnicodeScalar(97 + (Int(String($0), radix: 26) ?? 0)) ?? "a") }.joined()
      log += record(at: number % 3_600, "ERROR", "odoo.addons.x", "trouble of the kind \(name)x ") + "File\n"
    }
    let errors = withDigest(of: log).errorGroups
    #expect(errors.groups.count == ErrorGroups.mostGroups)
    #expect(errors.groups.map(\.count).reduce(0, +) + errors.ungrouped == 20_000)
  }

  @Test("a stack of ten thousand frames and a line of a megabyte are read to their end")
  func huge() {
    let deep = traceback(at: 1, "RecursionError: deep", in: Array(repeating: "custom-addons/shop/a.py:1 in f", count: 10_000))
    let groups = groups(deep + traceback(at: 2, "KeyError: " + String(repeating: "x", count: 1 << 20)))
    #expect(groups.map(\.exceptionClass) == ["RecursionError", "KeyError"])
    #expect(groups.allSatisfy { $0.frames.count <= ErrorGroup.mostFrames && $0.message.utf8.count <= 300 })
  }
}
