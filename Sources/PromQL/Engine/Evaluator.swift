extension Expression {
  /// The value at an instant, in milliseconds since 1970-01-01 UTC. The source is asked once for every selector.
  public func evaluate(
    at time: Int64, over source: some SeriesSource, options: EvaluationOptions = .standard
  ) throws(EvaluationError) -> QueryResult {
    var evaluator = Evaluator(Steps(at: time), queryStep: 0, source: source, options: options)
    return try evaluator.instantResult(of: root)
  }

  /// The values at `start`, one `step` later and so on, none after `end`: a matrix of what is a vector or a scalar at an instant. In
  /// milliseconds; a step of less than one counts as one.
  public func evaluate(
    from start: Int64, through end: Int64, step: Int64, over source: some SeriesSource, options: EvaluationOptions = .standard
  ) throws(EvaluationError) -> QueryResult {
    guard type == .vector || type == .scalar else {
      let found = quoted(type.documentedName)
      throw .execution("invalid expression type \(found) for range query, must be Scalar or instant Vector")
    }
    let steps = Steps(from: start, through: end, interval: step)
    var evaluator = Evaluator(
      steps, end: min(max(end, steps.start), Steps.latest), queryStep: steps.interval, source: source, options: options)
    return try evaluator.rangeResult(of: root)
  }
}

/// One evaluation. Every node gives its values at all steps, series by series.
struct Evaluator: ~Copyable {
  let source: any SeriesSource
  let options: EvaluationOptions
  /// The query's own steps, whatever a subquery steps through.
  let query: Steps
  let queryEnd: Int64
  let times: QueryTimes
  var labels = LabelArena()
  var annotations = Annotations()
  var buffer = SampleBuffer()
  private var touched = 0
  private var untilCheck = 0

  init(_ query: Steps, end: Int64? = nil, queryStep: Int64, source: any SeriesSource, options: EvaluationOptions) {
    self.query = query
    queryEnd = end ?? query.start
    times = QueryTimes(
      step: queryEnd == query.start ? 0 : Double(queryStep) / 1000, range: Double(queryEnd - query.start) / 1000)
    self.source = source
    self.options = options
  }

  /// Counts what was read or made, before it is used.
  mutating func charge(_ count: Int) throws(EvaluationError) {
    let (sum, overflows) = touched.addingReportingOverflow(count)
    let limit = min(options.limits.samples, 200_000_000)
    guard !overflows, sum <= limit, labels.symbols.count / 8 <= max(limit, 1 << 20) else {
      throw .tooManySamples(limit: options.limits.samples)
    }
    touched = sum
    try work(count)
  }

  /// Counts values for every step of so many rows.
  mutating func charge(rows: Int, _ steps: Steps) throws(EvaluationError) {
    let (product, overflows) = rows.multipliedReportingOverflow(by: max(1, steps.count))
    guard !overflows else { throw .tooManySamples(limit: options.limits.samples) }
    try charge(product)
  }

  /// Asks now and then whether to go on.
  mutating func work(_ amount: Int) throws(EvaluationError) {
    untilCheck -= amount &+ 1
    guard untilCheck <= 0 else { return }
    untilCheck = 1 << 16
    switch options.limits.interruption() {
    case nil: return
    case .cancelled: throw .cancelled
    case .timedOut: throw .timedOut
    }
  }
}

extension Evaluator {
  /// The values of a node that is an instant vector.
  mutating func block(of node: Node, _ steps: Steps) throws(EvaluationError) -> Block {
    try work(0)
    guard steps.count > 0 else { return Block() }
    // What does not change from step to step is evaluated once, as Prometheus does.
    if steps.count > 1, node.isInvariant { return try repeated(block(of: node, steps.first), steps) }
    switch node.kind {
    case .vectorSelector(let selector): return try select(selector, steps)
    case .parenthesis(let inner): return try block(of: inner, steps)
    case .sign(let isNegative, let inner): return try signed(block(of: inner, steps), isNegative: isNegative, steps)
    case .binary(let binary): return try vector(of: binary, steps)
    case .aggregation(let aggregation): return try aggregate(aggregation, steps)
    case .call(let call): return try vector(of: call, at: node, steps)
    case .number, .string, .rangeSelector, .subquery: return Block()
    }
  }

  /// The values of a node that is a scalar, one for each step.
  mutating func scalars(of node: Node, _ steps: Steps) throws(EvaluationError) -> [Double] {
    try charge(rows: 1, steps)
    switch node.kind {
    case .number(let value, _): return Array(repeating: value, count: steps.count)
    case .parenthesis(let inner): return try scalars(of: inner, steps)
    case .sign(let isNegative, let inner): return try scalars(of: inner, steps).map { isNegative ? -$0 : $0 }
    case .binary(let binary):
      let left = try scalars(of: binary.left, steps)
      let right = try scalars(of: binary.right, steps)
      return zip(left, right).map { binary.operation.applyToScalars($0, $1) }
    case .call(let call): return try scalars(of: call, steps)
    case .string, .vectorSelector, .rangeSelector, .subquery, .aggregation: return Array(repeating: .nan, count: steps.count)
    }
  }

  private mutating func repeated(_ once: Block, _ steps: Steps) throws(EvaluationError) -> Block {
    var result = Block()
    for (index, value) in once.values.enumerated() where !value.isStaleMarker {
      try charge(rows: 1, steps)
      result.append(once.rows[index], repeatElement(value, count: steps.count))
    }
    return result
  }

  private mutating func signed(_ block: Block, isNegative: Bool, _ steps: Steps) throws(EvaluationError) -> Block {
    guard isNegative else { return block }
    var result = block
    result.map { -$0 }
    return try withoutNames(result, steps)
  }
}

extension Evaluator {
  mutating func instantResult(of node: Node) throws(EvaluationError) -> QueryResult {
    let value: Value
    switch node.type {
    case .scalar: value = .scalar(try scalars(of: node, query)[0])
    case .string: value = .string(node.unwrapped.text ?? "")
    case .matrix: value = .matrix(try matrix(of: node.unwrapped))
    case .vector: value = .vector(try vector(try finished(block(of: node, query), query)))
    }
    return QueryResult(value: value, annotations: annotations)
  }

  mutating func rangeResult(of node: Node) throws(EvaluationError) -> QueryResult {
    guard query.count > 0 else { return QueryResult(value: .matrix([]), annotations: annotations) }
    guard node.type == .vector else {
      let values = try scalars(of: node, query)
      let samples = values.enumerated().map { Sample(time: query[$0.offset], value: $0.element) }
      return QueryResult(value: .matrix([Series(labels: Labels(), samples: samples)]), annotations: annotations)
    }
    let block = try finished(block(of: node, query), query)
    return QueryResult(value: .matrix(series(block, query)), annotations: annotations)
  }

  /// What is to be dropped of the names is dropped at last.
  private mutating func finished(_ block: Block, _ steps: Steps) throws(EvaluationError) -> Block {
    guard options.delaysNameRemoval else { return block }
    var result = block
    for index in result.rows.indices where result.rows[index].dropsName {
      result.rows[index].labels = labels.filtered(result.rows[index].labels, names: metadataSymbols, keeps: false)
    }
    return try merged(result, steps)
  }

  private mutating func vector(_ block: Block) throws(EvaluationError) -> InstantVector {
    let present = block.values.indices.filter { !block.values[$0].isStaleMarker }
    if present.count == block.values.count { return InstantVector(block.rows.map(\.labels), block.values, in: labels) }
    return InstantVector(present.map { block.rows[$0].labels }, present.map { block.values[$0] }, in: labels)
  }

  /// The rows that have values, ordered by labels.
  func series(_ block: Block, _ steps: Steps) -> [Series] {
    let order = block.rows.indices.sorted { labels.precedes(block.rows[$0].labels, block.rows[$1].labels) }
    return order.compactMap { row in
      var samples: [Sample] = []
      samples.reserveCapacity(steps.count)
      for step in 0..<steps.count {
        let value = block.values[row * steps.count + step]
        if !value.isStaleMarker { samples.append(Sample(time: steps[step], value: value)) }
      }
      return samples.isEmpty ? nil : Series(labels: labels.labels(block.rows[row].labels), samples: samples)
    }
  }
}

extension Node {
  /// The text of a string.
  var text: String? {
    if case .string(let text) = unwrapped.kind { return text }
    return nil
  }
}
