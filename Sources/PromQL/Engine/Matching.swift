extension Evaluator {
  /// Arithmetic and comparisons between two vectors (promql/engine.go, VectorBinop).
  mutating func matched(
    _ left: Block, _ right: Block, _ binary: Binary, _ pairing: inout Pairing, _ steps: Steps
  ) throws(EvaluationError) -> Block {
    let isSwapped = binary.matching.cardinality == .oneToMany
    var match = Match(
      binary: binary, isSwapped: isSwapped, many: isSwapped ? right : left, one: isSwapped ? left : right,
      manySignatures: isSwapped ? pairing.right : pairing.left, oneSignatures: isSwapped ? pairing.left : pairing.right,
      signatures: pairing.sets, steps: steps.count)
    if let partners = match.onlyPartners, let block = try rowByRow(&match, partners, steps) { return block }
    return try stepByStep(&match, steps)
  }

  /// Where each signature has one row on the "one" side, partners are the same at all steps. Nil where results would share labels.
  private mutating func rowByRow(_ match: inout Match, _ partners: [Int32], _ steps: Steps) throws(EvaluationError) -> Block? {
    var result = Block()
    var table = LabelSetTable(minimumCapacity: match.many.rows.count)
    result.rows.reserveCapacity(match.many.rows.count)
    result.values.reserveCapacity(match.many.values.count)
    let names = MatchNames(match.binary, &labels, metadata: metadataSymbols)
    for row in match.many.rows.indices {
      let partner = Int(partners[Int(match.manySignatures[row])])
      guard partner >= 0 else { continue }
      let set = labels.result(match.many.rows[row].labels, match.one.rows[partner].labels, match.binary, names, options)
      guard table.index(of: set, in: labels).isNew else { return nil }
      result.rows.append(Block.Row(labels: set, dropsName: match.binary.returnsBool))
      for step in 0..<steps.count {
        let (value, other) = (match.many.values[row * steps.count + step], match.one.values[partner * steps.count + step])
        let isPair = !value.isStaleMarker && !other.isStaleMarker
        result.values.append(isPair ? match.value(value, other) : Block.absent)
      }
    }
    try charge(result.values.count)
    return result
  }

  private mutating func stepByStep(_ match: inout Match, _ steps: Steps) throws(EvaluationError) -> Block {
    var output = MatchOutput(signatures: match.signatures.count, steps: steps.count)
    let names = MatchNames(match.binary, &labels, metadata: metadataSymbols)
    // Prometheus fills the sides as they stand after the swap for group_right.
    let (manyFill, oneFill) = (match.binary.matching.leftFill, match.binary.matching.rightFill)
    for step in 0..<steps.count {
      // Where a side is empty Prometheus does not look at the other, right or wrong.
      guard match.hasBoth(at: step) || manyFill != nil || oneFill != nil else { continue }
      let ones = try partners(match, at: step)
      for row in match.many.rows.indices {
        let value = match.many.values[row * steps.count + step]
        guard !value.isStaleMarker else { continue }
        let signature = Int(match.manySignatures[row])
        let partner = Int(ones[signature])
        guard partner >= 0 || oneFill != nil else { continue }
        let other = partner >= 0 ? match.one.values[partner * steps.count + step] : oneFill ?? .nan
        let oneLabels = partner >= 0 ? match.one.rows[partner].labels : match.signatures[signature]
        let set = labels.result(match.many.rows[row].labels, oneLabels, match.binary, names, options)
        try output.add(set, signature, match.value(value, other), step, match.binary, labels)
      }
      if let manyFill {
        for (signature, partner) in ones.enumerated() where partner >= 0 && !output.isMatched(signature, at: step) {
          let set = labels.result(match.signatures[signature], match.one.rows[Int(partner)].labels, match.binary, names, options)
          let value = match.value(manyFill, match.one.values[Int(partner) * steps.count + step])
          try output.add(set, signature, value, step, match.binary, labels)
        }
      }
      try charge(match.many.rows.count)
    }
    return output.block
  }

  /// The row of the "one" side for each signature at a step, -1 for none.
  private func partners(_ match: Match, at step: Int) throws(EvaluationError) -> [Int32] {
    var partners = Array(repeating: Int32(-1), count: match.signatures.count)
    for row in match.one.rows.indices where !match.one.values[row * match.steps + step].isStaleMarker {
      let signature = Int(match.oneSignatures[row])
      guard partners[signature] >= 0 else {
        partners[signature] = Int32(row)
        continue
      }
      let group = match.binary.matching.isOn ? labels.labels(match.signatures[signature]) : signatureWithoutNames(match, row)
      let twins = [row, Int(partners[signature])].map { labels.labels(match.one.rows[$0].labels).description }
      throw .execution(
        "found duplicate series for the match group \(group) on the \(match.isSwapped ? "left" : "right") hand-side of the operation: "
          + "[\(twins.sorted { $0.precedesInBytes($1) }.joined(separator: ", "))]"
          + ";many-to-many matching not allowed: matching labels must be unique on one side")
    }
    return partners
  }

  private func signatureWithoutNames(_ match: Match, _ row: Int) -> Labels {
    labels.labels(match.one.rows[row].labels).removing(match.binary.matching.labels + [Labels.metricName])
  }
}

/// Two vectors whose elements meet: several on the "many" side may share one on the other.
private struct Match {
  let binary: Binary
  let isSwapped: Bool
  let many: Block
  let one: Block
  let manySignatures: [Int32]
  let oneSignatures: [Int32]
  let signatures: [LabelSet]
  let steps: Int

  func hasBoth(at step: Int) -> Bool {
    func isFilled(_ block: Block) -> Bool { block.rows.indices.contains { !block.values[$0 * steps + step].isStaleMarker } }
    return isFilled(many) && isFilled(one)
  }

  /// The row of the "one" side for each signature, where no signature has several and none is needed more than once.
  var onlyPartners: [Int32]? {
    guard binary.matching.leftFill == nil, binary.matching.rightFill == nil else { return nil }
    var partners = Array(repeating: Int32(-1), count: signatures.count)
    for (row, signature) in oneSignatures.enumerated() {
      guard partners[Int(signature)] < 0 else { return nil }
      partners[Int(signature)] = Int32(row)
    }
    guard binary.matching.cardinality == .oneToOne else { return partners }
    var isUsed = Array(repeating: false, count: signatures.count)
    for signature in manySignatures {
      guard !isUsed[Int(signature)] else { return nil }
      isUsed[Int(signature)] = true
    }
    return partners
  }

  /// Of an element of the "many" side and its partner; absent where a comparison does not hold.
  @inline(__always)
  func value(_ value: Double, _ partner: Double) -> Double {
    let result = isSwapped ? binary.operation.apply(partner, value) : binary.operation.apply(value, partner)
    if binary.returnsBool { return result.holds ? 1 : 0 }
    return result.holds ? result.value : Block.absent
  }
}

/// The symbols of names that the labels of a result depend on.
private struct MatchNames {
  let metadata: [Symbol]
  let matching: [Symbol]
  let included: [Symbol]

  init(_ binary: Binary, _ labels: inout LabelArena, metadata: [Symbol]) {
    self.metadata = metadata
    matching = binary.matching.labels.compactMap { labels.find($0) }
    included = binary.matching.included.map { labels.symbol(for: $0) }
  }
}

extension LabelArena {
  /// promql/engine.go, resultMetric.
  fileprivate mutating func result(
    _ many: LabelSet, _ one: LabelSet, _ binary: Binary, _ names: MatchNames, _ options: EvaluationOptions
  ) -> LabelSet {
    let dropsName = binary.operation.changesMeaning || (binary.returnsBool && !options.delaysNameRemoval)
    let isOneToOne = binary.matching.cardinality == .oneToOne
    var set = many
    if isOneToOne && !binary.matching.isOn {
      set = filtered(set, names: dropsName ? names.matching + names.metadata : names.matching, keeps: false)
    } else {
      if dropsName { set = filtered(set, names: names.metadata, keeps: false) }
      if isOneToOne { set = filtered(set, names: names.matching, keeps: true) }
    }
    for name in names.included { set = setting(name, to: value(of: name, in: one) ?? symbol(for: ""), in: set) }
    return set
  }
}

/// The results of a match, as they come up step by step.
private struct MatchOutput {
  private(set) var block = Block()
  private var table = LabelSetTable()
  private let steps: Int
  /// By signature, the step at which it last gave a result.
  private var matchedAt: [Int32] = []
  /// By row, the step at which it was last given, and the signature that gave it.
  private var givenAt: [(step: Int32, signature: Int32)] = []

  init(signatures: Int, steps: Int) {
    self.steps = steps
    matchedAt = Array(repeating: -1, count: signatures)
  }

  func isMatched(_ signature: Int, at step: Int) -> Bool { matchedAt[signature] == step }

  mutating func add(
    _ set: LabelSet, _ signature: Int, _ value: Double, _ step: Int, _ binary: Binary, _ labels: LabelArena
  ) throws(EvaluationError) {
    let (row, isNew) = table.index(of: set, in: labels)
    if isNew {
      block.append(Block.Row(labels: set, dropsName: binary.returnsBool), repeatElement(Block.absent, count: steps))
      givenAt.append((-1, -1))
    }
    if binary.matching.cardinality == .oneToOne && isMatched(signature, at: step) {
      throw .execution("multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)")
    }
    guard givenAt[row] != (Int32(step), Int32(signature)) else {
      throw .execution("multiple matches for labels: grouping labels must ensure unique matches")
    }
    matchedAt[signature] = Int32(step)
    givenAt[row] = (Int32(step), Int32(signature))
    guard !value.isStaleMarker else { return }
    guard block.values[row * steps + step].isStaleMarker else { throw .sameLabels }
    block.values[row * steps + step] = value
  }
}
