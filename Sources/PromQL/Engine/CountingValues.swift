extension Evaluator {
  /// count_values: one element for each value in a group, which a label tells.
  mutating func countedValues(_ aggregation: Aggregation, _ steps: Steps) throws(EvaluationError) -> Block {
    let name = aggregation.parameter?.text ?? ""
    guard !name.isEmpty else { throw .execution("invalid label name \(quoted(name))") }
    let block = try block(of: aggregation.argument, steps)
    let label = labels.symbol(for: name)
    var grouping = aggregation.grouping
    // The values are told apart even where their label is one to group without.
    if !grouping.isWithout { grouping.labels.append(name) }
    let names = grouping.labels.compactMap { labels.find($0) } + (grouping.isWithout ? [labels.symbol(for: Labels.metricName)] : [])
    var table = LabelSetTable()
    var result = Block()
    for row in block.rows.indices {
      for step in 0..<steps.count {
        let value = block.values[row * steps.count + step]
        guard !value.isStaleMarker else { continue }
        let number = formatPlainNumber(value)
        try charge(1 + number.utf8.count / 8)
        let text = labels.symbol(for: number)
        let labelled = labels.setting(label, to: text, in: block.rows[row].labels)
        let set = labels.filtered(labelled, names: names, keeps: !grouping.isWithout)
        let (index, isNew) = table.index(of: set, in: labels)
        if isNew {
          try charge(rows: 1, steps)
          result.append(Block.Row(labels: set), repeatElement(Block.absent, count: steps.count))
        }
        let place = index * steps.count + step
        result.values[place] = result.values[place].isStaleMarker ? 1 : result.values[place] + 1
      }
    }
    return result
  }
}
