import Foundation
import Testing

@testable import Lookout

@Suite(
  "rule files of Prometheus' own tests and of other people", .enabled(if: RuleData.acceptance != nil, Comment(rawValue: RuleData.absence)))
struct RuleFileAcceptanceTests {
  /// What promtool 3.5.3 refuses.
  private static let refused: Set<String> = [
    "bad_expr.bad.yaml", "bad_field.bad.yaml", "duplicate_grp.bad.yaml", "invalid_label_name.bad.yaml", "invalid_record_name.bad.yaml",
    "no_rec_alert.bad.yaml", "noexpr.bad.yaml", "record_and_alert.bad.yaml", "record_and_for.bad.yaml",
    "record_and_keep_firing_for.bad.yaml", "at-modifier-test.yml", "bad-input-series.yml", "bad-promql.yml", "bad-rules-error-test.yml",
    "bad-rules-syntax-test.yml", "bad-rules-syntax.yml", "failing.yml", "long-period.yml", "negative-offset-test.yml",
    "no-test-group-interval.yml", "rules-bad.yml", "rules_run.yml", "unittest.yml",
  ]

  /// These are written for another program; promtool refuses them too.
  private static let refusedByPromtool = Set(["cluster", "single-node", "vmagent", "vmanomaly"].map { "victoriametrics/alerts-\($0).yml" })

  private func errors(_ text: String, file: String) -> [ConfigurationError] {
    do {
      _ = try RuleSet.load(text, file: file)
      return []
    } catch {
      return error.errors
    }
  }

  @Test("files of Prometheus' tests get promtool's verdict, bad ones with places", arguments: ["rulefmt", "promtool"])
  func verdicts(folder: String) throws {
    let files = try RuleData.acceptanceFiles(folder)
    #expect(files.count >= 15)
    for file in files {
      let errors = errors(file.text, file: file.name)
      #expect(errors.isEmpty == !Self.refused.contains(file.name), "\(file.name): \(errors)")
      #expect(errors.allSatisfy { $0.line != nil && $0.column != nil }, "\(file.name): \(errors)")
    }
  }

  @Test("rules that people run are read, but for those that are for another program")
  func real() throws {
    var accepted = 0
    for file in try RuleData.acceptanceFiles("rules") where !file.name.contains("_tests") {
      let errors = errors(file.text, file: file.name)
      if errors.isEmpty { accepted += 1 }
      #expect(errors.isEmpty == !Self.refusedByPromtool.contains(file.name), "\(file.name): \(errors)")
    }
    #expect(accepted >= 100)
  }
}
