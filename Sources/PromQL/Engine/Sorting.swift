extension Evaluator {
  /// Only at an instant: the rows of a range are ordered by their labels in the end.
  mutating func sorted(_ call: Call, _ order: Implementation.Order, at node: Node, _ steps: Steps) throws(EvaluationError) -> Block {
    let block = try block(of: call.arguments[0], steps)
    guard steps.count == 1 else {
      annotations.warn("sort is ineffective for range queries since results are always ordered by labels", at: node.start)
      return block
    }
    try charge(block.rows.count)
    var rows = block.rows.indices.filter { !block.values[$0].isStaleMarker }
    switch order {
    case .ascending: rows.sort { comesBefore(block.values[$0], block.values[$1], <) }
    case .descending: rows.sort { comesBefore(block.values[$0], block.values[$1], >) }
    case .byLabels(let isDescending):
      let names = call.arguments.dropFirst().map { labels.find($0.text ?? "") }
      rows.sort { (left: Int, right: Int) in
        let (one, other) = isDescending ? (right, left) : (left, right)
        return precedes(block.rows[one].labels, block.rows[other].labels, names)
      }
    }
    return Block(rows: rows.map { block.rows[$0] }, values: rows.map { block.values[$0] })
  }

  /// NaN comes last either way.
  private func comesBefore(_ left: Double, _ right: Double, _ isBefore: (Double, Double) -> Bool) -> Bool {
    if left.isNaN || right.isNaN { return !left.isNaN && right.isNaN }
    return isBefore(left, right)
  }

  private func precedes(_ left: LabelSet, _ right: LabelSet, _ names: [Symbol?]) -> Bool {
    for name in names {
      let (one, other) = (labels.text(of: name, in: left), labels.text(of: name, in: right))
      if !one.hasSameBytes(as: other) { return precedesNaturally(one, other) }
    }
    return labels.precedes(left, right)
  }
}

/// As people sort: numbers in texts by their size (github.com/facette/natsort).
func precedesNaturally(_ left: String, _ right: String) -> Bool {
  let (one, other) = (chunks(left), chunks(right))
  for index in 0..<min(one.count, other.count) where one[index] != other[index] {
    let (first, second) = (one[index], other[index])
    guard let number = Int(String(decoding: first, as: UTF8.self)), let rival = Int(String(decoding: second, as: UTF8.self)),
      first.first.map(isDigit) == true, second.first.map(isDigit) == true
    else { return first.lexicographicallyPrecedes(second) }
    if number != rival { return number < rival }
    if first.count != second.count { return first.count < second.count }
  }
  return one.count < other.count
}

/// Runs of digits and of everything else.
private func chunks(_ text: String) -> [[UInt8]] {
  var chunks: [[UInt8]] = []
  for byte in text.utf8 {
    if let last = chunks.last?.last, isDigit(last) == isDigit(byte) {
      chunks[chunks.count - 1].append(byte)
    } else {
      chunks.append([byte])
    }
  }
  return chunks
}
