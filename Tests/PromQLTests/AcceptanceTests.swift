import PromQL
import Testing

@testable import promqltest

@Suite("Prometheus' own cases", .enabled(if: AcceptanceData.folder != nil, Comment(rawValue: AcceptanceData.reason)))
struct AcceptanceTests {
  private func run(_ file: String, delaysNameRemoval: Bool) throws -> ScriptRunner {
    var runner = ScriptRunner(delaysNameRemoval: delaysNameRemoval)
    try runner.run(AcceptanceData.text(file))
    return runner
  }

  @Test(
    "a script of Prometheus gives Prometheus' answers",
    arguments: AcceptanceData.files(in: "promqltest", named: [".test"])
      + AcceptanceData.files(in: "promqltest-experimental", named: [".test"]))
  func scripts(_ file: String) throws {
    let runner = try run(file, delaysNameRemoval: true)
    #expect(runner.failures == [])
    #expect(runner.passed > 0 && runner.skipped == 0)
  }

  @Test("answers recorded from a running Prometheus are ours", arguments: AcceptanceData.files(in: "generated", named: [".test"]))
  func recorded(_ file: String) throws {
    let runner = try run(file, delaysNameRemoval: false)
    #expect(runner.failures == [])
    #expect(runner.passed > 500 && runner.skipped == 0)
  }
}
