import Foundation
import Testing

@Suite("lookout logs", .needsProgram)
struct LogsTests {
  private func lookout(_ arguments: [String], in folder: String) async throws -> (status: String, output: String, errors: String) {
    let ended = try await run([try Built.path(), "logs"] + arguments, in: folder)
    return ("\(ended.status)", ended.output, ended.errors)
  }

  private static let log = """
    2026-11-22 13:09:09,329 31 INFO crm odoo: Odoo version 17.0\u{20}
    2026-11-22 13:10:09,329 31 INFO crm werkzeug: 127.0.0.1 - - [22/Nov/2026 13:10:09] "POST /crm/dashboard/data HTTP/1.1" 200 - 402 2.000 1.000
    2026-11-22 13:11:09,329 31 ERROR crm odoo.http: Exception during request handling.\u{20}
    Traceback (most recent call last):
      File "/opt/odoo/custom-addons/shop/models/a.py", line 7, in total
    KeyError: 'secret'

    """

  private func captured() throws -> [String] {
    let folder = (ProcessInfo.processInfo.environment["ACCEPTANCE_DATA"] ?? "/nowhere") + "/odoo/logs"
    return try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".log") }.sorted().map { "\(folder)/\($0)" }
  }

  @Test("reads a file, standard input and a part of the time, in each form")
  func forms() async throws {
    try await withFolder { folder in
      try Data(Self.log.utf8).write(to: URL(fileURLWithPath: "\(folder)/odoo.log"))
      let text = try await lookout(["odoo.log"], in: folder)
      #expect(text.status == "exited(0)" && text.errors.isEmpty)
      #expect(text.output.contains("1 ERROR, 2 INFO") && text.output.contains("KeyError: …") && !text.output.contains("secret"))
      let page = try await lookout(["--output", "html", "odoo.log"], in: folder)
      #expect(page.status == "exited(0)" && page.output.hasPrefix("<!DOCTYPE html>") && !page.output.contains("secret"))
      let part = try await lookout(
        ["--since", "2026-11-22 13:10", "--until", "2026-11-22T13:11:00Z", "--output", "json", "odoo.log"], in: folder)
      let document = try #require(try JSONSerialization.jsonObject(with: Data(part.output.utf8)) as? [String: Any])
      #expect(document["levels"] as? [String: Int] == ["DEBUG": 0, "INFO": 1, "WARNING": 0, "ERROR": 0, "CRITICAL": 0])
      #expect(document["linesLeftOut"] as? Int == 5)
    }
  }

  @Test("says what cannot be read and what cannot be meant")
  func mistakes() async throws {
    try await withFolder { folder in
      let missing = try await lookout(["nowhere.log"], in: folder)
      #expect(missing.status == "exited(1)" && missing.errors == "lookout: nowhere.log: No such file or directory\n")
      let moment = try await lookout(["--since", "soon", "x"], in: folder)
      #expect(moment.status == "exited(64)" && moment.errors.contains("--since"))
      let order = try await lookout(["--since", "2026-11-23", "--until", "2026-11-22", "x"], in: folder)
      #expect(order.status == "exited(64)" && order.errors.contains("--until is not later than --since"))
      try Data([0x1F, 0x8B, 8, 0, 0]).write(to: URL(fileURLWithPath: "\(folder)/cut.gz"))
      let cut = try await lookout(["cut.gz"], in: folder)
      #expect(cut.status == "exited(1)" && cut.errors.contains("cut.gz ends before it should") && cut.output.hasPrefix("no record"))
    }
  }

  @Test("counts the records of captured logs by level as grep does")
  func levels() async throws {
    guard let files = try? captured(), !files.isEmpty else { return }
    try await withFolder { folder in
      for file in files {
        let said = try await lookout(["--output", "json", file], in: folder)
        let document = try #require(try JSONSerialization.jsonObject(with: Data(said.output.utf8)) as? [String: Any])
        let levels = try #require(document["levels"] as? [String: Int])
        for (level, count) in levels {
          let colour = #"(\x1b\[[0-9;]*m)*"#
          let pattern = #"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ "# + "\(colour)\(level)\(colour) \\S+ [^ :]+:( |$)"
          let grep = try await run(["env", "LC_ALL=C", "grep", "-aPc", pattern, file], in: folder)
          #expect(Int(grep.output.trimmingCharacters(in: .whitespacesAndNewlines)) == count, "\(level) in \(file)")
        }
      }
    }
  }
}
