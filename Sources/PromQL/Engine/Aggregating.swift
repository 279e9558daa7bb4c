extension Evaluator {
  mutating func aggregate(_ aggregation: Aggregation, _ steps: Steps) throws(EvaluationError) -> Block {
    switch aggregation.operation {
    case .topk, .bottomk, .limitk, .limitRatio: return try ranked(aggregation, steps)
    case .countValues: return try countedValues(aggregation, steps)
    case .sum, .avg, .count, .min, .max, .group, .stddev, .stdvar, .quantile: break
    }
    var quantiles: [Double] = []
    if aggregation.operation == .quantile, let parameter = aggregation.parameter {
      quantiles = try scalars(of: parameter, steps)
      warnOfQuantiles(extremes(of: quantiles), at: parameter.unwrapped.start)
    }
    let block = try block(of: aggregation.argument, steps)
    let groups = Groups(block.rows, aggregation.grouping, &labels)
    try charge(rows: groups.count, steps)
    try work(block.values.count)
    var result = Block()
    result.rows = groups.sets.map { Block.Row(labels: $0) }
    for (row, group) in groups.places.enumerated() where block.rows[row].dropsName { result.rows[Int(group)].dropsName = true }
    result.values = try folded(block, groups, aggregation.operation, quantiles, steps)
    return result
  }

  /// NaN, what is too much and what is too little: Prometheus warns of no more than these.
  private func extremes(of quantiles: [Double]) -> [Double] {
    let numbers = quantiles.filter { !$0.isNaN }
    return quantiles.filter(\.isNaN).prefix(1) + (numbers.max().map { [$0] } ?? []) + (numbers.min().map { [$0] } ?? [])
  }

  private func folded(
    _ block: Block, _ groups: Groups, _ operation: AggregationOperator, _ quantiles: [Double], _ steps: Steps
  ) throws(EvaluationError) -> [Double] {
    switch operation {
    case .sum: return fold(block, groups, steps, { CompensatedSum(sum: $0) }, { $0.add($1) }, { $0.sum + $0.lost })
    case .avg: return fold(block, groups, steps, { CompensatedMean($0) }, { $0.add($1) }, \.value)
    case .count: return fold(block, groups, steps, { _ in 1.0 }, { count, _ in count += 1 }, { $0 })
    case .min: return fold(block, groups, steps, { $0 }, { if $1 < $0 || $0.isNaN { $0 = $1 } }, { $0 })
    case .max: return fold(block, groups, steps, { $0 }, { if $1 > $0 || $0.isNaN { $0 = $1 } }, { $0 })
    case .stdvar: return fold(block, groups, steps, { Spread($0) }, { $0.add($1) }, \.variance)
    case .stddev: return fold(block, groups, steps, { Spread($0) }, { $0.add($1) }, { $0.variance.squareRoot() })
    case .quantile:
      var values = fold(block, groups, steps, { [$0] }, { $0.append($1) }, { $0 }, none: [])
      for index in values.indices where !values[index].isEmpty {
        values[index] = [PromQL.quantile(quantiles[index % steps.count], of: values[index])]
      }
      return values.map { $0.first ?? Block.absent }
    default: return fold(block, groups, steps, { _ in 1.0 }, { _, _ in }, { $0 })
    }
  }

  private func fold<State>(
    _ block: Block, _ groups: Groups, _ steps: Steps, _ first: (Double) -> State, _ add: (inout State, Double) -> Void,
    _ finish: (State) -> Double
  ) -> [Double] {
    fold(block, groups, steps, first, add, finish, none: Block.absent)
  }

  /// One state for each group and step.
  @inline(__always)
  private func fold<State, Result>(
    _ block: Block, _ groups: Groups, _ steps: Steps, _ first: (Double) -> State, _ add: (inout State, Double) -> Void,
    _ finish: (State) -> Result, none: Result
  ) -> [Result] {
    var isBegun = Array(repeating: false, count: groups.count * steps.count)
    var states = Array(repeating: first(0), count: groups.count * steps.count)
    for (row, group) in groups.places.enumerated() {
      let place = Int(group) * steps.count
      for step in 0..<steps.count {
        let value = block.values[row * steps.count + step]
        guard !value.isStaleMarker else { continue }
        if isBegun[place + step] {
          add(&states[place + step], value)
        } else {
          states[place + step] = first(value)
          isBegun[place + step] = true
        }
      }
    }
    return zip(states, isBegun).map { $1 ? finish($0) : none }
  }
}

/// Mean and spread in one pass (Welford's algorithm).
private struct Spread {
  private var mean: Double
  private var squares: Double
  private var count = 1.0

  init(_ first: Double) {
    mean = first
    squares = first.isFinite ? 0 : .nan
  }

  mutating func add(_ value: Double) {
    count += 1
    let delta = value - mean
    mean += delta / count
    squares += delta * (value - mean)
  }

  var variance: Double { squares / count }
}

/// Which rows belong together.
struct Groups {
  /// By row.
  private(set) var places: [Int32] = []
  private(set) var sets: [LabelSet] = []
  var count: Int { sets.count }

  init(_ rows: [Block.Row], _ grouping: Grouping, _ labels: inout LabelArena) {
    if !grouping.isWithout && grouping.labels.isEmpty {
      places = Array(repeating: 0, count: rows.count)
      sets = rows.isEmpty ? [] : [.empty]
      return
    }
    var names = grouping.labels.compactMap { labels.find($0) }
    if grouping.isWithout, let name = labels.find(Labels.metricName) { names.append(name) }
    var table = LabelSetTable(minimumCapacity: 64)
    places.reserveCapacity(rows.count)
    for row in rows {
      let set = labels.filtered(row.labels, names: names, keeps: !grouping.isWithout)
      let (index, isNew) = table.index(of: set, in: labels)
      if !isNew { labels.discard(set) }
      places.append(Int32(index))
    }
    sets = table.sets
  }
}
