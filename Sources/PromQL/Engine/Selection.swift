extension Evaluator {
  /// The latest sample of each series, unless it is too old or says that the series has ended.
  mutating func select(_ selector: VectorSelector) throws(EvaluationError) -> [VectorElement] {
    try read(selector, range: limits.lookback).compactMap { series in
      guard let last = series.samples.last, !last.value.isStaleMarker else { return nil }
      return VectorElement(labels: series.labels, value: last.value)
    }
  }

  /// The samples of each series in the range, without the markers.
  mutating func select(_ range: RangeSelector) throws(EvaluationError) -> [Series] {
    try read(range.selector, range: range.milliseconds).compactMap { series in
      let samples = series.samples.filter { !$0.value.isStaleMarker }
      return samples.isEmpty ? nil : Series(labels: series.labels, samples: samples)
    }
  }

  /// Windows are open on the left since Prometheus 3: a sample exactly `range` old is outside.
  private mutating func read(_ selector: VectorSelector, range: Int64) throws(EvaluationError) -> [Series] {
    try charge(0)
    let found: [Series]
    do {
      found = try source.series(matching: selector.matchers, after: start(of: range), through: time)
    } catch {
      throw .source(error)
    }
    try charge(found.reduce(0) { $0 + $1.samples.count })
    return found
  }

  func start(of range: Int64) -> Int64 {
    let (start, overflows) = time.subtractingReportingOverflow(range)
    return overflows ? .min : start
  }
}
