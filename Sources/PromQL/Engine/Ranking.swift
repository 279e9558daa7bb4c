/// topk, bottomk, limitk and limit_ratio: some elements of each group, whole (promql/engine.go, aggregationK).
extension Evaluator {
  mutating func ranked(_ aggregation: Aggregation, _ steps: Steps) throws(EvaluationError) -> Block {
    guard let parameter = aggregation.parameter else { return Block() }
    let amounts = try scalars(of: parameter, steps)
    let block = try block(of: aggregation.argument, steps)
    guard try admits(amounts, aggregation.operation, at: parameter.unwrapped.start) else { return Block() }
    let groups = Groups(block.rows, aggregation.grouping, &labels)
    try charge(block.values.count)
    var result = block
    result.values = Array(repeating: Block.absent, count: block.values.count)
    var order: [Int] = []
    for step in 0..<steps.count {
      order = chosen(block, groups, aggregation.operation, amounts[step], step, steps.count)
      for row in order { result.values[row * steps.count + step] = block.values[row * steps.count + step] }
      try work(block.rows.count)
    }
    // At an instant the order of the elements is part of the answer.
    return steps.count == 1 ? Block(rows: order.map { block.rows[$0] }, values: order.map { block.values[$0] }) : result
  }

  /// False where nothing is asked for.
  private mutating func admits(_ amounts: [Double], _ operation: AggregationOperator, at offset: Int) throws(EvaluationError) -> Bool {
    let most = amounts.reduce(-Double.greatestFiniteMagnitude, higher)
    let least = amounts.reduce(Double.greatestFiniteMagnitude, lower)
    let hasNaN = amounts.contains(where: \.isNaN)
    if operation == .limitRatio {
      if most == 0 && least == 0 { return false }
      if hasNaN { throw .execution("Ratio value is NaN") }
      let message = "ratio value should be between -1 and 1, got"
      if most > 1 { annotations.warn("\(message) \(formatPrometheusValue(most)), capping to 1", at: offset) }
      if least < -1 { annotations.warn("\(message) \(formatPrometheusValue(least)), capping to -1", at: offset) }
      return true
    }
    if most < 1 { return false }
    if hasNaN { throw .execution("Parameter value is NaN") }
    if least <= -9_223_372_036_854_775_808 { throw .execution("Scalar value \(formatPrometheusValue(least)) underflows int64") }
    if most >= 9_223_372_036_854_775_808 { throw .execution("Scalar value \(formatPrometheusValue(most)) overflows int64") }
    return true
  }

  /// Rows in the order of the groups and, in each, of the result.
  private func chosen(
    _ block: Block, _ groups: Groups, _ operation: AggregationOperator, _ amount: Double, _ step: Int, _ steps: Int
  ) -> [Int] {
    var heaps = Array(repeating: RankHeap(isAscending: operation != .bottomk), count: groups.count)
    let limit = operation == .limitRatio ? 0 : Int(min(max(amount, 0), Double(block.rows.count)))
    if operation == .limitRatio ? amount == 0 : limit < 1 { return [] }
    for row in block.rows.indices {
      let value = block.values[row * steps + step]
      guard !value.isStaleMarker else { continue }
      let group = Int(groups.places[row])
      switch operation {
      case .limitk: if heaps[group].count < limit { heaps[group].push(value, row) }
      case .limitRatio: if labels.isSampled(block.rows[row].labels, ratio: amount) { heaps[group].push(value, row) }
      default: heaps[group].offer(value, row, limit: limit)
      }
    }
    let isSorted = operation == .topk || operation == .bottomk
    return heaps.flatMap { isSorted ? $0.sorted : $0.rows }
  }
}

/// The best of a group, the worst of them on top. Follows Go's container/heap to the letter: it decides which of equal elements stay.
private struct RankHeap {
  private var elements: [(value: Double, row: Int)] = []
  private let isAscending: Bool

  init(isAscending: Bool) {
    self.isAscending = isAscending
  }

  var count: Int { elements.count }
  var rows: [Int] { elements.map(\.row) }

  /// The best first, NaN last.
  var sorted: [Int] {
    elements.enumerated().sorted { left, right in
      let (one, other) = (left.element.value, right.element.value)
      if one.isNaN || other.isNaN { return one.isNaN == other.isNaN ? left.offset < right.offset : other.isNaN }
      if one == other { return left.offset < right.offset }
      return isAscending ? one > other : one < other
    }.map(\.element.row)
  }

  mutating func offer(_ value: Double, _ row: Int, limit: Int) {
    guard count >= limit else { return push(value, row) }
    let worst = elements[0].value
    guard isAscending ? worst < value : worst > value, !value.isNaN else {
      if worst.isNaN && !value.isNaN { replaceWorst(value, row) }
      return
    }
    replaceWorst(value, row)
  }

  private func isWorse(_ left: Int, _ right: Int) -> Bool {
    let (one, other) = (elements[left].value, elements[right].value)
    return one.isNaN || (isAscending ? one < other : one > other)
  }

  mutating func push(_ value: Double, _ row: Int) {
    elements.append((value, row))
    var child = elements.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard isWorse(child, parent) else { return }
      elements.swapAt(parent, child)
      child = parent
    }
  }

  private mutating func replaceWorst(_ value: Double, _ row: Int) {
    elements[0] = (value, row)
    var parent = 0
    while true {
      var child = 2 * parent + 1
      guard child < elements.count else { return }
      if child + 1 < elements.count, isWorse(child + 1, child) { child += 1 }
      guard isWorse(child, parent) else { return }
      elements.swapAt(parent, child)
      parent = child
    }
  }
}

extension LabelArena {
  /// Whether labels are among a share of all, always the same ones; with a negative ratio the others.
  func isSampled(_ set: LabelSet, ratio: Double) -> Bool {
    let place = Double(labelHash(set)) / Double(UInt64.max)
    let ratio = min(max(ratio, -1), 1)
    return ratio >= 0 ? place < ratio : place >= 1 + ratio
  }

  /// Prometheus' hash of labels: xxHash64 over lengths and texts (model/labels/labels_stringlabels.go).
  private func labelHash(_ set: LabelSet) -> UInt64 {
    var bytes: [UInt8] = []
    for symbol in symbols[range(set)] {
      let text = Array(self.text(symbol).utf8)
      if text.count < 255 {
        bytes.append(UInt8(text.count))
      } else {
        bytes += [255, UInt8(text.count & 255), UInt8((text.count >> 8) & 255), UInt8((text.count >> 16) & 255)]
      }
      bytes += text
    }
    return xxHash64(bytes)
  }
}
