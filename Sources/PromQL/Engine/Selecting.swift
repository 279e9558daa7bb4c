extension Evaluator {
  /// A length of the expression in milliseconds.
  func milliseconds(_ length: Length?, allowsNegative: Bool = false) throws(EvaluationError) -> Int64 {
    guard let length else { return 0 }
    do throws(Length.Impossible) {
      return try length.milliseconds(times, allowsNegative: allowsNegative)
    } catch {
      throw .execution("\(error.range.lowerBound):\(error.range.upperBound): \(error.message)")
    }
  }

  /// The instants that a selector or subquery looks at for the steps of its evaluation: one for all where `@` fixes it.
  func instants(_ modifiers: TimeModifiers, _ steps: Steps) throws(EvaluationError) -> Steps {
    let offset = try milliseconds(modifiers.offset, allowsNegative: true)
    switch modifiers.at {
    case nil: return Steps(start: steps.start - offset, interval: steps.interval, count: steps.count)
    case .start: return Steps(at: query.start - offset)
    case .end: return Steps(at: queryEnd - offset)
    case .time(let time): return Steps(at: min(max(time, -Steps.latest), Steps.latest) - offset)
    }
  }

  mutating func found(_ selector: VectorSelector, after: Int64, through: Int64, latestOnly: Bool = false) throws(EvaluationError)
    -> any SeriesSelection
  {
    let request = SeriesRequest(matchers: selector.matchers, after: after, through: through, latestOnly: latestOnly)
    do {
      return try source.select(request)
    } catch {
      throw .source(error)
    }
  }

  mutating func fill(_ selection: any SeriesSelection, _ index: Int, after: Int64, through: Int64) throws(EvaluationError) {
    buffer.removeAll()
    do {
      try selection.appendSamples(of: index, after: after, through: through, to: &buffer)
    } catch {
      throw .source(error)
    }
    try charge(buffer.count)
  }

  /// The latest sample of each series at each step, unless it is too old or says that the series has ended.
  mutating func select(_ selector: VectorSelector, _ steps: Steps) throws(EvaluationError) -> Block {
    let instants = try instants(selector.modifiers, steps)
    if selector.extent == .smoothed { return try smoothed(selector, instants, steps) }
    return try latest(selector, instants, steps) { sample, _ in sample.value }
  }

  /// For every step what a function makes of the sample that is current then.
  mutating func latest(
    _ selector: VectorSelector, _ instants: Steps, _ steps: Steps, _ change: (Sample, _ start: Int64) -> Double
  ) throws(EvaluationError) -> Block {
    let isSingle = instants.count == 1
    let from = instants.start - options.lookback
    let selection = try found(selector, after: from, through: instants.end, latestOnly: isSingle)
    let sets = labels.append(selection)
    var result = Block()
    result.rows.reserveCapacity(sets.count)
    result.values.reserveCapacity(min(sets.count * steps.count, 1 << 20))
    for (index, set) in sets.enumerated() {
      try fill(selection, index, after: from, through: instants.end)
      guard buffer.count > 0 else { continue }
      if isSingle && steps.count == 1 {
        let sample = buffer.samples[buffer.count - 1]
        guard !sample.value.isStaleMarker else { continue }
        result.rows.append(Block.Row(labels: set))
        result.values.append(change(sample, buffer.startTimes.last ?? 0))
      } else {
        try appendRow(set, instants, steps, to: &result, change)
      }
    }
    try charge(result.rows.count)
    return result
  }

  private mutating func appendRow(
    _ set: LabelSet, _ instants: Steps, _ steps: Steps, to result: inout Block, _ change: (Sample, Int64) -> Double
  ) throws(EvaluationError) {
    try charge(rows: 1, steps)
    let samples = buffer.samples
    let starts = buffer.startTimes
    var next = 0
    var hasAny = false
    let before = result.values.count
    for step in 0..<steps.count {
      let instant = instants[instants.count == 1 ? 0 : step]
      while next < samples.count, samples[next].time <= instant { next += 1 }
      guard next > 0, samples[next - 1].time > instant - options.lookback, !samples[next - 1].value.isStaleMarker else {
        result.values.append(Block.absent)
        continue
      }
      hasAny = true
      result.values.append(change(samples[next - 1], starts.isEmpty ? 0 : starts[next - 1]))
    }
    if hasAny {
      result.rows.append(Block.Row(labels: set))
    } else {
      result.values.removeLast(result.values.count - before)
    }
  }
}
