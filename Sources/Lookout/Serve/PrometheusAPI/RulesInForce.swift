/// The rules that are evaluated, and how they stand.
struct RulesInForce: Sendable {
  let rules: RuleSet
  let alerts: [TrackedAlert]
  /// Why rules cannot be evaluated now.
  let failing: [RuleID: String]
  /// By the groups' full names.
  let efforts: [String: Pipeline.GroupEffort]
}
