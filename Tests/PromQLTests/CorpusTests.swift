import Foundation
import PromQL
import Testing

@testable import promqltest

/// Small scripts of our own, in Fixtures; their answers are those of Prometheus.
@Suite("evaluation")
struct CorpusTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

  static let scripts: [String] = {
    let all = FileManager.default.enumerator(atPath: folder.path())?.compactMap { $0 as? String } ?? []
    return all.filter { $0.hasSuffix(".test") }.sorted()
  }()

  @Test("the scripts give what Prometheus gives", arguments: scripts)
  func answers(_ file: String) throws {
    var runner = ScriptRunner(delaysNameRemoval: file.hasPrefix("delayed"))
    try runner.run(String(contentsOf: Self.folder.appending(path: file), encoding: .utf8))
    #expect(runner.failures == [])
    #expect(runner.skipped == 0 && runner.passed > 3)
  }

  @Test("there are scripts")
  func count() {
    #expect(Self.scripts.count >= 12)
  }
}
