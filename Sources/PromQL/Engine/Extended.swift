/// Ranges whose edges have values, made of the samples around them (promql/functions.go, extendedRate).
struct ExtendedRange {
  let left: Double
  let right: Double
  /// The samples between the edges.
  let inside: UnsafeBufferPointer<Sample>

  /// Nil where the samples say nothing of the range.
  init?(_ samples: UnsafeBufferPointer<Sample>, start: Int64, end: Int64, isSmoothed: Bool, isCounter: Bool) {
    guard !samples.isEmpty else { return nil }
    var last = samples.count - 1
    var first = 0
    while first < last, samples[first].time <= start { first += 1 }
    first = max(0, first - 1)
    if isSmoothed {
      var index = 0
      while index < last, samples[index].time < end { index += 1 }
      last = index
    }
    guard samples[last].time > start, !(isSmoothed && samples[first].time > end) else { return nil }
    if isSmoothed && samples[first].time < start && first + 1 < samples.count {
      left = interpolated(samples[first], samples[first + 1], at: start, isCounter: isCounter)
    } else {
      left = samples[first].value
    }
    if isSmoothed && last > 0 && samples[last].time > end {
      right = interpolated(samples[last - 1], samples[last], at: end, isCounter: isCounter)
    } else {
      right = samples[last].value
    }
    if samples[first].time <= start { first += 1 }
    if samples[last].time >= end { last -= 1 }
    inside = first <= last ? UnsafeBufferPointer(rebasing: samples[first...last]) : UnsafeBufferPointer(start: nil, count: 0)
  }
}

/// A counter that fell has begun again at 0.
func interpolated(_ left: Sample, _ right: Sample, at time: Int64, isCounter: Bool) -> Double {
  let from = isCounter && right.value < left.value ? 0 : left.value
  return from + (right.value - from) * Double(time - left.time) / Double(right.time - left.time)
}

func extended(_ samples: UnsafeBufferPointer<Sample>, start: Int64, end: Int64, isSmoothed: Bool) -> [Sample] {
  guard let range = ExtendedRange(samples, start: start, end: end, isSmoothed: isSmoothed, isCounter: false) else { return [] }
  return [Sample(time: start, value: range.left)] + range.inside + [Sample(time: end, value: range.right)]
}

extension Window {
  /// What was gained from one edge to the other; resets are made good where it is a counter.
  func extendedGain(isCounter: Bool) -> Double? {
    guard let range = ExtendedRange(samples, start: start, end: end, isSmoothed: extent == .smoothed, isCounter: isCounter) else {
      return nil
    }
    var gained = range.right - range.left
    guard isCounter else { return gained }
    var previous = range.left
    for sample in range.inside {
      if sample.value < previous { gained += previous }
      previous = sample.value
    }
    return range.right < previous ? gained + previous : gained
  }

  /// Of an anchored range: from the last sample that is not in it on.
  var anchored: UnsafeBufferPointer<Sample>? {
    guard extent == .anchored else { return samples }
    let after = samples.firstIndex(laterThan: start)
    guard after < samples.count else { return nil }
    return UnsafeBufferPointer(rebasing: samples[max(0, after - 1)...])
  }
}

extension Evaluator {
  /// An instant selector whose values are interpolated between the samples around each step.
  mutating func smoothed(_ selector: VectorSelector, _ instants: Steps, _ steps: Steps) throws(EvaluationError) -> Block {
    let (from, through) = (instants.start - options.lookback, instants.end + options.lookback)
    let selection = try found(selector, after: from, through: through)
    let sets = labels.append(selection)
    var result = Block()
    for (index, set) in sets.enumerated() {
      try fill(selection, index, after: from, through: through)
      buffer.removeStaleMarkers()
      try charge(rows: 1, steps)
      let values = (0..<steps.count).map { smoothedValue(at: instants[instants.count == 1 ? 0 : $0]) }
      if values.contains(where: { !$0.isStaleMarker }) { result.append(Block.Row(labels: set), values) }
    }
    return result
  }

  private func smoothedValue(at instant: Int64) -> Double {
    let samples = buffer.samples
    let next = samples.firstIndex(laterThan: instant - 1)
    let isNear = next < samples.count && samples[next].time <= instant + options.lookback
    if isNear && samples[next].time == instant { return samples[next].value }
    guard next > 0, samples[next - 1].time > instant - options.lookback else { return Block.absent }
    return isNear ? interpolated(samples[next - 1], samples[next], at: instant, isCounter: false) : samples[next - 1].value
  }
}
