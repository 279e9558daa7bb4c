import PromQL

/// The rules that are in force.
struct RuleSet: Sendable {
  let groups: [RuleGroup]
  /// The order in which they are evaluated: that of the files, but what reads what another group writes stands behind it, so that one step
  /// tells of a change all that follows from it.
  let inOrder: [RuleGroup]

  init(groups: [RuleGroup]) {
    self.groups = groups
    inOrder = Self.ordered(groups)
  }

  /// Prometheus' look-back: how old a sample may be for a selector without a range to see it.
  private static let instantLookback = Duration.seconds(300)

  /// Reads a rule file in Prometheus' format. Throws all that is wrong in it, each with line and column.
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

  /// So many groups that finding their order would take long stay as they are.
  private static let orderLimit = 300

  /// Of groups that read each other, the first in the files is the first.
  private static func ordered(_ groups: [RuleGroup]) -> [RuleGroup] {
    guard groups.count <= orderLimit else { return groups }
    var placed: [RuleGroup] = []
    var visited: Set<Int> = []
    func place(_ index: Int) {
      guard visited.insert(index).inserted else { return }
      for other in groups.indices where other != index && !visited.contains(other) && groups[index].reads(anyOf: groups[other].writes) {
        place(other)
      }
      placed.append(groups[index])
    }
    for index in groups.indices { place(index) }
    return placed
  }

  var rules: [Rule] { groups.flatMap(\.rules) }
  var alertRules: [AlertRule] { rules.compactMap(\.alert) }

  /// How far back the rules read: the longest of their ranges, at least the look-back of a selector without one.
  var longestRange: Duration {
    groups.flatMap { group in group.rules.map { Duration.milliseconds($0.expression.longestRange) + group.queryOffset } }
      .reduce(Self.instantLookback, max)
  }

  /// The groups with a rule that can see one of these metrics (full names, `_total` and the like included), and those that see what these
  /// groups write.
  func groups(reading metrics: Set<String>) -> [RuleGroup] {
    var seen = metrics
    var affected: Set<RuleGroup.ID> = []
    while true {
      let more = groups.filter { !affected.contains($0.id) && $0.reads(anyOf: seen) }
      guard !more.isEmpty else { return inOrder.filter { affected.contains($0.id) } }
      for group in more {
        affected.insert(group.id)
        seen.formUnion(group.writes)
      }
    }
  }
}
