import ArgumentParser
import Foundation

struct RunScripts: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run scripts (the default).",
    discussion: "Every instant query is made again with @ at other times, and each as the middle of a range query.")

  @Flag(help: "Drop metric names from the result only, as Prometheus' own runner does.")
  var delayedNameRemoval = false

  @Option(help: "Run only the evaluations whose expression contains this text.")
  var filter = ""

  @Argument(help: "Scripts to run.")
  var files: [String]

  func run() throws {
    var (passed, failed, skipped) = (0, 0, 0)
    for file in files {
      let failures: [String]
      var runner = ScriptRunner(delaysNameRemoval: delayedNameRemoval)
      do {
        try runner.run(String(contentsOfFile: file, encoding: .utf8), filter: filter)
        failures = runner.failures
      } catch {
        failures = runner.failures + ["\(error)"]
      }
      for failure in failures { print("\(file): \(failure)") }
      passed += runner.passed
      failed += failures.count
      skipped += runner.skipped
    }
    print("\(passed) passed, \(failed) failed" + (skipped > 0 ? ", \(skipped) skipped" : ""))
    if failed > 0 { throw ExitCode.failure }
  }
}
