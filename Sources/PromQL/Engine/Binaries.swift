extension Evaluator {
  mutating func vector(of binary: Binary, _ steps: Steps) throws(EvaluationError) -> Block {
    if binary.left.type == .scalar {
      let numbers = try scalars(of: binary.left, steps)
      return try combined(block(of: binary.right, steps), binary, numbers, isNumberLeft: true, steps)
    }
    if binary.right.type == .scalar {
      let block = try block(of: binary.left, steps)
      return try combined(block, binary, scalars(of: binary.right, steps), isNumberLeft: false, steps)
    }
    let left = try block(of: binary.left, steps)
    let right = try block(of: binary.right, steps)
    try work(left.values.count + right.values.count)
    var pairing = Pairing(binary.matching, left.rows, right.rows, &labels)
    return binary.operation.isSet
      ? try set(binary.operation, left, right, pairing, steps) : try matched(left, right, binary, &pairing, steps)
  }

  /// A vector with a number for each step.
  private mutating func combined(
    _ block: Block, _ binary: Binary, _ numbers: [Double], isNumberLeft: Bool, _ steps: Steps
  ) throws(EvaluationError) -> Block {
    var result = block
    try charge(block.values.count)
    let (operation, returnsBool) = (binary.operation, binary.returnsBool)
    result.values.withUnsafeMutableBufferPointer { values in
      numbers.withUnsafeBufferPointer { numbers in
        if numbers.count == 1 {
          let number = numbers[0]
          for index in values.indices {
            values[index] = combine(values[index], number, operation, returnsBool, isNumberLeft: isNumberLeft)
          }
        } else {
          for index in values.indices {
            values[index] = combine(values[index], numbers[index % numbers.count], operation, returnsBool, isNumberLeft: isNumberLeft)
          }
        }
      }
    }
    return operation.changesMeaning || returnsBool ? try withoutNames(result, steps) : result
  }

  /// and, or, unless: elements of either side whole, chosen by whether the other side has a partner.
  private mutating func set(
    _ operation: BinaryOperator, _ left: Block, _ right: Block, _ pairing: Pairing, _ steps: Steps
  ) throws(EvaluationError) -> Block {
    if operation == .or {
      let isPresent = presence(left, pairing.left, count: pairing.count, steps)
      var result = left
      result.rows += right.rows
      result.values += kept(right, pairing.right, where: isPresent, is: false, steps).values
      try charge(result.values.count)
      // The same labels may come from the left at one step and from the right at another.
      return steps.count > 1 ? try merged(result, steps) : result
    }
    let isPresent = presence(right, pairing.right, count: pairing.count, steps)
    return kept(left, pairing.left, where: isPresent, is: operation == .and, steps)
  }

  /// For each signature and step, whether there is an element.
  private func presence(_ block: Block, _ signatures: [Int32], count: Int, _ steps: Steps) -> [Bool] {
    var isPresent = Array(repeating: false, count: count * steps.count)
    for row in block.rows.indices {
      let place = Int(signatures[row]) * steps.count
      for step in 0..<steps.count where !block.values[row * steps.count + step].isStaleMarker { isPresent[place + step] = true }
    }
    return isPresent
  }

  private func kept(_ block: Block, _ signatures: [Int32], where isPresent: [Bool], is wanted: Bool, _ steps: Steps) -> Block {
    var result = block
    for row in block.rows.indices {
      let place = Int(signatures[row]) * steps.count
      for step in 0..<steps.count where isPresent[place + step] != wanted { result.values[row * steps.count + step] = Block.absent }
    }
    return result
  }
}

/// An element's part in an operation with a number; absent where a comparison sorts it out.
@inline(__always)
private func combine(
  _ value: Double, _ number: Double, _ operation: BinaryOperator, _ returnsBool: Bool, isNumberLeft: Bool
) -> Double {
  guard !value.isStaleMarker else { return value }
  let result = isNumberLeft ? operation.apply(number, value) : operation.apply(value, number)
  if returnsBool { return result.holds ? 1 : 0 }
  guard operation.isComparison else { return result.value }
  // A comparison keeps the element's own value, whichever side it stands on.
  return result.holds ? value : Block.absent
}

/// Which rows of two blocks can be partners: those with the same signature.
struct Pairing {
  /// Signatures by row.
  private(set) var left: [Int32] = []
  private(set) var right: [Int32] = []
  private(set) var count = 0
  /// The labels of each signature.
  private(set) var sets: [LabelSet] = []

  init(_ matching: VectorMatching, _ leftRows: [Block.Row], _ rightRows: [Block.Row], _ labels: inout LabelArena) {
    var names = matching.labels.compactMap { labels.find($0) }
    if !matching.isOn, let name = labels.find(Labels.metricName) { names.append(name) }
    var table = LabelSetTable(minimumCapacity: max(leftRows.count, rightRows.count))
    func signatures(_ rows: [Block.Row], _ labels: inout LabelArena) -> [Int32] {
      var signatures: [Int32] = []
      signatures.reserveCapacity(rows.count)
      for row in rows {
        let set = labels.filtered(row.labels, names: names, keeps: matching.isOn)
        let (index, isNew) = table.index(of: set, in: labels)
        if !isNew { labels.discard(set) }
        signatures.append(Int32(index))
      }
      return signatures
    }
    left = signatures(leftRows, &labels)
    right = signatures(rightRows, &labels)
    sets = table.sets
    count = sets.count
  }
}
