extension Evaluator {
  /// One element at the steps at which the vector is empty, with the labels that the selector asks for by equality.
  mutating func absent(_ argument: Node, _ steps: Steps) throws(EvaluationError) -> Block {
    let block = try block(of: argument, steps)
    return absence(of: block, requiredLabels(argument.unwrapped), steps)
  }

  mutating func absentOverTime(_ argument: Node, _ steps: Steps) throws(EvaluationError) -> Block {
    let block = try overWindows(of: argument.unwrapped, [], steps, "absent_over_time") { _ in 1 }
    var result = absence(of: block, requiredLabels(argument.unwrapped), steps)
    for index in result.rows.indices { result.rows[index].dropsName = options.delaysNameRemoval }
    return result
  }

  private func absence(of block: Block, _ set: LabelSet, _ steps: Steps) -> Block {
    var values = Array(repeating: 1.0, count: steps.count)
    for (index, value) in block.values.enumerated() where !value.isStaleMarker { values[index % steps.count] = Block.absent }
    guard values.contains(where: { !$0.isStaleMarker }) else { return Block() }
    return Block(rows: [Block.Row(labels: set)], values: values)
  }

  /// A label with several conditions is left out: no one value would be right (promql/functions.go, createLabelsForAbsentFunction).
  private mutating func requiredLabels(_ argument: Node) -> LabelSet {
    var matchers: [LabelMatcher] = []
    if case .vectorSelector(let selector) = argument.kind { matchers = selector.matchers }
    if case .rangeSelector(let range) = argument.kind { matchers = range.selector.matchers }
    var required: [String: String] = [:]
    var seen: Set<String> = []
    // The storage of Prometheus puts what only excludes last before the labels are made.
    for matcher in matchers.filter({ !$0.isNegative }) + matchers.filter(\.isNegative) where matcher.name != Labels.metricName {
      required[matcher.name] = matcher.kind == .equal && !seen.contains(matcher.name) ? matcher.value : nil
      if matcher.kind == .equal { seen.insert(matcher.name) }
    }
    return required.reduce(LabelSet.empty) { set, pair in
      labels.setting(labels.symbol(for: pair.key), to: labels.symbol(for: pair.value), in: set)
    }
  }
}

extension LabelMatcher {
  fileprivate var isNegative: Bool { kind == .notEqual || kind == .matchesNot }
}
