/// The samples of one series in a range, `start < time <= end` in milliseconds, stale markers left out; never empty.
struct Window {
  let samples: UnsafeBufferPointer<Sample>
  /// When the counting behind each sample began; empty where that is not known or not looked at.
  let startTimes: ArraySlice<Int64>
  let start: Int64
  let end: Int64
  /// The range as written, in seconds.
  let seconds: Double
  /// Of the evaluation.
  let time: Int64
  /// The function's scalar arguments.
  let parameters: (Double, Double)
  let extent: VectorSelector.Extent?

  var first: Sample { samples[0] }
  var last: Sample { samples[samples.count - 1] }
}

/// From which samples the windows of a range function are cut.
private struct WindowPlan {
  /// The ends of the windows.
  let ends: Steps
  let length: Int64
  let extent: VectorSelector.Extent?
  /// How far beyond the windows samples are looked at.
  let before: Int64
  let after: Int64
  /// Where to say that samples' start times overlap, for functions that look at them.
  var overlapsAt: Int?

  func window(
    _ samples: UnsafeBufferPointer<Sample>, _ range: Range<Int>, _ starts: [Int64], end: Int64, time: Int64, _ parameters: (Double, Double)
  ) -> Window {
    Window(
      samples: UnsafeBufferPointer(rebasing: samples[range]), startTimes: starts.isEmpty ? [] : starts[range], start: end - length,
      end: end, seconds: Double(length) / 1000, time: time, parameters: parameters, extent: extent)
  }
}

extension Evaluator {
  typealias WindowFunction = @Sendable (Window) throws(EvaluationError) -> Double?

  /// What a function makes of the windows of each series; no window without samples.
  mutating func overWindows(
    of node: Node, _ parameters: [[Double]], _ steps: Steps, _ name: String, _ compute: WindowFunction
  ) throws(EvaluationError) -> Block {
    switch node.kind {
    case .rangeSelector(let range): return try overSeries(of: range, at: node.start, parameters, steps, name, compute)
    case .subquery(let subquery): return try overRows(of: subquery, parameters, steps, compute)
    default: return Block()
    }
  }

  private mutating func overSeries(
    of range: RangeSelector, at offset: Int, _ parameters: [[Double]], _ steps: Steps, _ name: String, _ compute: WindowFunction
  ) throws(EvaluationError) -> Block {
    let extent = range.selector.extent
    if let extent { try require(extent, admits: name) }
    let plan = WindowPlan(
      ends: try instants(range.selector.modifiers, steps), length: try milliseconds(range.length), extent: extent,
      before: extent == nil ? 0 : options.lookback, after: extent == .smoothed ? options.lookback : 0,
      overlapsAt: options.usesStartTimes && (name == "rate" || name == "increase") ? offset : nil)
    let (from, through) = (plan.ends.start - plan.length - plan.before, plan.ends.end + plan.after)
    let selection = try found(range.selector, after: from, through: through)
    let sets = labels.append(selection)
    var result = Block()
    result.rows.reserveCapacity(sets.count)
    result.values.reserveCapacity(min(sets.count * steps.count, 1 << 20))
    for (index, set) in sets.enumerated() {
      try fill(selection, index, after: from, through: through)
      buffer.removeStaleMarkers()
      if buffer.count > 0 { try appendWindows(Block.Row(labels: set), plan, parameters, steps, to: &result, compute) }
    }
    return result
  }

  private func require(_ extent: VectorSelector.Extent, admits name: String) throws(EvaluationError) {
    let admitted = extent == .anchored ? ["changes", "delta", "increase", "rate", "resets"] : ["delta", "increase", "rate"]
    guard !admitted.contains(name) else { return }
    throw .execution("\(extent.rawValue) modifier can only be used with: \(admitted.joined(separator: ", ")) - not with \(name)")
  }

  /// The windows of the series that is in the buffer.
  private mutating func appendWindows(
    _ row: Block.Row, _ plan: WindowPlan, _ parameters: [[Double]], _ steps: Steps, to result: inout Block, _ compute: WindowFunction
  ) throws(EvaluationError) {
    try charge(rows: 1, steps)
    let samples = buffer.samples
    let starts = options.usesStartTimes ? buffer.startTimes : []
    var (low, high) = (0, 0)
    var hasAny = false
    let before = result.values.count
    for step in 0..<steps.count {
      let end = plan.ends[plan.ends.count == 1 ? 0 : step]
      if steps.count == 1 {
        // All that was read is the window.
        high = samples.count
      } else {
        while high < samples.count, samples[high].time <= end + plan.after { high += 1 }
        while low < high, samples[low].time <= end - plan.length - plan.before { low += 1 }
      }
      var value: Double?
      if low < high && plan.length > 0 {
        let given = parameters.isEmpty ? (0, 0) : (parameters[0][step], parameters[parameters.count - 1][step])
        let window = plan.window(samples, low..<high, starts, end: end, time: steps[step], given)
        value = try compute(window)
        if let offset = plan.overlapsAt, window.hasOverlappingStarts { warnOfOverlap(row.labels, at: offset) }
        try work(high - low)
      }
      result.values.append(value ?? Block.absent)
      if value != nil { hasAny = true }
    }
    if hasAny {
      result.rows.append(row)
    } else {
      result.values.removeLast(result.values.count - before)
    }
  }

  private mutating func warnOfOverlap(_ set: LabelSet, at offset: Int) {
    let name = labels.text(of: labels.find(Labels.metricName), in: set)
    let message = "sample has start time that overlaps with previous sample timestamp for metric \(quoted(name))"
    annotations.add(Annotations.Annotation(severity: .warning, message: message, offset: offset, detail: .occurrences(1)))
  }

  private mutating func overRows(
    of subquery: Subquery, _ parameters: [[Double]], _ steps: Steps, _ compute: WindowFunction
  ) throws(EvaluationError) -> Block {
    let inner = try innerSteps(of: subquery, steps)
    let block = try block(of: subquery.expression, inner)
    let plan = WindowPlan(
      ends: try instants(subquery.modifiers, steps), length: try milliseconds(subquery.length), extent: nil, before: 0, after: 0)
    var result = Block()
    for (index, row) in block.rows.enumerated() {
      buffer.removeAll()
      for step in 0..<inner.count {
        let value = block.values[index * inner.count + step]
        if !value.isStaleMarker { buffer.append(Sample(time: inner[step], value: value)) }
      }
      if buffer.count > 0 { try appendWindows(row, plan, parameters, steps, to: &result, compute) }
    }
    return result
  }

  /// Multiples of the step that lie in any of the ranges.
  func innerSteps(of subquery: Subquery, _ steps: Steps) throws(EvaluationError) -> Steps {
    let ends = try instants(subquery.modifiers, steps)
    let length = try milliseconds(subquery.length)
    let step = subquery.step == nil ? options.subqueryStep : max(1, try milliseconds(subquery.step))
    let first = ends.start - length
    var start = first / step * step
    if start <= first { start += step }
    return Steps(from: start, through: ends.end, interval: step)
  }
}

extension Evaluator {
  /// The samples themselves, as an instant query for a range gives them, ordered by labels.
  mutating func matrix(of node: Node) throws(EvaluationError) -> [Series] {
    switch node.kind {
    case .rangeSelector(let range): return try matrix(of: range)
    case .subquery(let subquery):
      let inner = try innerSteps(of: subquery, query)
      var block = try block(of: subquery.expression, inner)
      if options.delaysNameRemoval {
        for index in block.rows.indices where block.rows[index].dropsName {
          block.rows[index].labels = labels.filtered(block.rows[index].labels, names: metadataSymbols, keeps: false)
        }
        block = try merged(block, inner)
      }
      return series(block, inner)
    default: return []
    }
  }

  private mutating func matrix(of range: RangeSelector) throws(EvaluationError) -> [Series] {
    let end = try instants(range.selector.modifiers, query).start
    let start = end - (try milliseconds(range.length))
    let extent = range.selector.extent
    let from = extent == nil ? start : start - options.lookback
    let through = extent == .smoothed ? end + options.lookback : end
    let selection = try found(range.selector, after: from, through: through)
    let sets = labels.append(selection)
    var found: [(set: LabelSet, samples: [Sample])] = []
    for (index, set) in sets.enumerated() where start < end {
      try fill(selection, index, after: from, through: through)
      buffer.removeStaleMarkers()
      let samples = extent.map { extended(buffer.samples, start: start, end: end, isSmoothed: $0 == .smoothed) } ?? Array(buffer.samples)
      if !samples.isEmpty { found.append((set, samples)) }
    }
    return found.sorted { labels.precedes($0.set, $1.set) }.map { Series(labels: labels.labels($0.set), samples: $0.samples) }
  }
}
