import Testing

@testable import Lookout

/// Evaluates one rule set again and again over the same series, and keeps the alerts in between.
struct Evaluating {
  var evaluator: Evaluator
  var series: RuleSeries
  var active: [TrackedAlert] = []
  var findings: [CheckID: Finding] = [:]

  /// `rules` are rules of one group, in YAML's flow style or one a line.
  init(rules: String, series: RuleSeries, groupFields: String = "") throws {
    let set = try RuleSet.load("groups:\n- name: g\n  rules:\n\(rules)\n\(groupFields)", file: "x.yml")
    self.init(set, series: series)
  }

  init(_ set: RuleSet, series: RuleSeries) {
    evaluator = Evaluator(rules: set, externalURL: "http://lookout:9069")
    self.series = series
  }

  @discardableResult
  mutating func evaluate(at seconds: Int64, groups: [RuleGroup]? = nil) -> Evaluation {
    let findings = findings
    let evaluation = evaluator.evaluate(
      groups, earlier: active, at: Timestamp(milliseconds: seconds * 1000), over: series,
      in: Evaluator.Surroundings(finding: { findings[$0] }))
    active = evaluation.active
    return evaluation
  }
}

extension Evaluation {
  var states: [Alert.State] { active.map(\.alert.state) }
  var alerts: [Alert] { active.map(\.alert) }
}

extension Timestamp {
  static func seconds(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: seconds * 1000) }
}
