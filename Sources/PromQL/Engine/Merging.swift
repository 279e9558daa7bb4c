extension Evaluator {
  /// The labels that say what a value is, as far as any series read so far has them.
  var metadataSymbols: [Symbol] { Labels.metadataNames.compactMap { labels.find($0) } }

  /// For what changes the meaning of its values: the names go, now or with the result.
  mutating func withoutNames(_ block: Block, _ steps: Steps) throws(EvaluationError) -> Block {
    var result = block
    guard !options.delaysNameRemoval else {
      for index in result.rows.indices { result.rows[index].dropsName = true }
      return result
    }
    if dropNames(&result.rows) { return result }
    return try merged(result, steps)
  }

  /// Whether it is sure that the labels are still different: all had the same name and nothing else was dropped.
  mutating func dropNames(_ rows: inout [Block.Row]) -> Bool {
    let metadata = metadataSymbols
    let name = labels.find(Labels.metricName) ?? .max
    var shared: Symbol?
    var areDistinct = true
    for index in rows.indices {
      let before = rows[index].labels
      let (after, named) = labels.without(metadata, in: before, name)
      rows[index].labels = after
      if index == 0 { shared = named }
      areDistinct = areDistinct && named == shared && before.count - after.count == (named == nil ? 0 : 1)
    }
    return areDistinct
  }

  /// Rows of the same labels become one, unless both have a value at a step.
  mutating func merged(_ block: Block, _ steps: Steps) throws(EvaluationError) -> Block {
    var table = LabelSetTable(minimumCapacity: block.rows.count)
    var places: [Int] = []
    places.reserveCapacity(block.rows.count)
    var hasTwins = false
    for row in block.rows {
      let (index, isNew) = table.index(of: row.labels, in: labels)
      places.append(index)
      if !isNew { hasTwins = true }
    }
    try work(block.rows.count)
    return hasTwins ? try merged(block, places, count: table.sets.count, steps) : block
  }

  private func merged(_ block: Block, _ places: [Int], count: Int, _ steps: Steps) throws(EvaluationError) -> Block {
    var result = Block()
    result.values = Array(repeating: Block.absent, count: count * steps.count)
    var isTaken = Array(repeating: false, count: count)
    result.rows = Array(repeating: Block.Row(labels: .empty), count: count)
    for (row, place) in places.enumerated() {
      guard !block.isEmpty(row, steps.count) else {
        if !isTaken[place] { result.rows[place] = block.rows[row] }
        continue
      }
      if !isTaken[place] { result.rows[place] = block.rows[row] }
      isTaken[place] = true
      for step in 0..<steps.count {
        let value = block.values[row * steps.count + step]
        guard !value.isStaleMarker else { continue }
        guard result.values[place * steps.count + step].isStaleMarker else { throw .sameLabels }
        result.values[place * steps.count + step] = value
      }
    }
    return result
  }

  /// Refuses rows of the same labels, even where they never have a value at the same step.
  mutating func requireDistinct(_ block: Block, _ steps: Steps) throws(EvaluationError) {
    var table = LabelSetTable(minimumCapacity: block.rows.count)
    for (index, row) in block.rows.enumerated() where !block.isEmpty(index, steps.count) {
      guard table.index(of: row.labels, in: labels).isNew else { throw .sameLabels }
    }
  }
}
