extension Evaluator {
  mutating func scalars(of call: Call, _ steps: Steps) throws(EvaluationError) -> [Double] {
    switch call.function.implementation {
    case .ofTime(let compute): return (0..<steps.count).map { compute(steps[$0]) }
    case .ofQuery(let compute): return Array(repeating: compute(self), count: steps.count)
    case .ofScalars(let compute):
      let left = try scalars(of: call.arguments[0], steps)
      let right = try scalars(of: call.arguments[1], steps)
      return zip(left, right).map(compute)
    case .scalar: return onlyValues(try block(of: call.arguments[0], steps), steps)
    default: return Array(repeating: .nan, count: steps.count)
    }
  }

  /// At each step the value of the only element, NaN for none and for several.
  private func onlyValues(_ block: Block, _ steps: Steps) -> [Double] {
    var values = Array(repeating: Double.nan, count: steps.count)
    var counts = Array(repeating: 0, count: steps.count)
    for row in block.rows.indices {
      for step in 0..<steps.count {
        let value = block.values[row * steps.count + step]
        guard !value.isStaleMarker else { continue }
        counts[step] += 1
        values[step] = counts[step] == 1 ? value : .nan
      }
    }
    return values
  }

  mutating func vector(of call: Call, at node: Node, _ steps: Steps) throws(EvaluationError) -> Block {
    switch call.function.implementation {
    case .ofWindow(let compute): return try ofWindows(call, keepsName: false, steps, compute)
    case .ofWindowKeepingName(let compute): return try ofWindows(call, keepsName: true, steps, compute)
    case .ofElement(let compute): return try ofElements(call, steps) { value, _ in compute(value) }
    case .ofElementAndScalars(let compute): return try ofElements(call, steps, compute)
    case .ofDate(let compute): return try ofDates(call, steps, compute)
    case .absent: return try absent(call.arguments[0], steps)
    case .absentOverTime: return try absentOverTime(call.arguments[0], steps)
    case .vector: return Block(rows: [Block.Row(labels: .empty)], values: try scalars(of: call.arguments[0], steps))
    case .timestamp: return try timestamps(call.arguments[0], steps)
    case .startTimestamp: return try startTimestamps(call.arguments[0], steps)
    case .sort(let order): return try sorted(call, order, at: node, steps)
    case .labelReplace: return try replacedLabels(call, steps)
    case .labelJoin: return try joinedLabels(call, steps)
    case .info: return try withInfo(call, steps)
    case .histogramQuantile: return try histogramQuantile(call, steps)
    case .histogramQuantiles: return try histogramQuantiles(call, steps)
    case .histogramFraction: return try histogramFraction(call, steps)
    case .ofTime, .ofQuery, .ofScalars, .scalar, .ofHistograms: return Block()
    }
  }

  private mutating func ofWindows(
    _ call: Call, keepsName: Bool, _ steps: Steps, _ compute: WindowFunction
  ) throws(EvaluationError) -> Block {
    var parameters: [[Double]] = []
    for argument in call.arguments where argument.type == .scalar { parameters.append(try scalars(of: argument, steps)) }
    guard let range = call.arguments.first(where: { $0.type == .matrix })?.unwrapped else { return Block() }
    let name = call.function.name
    var result = try overWindows(of: range, parameters, steps, name, compute)
    if name == "rate" || name == "increase" { informOfGauges(result.rows, range) }
    if name == "quantile_over_time" && !result.rows.isEmpty { warnOfQuantiles(parameters[0], at: call.arguments[0].start) }
    if options.delaysNameRemoval {
      for index in result.rows.indices { result.rows[index].dropsName = result.rows[index].dropsName || !keepsName }
      return result
    }
    if !keepsName && dropNames(&result.rows) { return result }
    // One series gives one row, so that twins are an error even where they never have a value at the same time.
    try requireDistinct(result, steps)
    return result
  }

  /// Counters are told by their names (promql/engine.go).
  private mutating func informOfGauges(_ rows: [Block.Row], _ range: Node) {
    guard let name = labels.find(Labels.metricName) else { return }
    var seen: Symbol?
    for row in rows {
      guard let value = labels.value(of: name, in: row.labels), value != seen else { continue }
      seen = value
      let text = labels.text(value)
      guard !["_total", "_sum", "_count", "_bucket"].contains(where: text.hasSuffix) else { continue }
      annotations.inform("metric might not be a counter, name does not end in _total/_sum/_count/_bucket: \(quoted(text))", at: range.start)
    }
  }

  mutating func warnOfQuantiles(_ quantiles: [Double], at offset: Int) {
    for quantile in quantiles where !(0...1).contains(quantile) {
      annotations.warn("quantile value should be between 0 and 1, got \(formatPrometheusValue(quantile))", at: offset)
    }
  }

  private mutating func ofElements(
    _ call: Call, _ steps: Steps, _ compute: (Double, [Double]) -> Double?
  ) throws(EvaluationError) -> Block {
    var block = try block(of: call.arguments[0], steps)
    var parameters: [[Double]] = []
    for argument in call.arguments.dropFirst() { parameters.append(try scalars(of: argument, steps)) }
    try charge(block.values.count)
    let byStep = (0..<steps.count).map { step in parameters.map { $0[step] } }
    block.values.withUnsafeMutableBufferPointer { values in
      var step = 0
      for index in values.indices {
        if !values[index].isStaleMarker { values[index] = compute(values[index], byStep[step]) ?? Block.absent }
        step = step + 1 == steps.count ? 0 : step + 1
      }
    }
    return try withoutNames(block, steps)
  }

  private mutating func ofDates(
    _ call: Call, _ steps: Steps, _ compute: (CivilTime) -> Double
  ) throws(EvaluationError) -> Block {
    guard let argument = call.arguments.first else {
      try charge(rows: 1, steps)
      let values = (0..<steps.count).map { compute(CivilTime(seconds: steps[$0] / 1000)) }
      return Block(rows: [Block.Row(labels: .empty)], values: values)
    }
    var block = try block(of: argument, steps)
    try charge(block.values.count)
    // What no integer holds becomes the least one, as on the machines that Prometheus runs on.
    block.map { compute(CivilTime(seconds: Int64(exactly: $0.rounded(.towardZero)) ?? .min)) }
    return try withoutNames(block, steps)
  }

  private mutating func timestamps(_ argument: Node, _ steps: Steps) throws(EvaluationError) -> Block {
    // Only a selector still has the times of its samples; behind anything else every value is of the evaluation's time.
    if case .vectorSelector(let selector) = argument.unwrapped.kind {
      let instants = try instants(selector.modifiers, steps)
      return try withoutNames(latest(selector, instants, steps) { sample, _ in Double(sample.time) / 1000 }, steps)
    }
    var block = try block(of: argument, steps)
    for index in block.values.indices where !block.values[index].isStaleMarker {
      block.values[index] = Double(steps[index % steps.count]) / 1000
    }
    return try withoutNames(block, steps)
  }

  private mutating func startTimestamps(_ argument: Node, _ steps: Steps) throws(EvaluationError) -> Block {
    guard options.usesStartTimes, case .vectorSelector(let selector) = argument.unwrapped.kind else { return Block() }
    let instants = try instants(selector.modifiers, steps)
    return try withoutNames(latest(selector, instants, steps) { _, start in Double(start) / 1000 }, steps)
  }
}
