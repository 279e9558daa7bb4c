import PromQL

/// Names a rule over restarts and reloads: a file has no two rules of the same alert and labels.
struct RuleID: Hashable, Codable, Sendable, CustomStringConvertible {
  let file: String
  let group: String
  let alert: String
  /// As written, templates included; those of the group too.
  let labels: [String: String]

  var description: String { "\(group)/\(alert)" }
}

/// An alerting rule as read from a file.
struct AlertRule: Sendable {
  let id: RuleID
  let expression: Expression
  /// `for`: how long the expression has to hold before the alert fires.
  let hold: Duration
  /// How long the alert goes on firing after the expression has ceased to hold.
  let keepFiringFor: Duration
  let labels: [String: Template]
  let annotations: [String: Template]

  var name: String { id.alert }
}

/// Rules that are evaluated together, in their order.
struct RuleGroup: Sendable {
  let file: String
  let name: String
  /// Nil: the agent's own interval.
  let interval: Duration?
  /// How many alerts a rule may have at a time; more is an error of that rule. Nil: any number.
  let limit: Int?
  let rules: [AlertRule]

  /// As Prometheus names it in its own metrics: names need not differ between files.
  var fullName: String { "\(file);\(name)" }

  /// Whether any rule's expression can see one of these metrics. A selector that does not constrain the name sees everything.
  func reads(anyOf metrics: Set<String>) -> Bool {
    rules.contains { rule in rule.expression.selectors.contains { $0.admits(anyOf: metrics) } }
  }
}

extension [LabelMatcher] {
  /// Whether the conditions on the metric's name let one of these pass.
  func admits(anyOf metrics: Set<String>) -> Bool {
    let onName = filter { $0.name == Labels.metricName }
    if let exact = onName.first(where: { $0.kind == .equal }), !metrics.contains(exact.value) { return false }
    guard !onName.isEmpty else { return !metrics.isEmpty }
    return metrics.contains { metric in onName.allSatisfy { $0.matches([Labels.metricName: metric]) } }
  }
}
