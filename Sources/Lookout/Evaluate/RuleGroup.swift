import PromQL

/// Rules that are evaluated together, in their order.
struct RuleGroup: Sendable {
  struct ID: Hashable, Sendable {
    let file: String
    let name: String
  }

  let file: String
  let name: String
  /// Nil: the agent's own interval.
  let interval: Duration?
  /// How far in the past the rules are evaluated.
  var queryOffset = Duration.zero
  /// How many alerts or series a rule may have at a time; more is an error of that rule. Nil: any number.
  let limit: Int?
  let rules: [Rule]

  var id: ID { ID(file: file, name: name) }

  /// As Prometheus names it in its own metrics: names need not differ between files.
  var fullName: String { "\(file);\(name)" }

  /// Whether any rule's expression can see one of these metrics. A selector that does not constrain the name sees everything.
  func reads(anyOf metrics: Set<String>) -> Bool {
    rules.contains { rule in rule.expression.selectors.contains { $0.admits(anyOf: metrics) } }
  }

  /// The metrics whose samples it writes.
  var writes: Set<String> { Set(rules.flatMap(\.writes)) }
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
