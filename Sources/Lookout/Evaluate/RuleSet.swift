import PromQL

/// The alerting rules that are in force.
struct RuleSet: Sendable {
  var groups: [RuleGroup]

  /// Prometheus' look-back: how old a sample may be for a selector without a range to see it.
  private static let instantLookback = Duration.seconds(300)

  /// Reads a rule file in Prometheus' format. Throws all that is wrong in it, each with line and column; what Prometheus would accept but
  /// cannot be done here (recording rules, say) is named as such.
  static func load(_ text: String, file: String) throws(RuleFileErrors) -> RuleSet {
    var reader = RuleFileReader(text, file: file)
    let groups = reader.groups()
    guard reader.errors.isEmpty else { throw RuleFileErrors(reader.errors) }
    return RuleSet(groups: groups)
  }

  /// The rules that come with the program.
  static func shipped() throws -> RuleSet {
    var groups: [RuleGroup] = []
    for file in ShippedFile.all where file.name.hasSuffix(".rules.yml") {
      groups += try load(file.text, file: file.name).groups
    }
    return RuleSet(groups: groups)
  }

  var rules: [AlertRule] { groups.flatMap(\.rules) }

  /// How far back the rules read: the longest of their ranges, at least the look-back of a selector without one.
  var longestRange: Duration {
    rules.map { Duration.milliseconds($0.expression.longestRange) }.reduce(Self.instantLookback, max)
  }

  /// The groups with a rule that can see one of these metrics (full names, `_total` and the like included).
  func groups(reading metrics: Set<String>) -> [RuleGroup] {
    groups.filter { $0.reads(anyOf: metrics) }
  }
}
