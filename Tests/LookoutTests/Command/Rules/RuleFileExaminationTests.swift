import Foundation
import Testing

@testable import Lookout

@Suite("A rule file gone through")
struct RuleFileExaminationTests {
  private func examine(_ text: String) throws -> RuleFileExamination {
    let path = FileManager.default.temporaryDirectory.appending(path: "lookout-\(UUID().uuidString).yml").path
    try Data(text.utf8).write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    return RuleFileExamination(path)
  }

  @Test("groups and rules are counted, also none")
  func counts() throws {
    let found = try examine("groups:\n- name: g\n  rules:\n  - alert: A\n    expr: up\n  - alert: B\n    expr: up == 0\n- name: h\n")
    #expect(found.mistakes.isEmpty && found.groups == 2 && found.rules == 2)
    #expect(try examine("").mistakes.isEmpty)
  }

  @Test("every mistake is told with its place")
  func mistakes() throws {
    let found = try examine("groups:\n- name: g\n  rules:\n  - alert: A\n    expr: up ==\n  - alert: B\n    expr: )\n").mistakes
    #expect(found.count == 2 && found.allSatisfy { $0.contains(".yml:5:") || $0.contains(".yml:7:") })
  }

  @Test("a file that is not there, or is none, is a mistake", arguments: ["/nowhere.yml", "/"])
  func absent(path: String) {
    #expect(RuleFileExamination(path).mistakes.count == 1)
  }
}
