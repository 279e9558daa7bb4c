extension Expression {
  /// The value at an instant, in milliseconds since 1970-01-01 UTC. The source is asked once for every selector.
  public func evaluate(
    at time: Int64, over source: some SeriesSource, limits: EvaluationLimits = .standard
  ) throws(EvaluationError) -> Value {
    var evaluator = Evaluator(time: time, source: source, limits: limits)
    return try evaluator.value(of: root)
  }
}

/// One evaluation at one instant.
struct Evaluator {
  let time: Int64
  let source: any SeriesSource
  let limits: EvaluationLimits
  private var touched = 0

  init(time: Int64, source: any SeriesSource, limits: EvaluationLimits) {
    self.time = time
    self.source = source
    self.limits = limits
  }

  mutating func value(of node: Node) throws(EvaluationError) -> Value {
    switch node.kind {
    case .number(let value, _): return .scalar(value)
    case .string(let text): return .string(text)
    case .vectorSelector(let selector): return .vector(try select(selector))
    case .rangeSelector(let range): return .matrix(try select(range))
    case .parenthesis(let inner): return try value(of: inner)
    case .sign(let isNegative, let inner): return try signed(value(of: inner), isNegative: isNegative)
    case .binary(let binary): return try value(of: binary)
    case .aggregation(let aggregation): return .vector(try aggregate(vector(of: aggregation.argument), aggregation))
    case .call(let call): return try value(of: call)
    }
  }

  /// For nodes that the type check has found to be of this type; the others are as good as empty.
  mutating func vector(of node: Node) throws(EvaluationError) -> [VectorElement] {
    if case .vector(let elements) = try value(of: node) { elements } else { [] }
  }

  mutating func scalar(of node: Node) throws(EvaluationError) -> Double {
    if case .scalar(let value) = try value(of: node) { value } else { .nan }
  }

  /// Counts what was read or made, before it is used.
  mutating func charge(_ count: Int) throws(EvaluationError) {
    guard !limits.isCancelled() else { throw .cancelled }
    let (sum, overflows) = touched.addingReportingOverflow(count)
    guard !overflows, sum <= limits.samples else { throw .tooManySamples(limit: limits.samples) }
    touched = sum
  }

  /// The elements of a result, unless what was dropped from the labels had kept two of them apart.
  mutating func distinct(_ elements: [VectorElement]) throws(EvaluationError) -> [VectorElement] {
    try charge(elements.count)
    var seen = Set<Labels>(minimumCapacity: elements.count)
    guard elements.allSatisfy({ seen.insert($0.labels).inserted }) else {
      throw .execution("vector cannot contain metrics with the same labelset")
    }
    return elements
  }

  private mutating func signed(_ value: Value, isNegative: Bool) throws(EvaluationError) -> Value {
    guard isNegative else { return value }
    switch value {
    case .scalar(let number): return .scalar(-number)
    case .vector(let elements):
      return .vector(try distinct(elements.map { VectorElement(labels: $0.labels.withoutMetadata, value: -$0.value) }))
    case .string, .matrix: return value
    }
  }
}
