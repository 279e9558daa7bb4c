import Testing

@testable import Lookout

@Suite(
  "rule files of Prometheus' own tests and of other people", .enabled(if: RuleData.acceptance != nil, Comment(rawValue: RuleData.absence)))
struct RuleFileAcceptanceTests {
  /// What may be refused, as long as the message says so by name.
  private static let unsupported = ["not supported", "stands already in line", "is not known in a template", "an alert needs a value"]

  /// These are written for another program; promtool refuses them too.
  private static let refusedByPromtool = ["cluster", "single-node", "vmagent", "vmanomaly"].map { "victoriametrics/alerts-\($0).yml" }

  private func errors(_ text: String, file: String) -> [ConfigurationError] {
    do {
      _ = try RuleSet.load(text, file: file)
      return []
    } catch {
      return error.errors
    }
  }

  @Test("bad files are refused with a place")
  func bad() throws {
    // Good since Prometheus 3.0, where any UTF-8 is a name; promtool accepts it.
    let files = try RuleData.acceptanceFiles("rulefmt").filter { $0.name.contains(".bad.") && !$0.name.hasPrefix("legacy_") }
    #expect(files.count >= 10)
    for file in files {
      let errors = errors(file.text, file: file.name)
      #expect(!errors.isEmpty, "\(file.name)")
      #expect(errors.allSatisfy { $0.line != nil && $0.column != nil }, "\(file.name): \(errors)")
    }
  }

  @Test("good files are read, or refused for a construct that the message names")
  func good() throws {
    let files = try RuleData.acceptanceFiles("rulefmt").filter { !$0.name.contains(".bad.") }
    #expect(files.count >= 5)
    for file in files { expectNamed(errors(file.text, file: file.name)) }
  }

  @Test("rules that people run are read, or refused for a construct that the message names")
  func real() throws {
    var accepted = 0
    for file in try RuleData.acceptanceFiles("rules") where !file.name.contains("_tests") {
      let errors = errors(file.text, file: file.name)
      if errors.isEmpty { accepted += 1 }
      if Self.refusedByPromtool.contains(file.name) {
        #expect(!errors.isEmpty, "\(file.name)")
      } else {
        expectNamed(errors)
      }
    }
    #expect(accepted >= 50)
  }

  private func expectNamed(_ errors: [ConfigurationError]) {
    for error in errors {
      #expect(Self.unsupported.contains { error.message.contains($0) }, "\(error)")
    }
  }
}
