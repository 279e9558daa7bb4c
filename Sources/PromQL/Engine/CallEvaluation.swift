extension Evaluator {
  mutating func value(of call: Call) throws(EvaluationError) -> Value {
    guard let implementation = call.function.implementation else {
      throw .execution("function \(quoted(call.function.name)) is not supported")
    }
    guard let first = call.arguments.first else {
      if case .ofTime(let compute) = implementation { return .scalar(compute(time)) }
      throw .execution("function \(quoted(call.function.name)) needs an argument")
    }
    switch implementation {
    case .ofTime(let compute): return .scalar(compute(time))
    case .ofWindow(let compute): return .vector(try overWindows(of: first, compute))
    case .ofElement(let compute): return .vector(try overElements(of: call, compute))
    case .ofVector(let compute): return .vector(try distinct(compute(vector(of: first), first)))
    case .vectorToScalar(let compute): return .scalar(compute(try vector(of: first)))
    case .scalarToVector(let compute): return .vector(compute(try scalar(of: first)))
    }
  }

  private mutating func overWindows(of node: Node, _ compute: (Window) -> Double?) throws(EvaluationError) -> [VectorElement] {
    guard case .rangeSelector(let range) = node.unwrapped.kind else { return [] }
    let edges = (start: start(of: range.milliseconds), end: time, seconds: Double(range.nanoseconds) / 1e9)
    let elements = try select(range).compactMap { series -> VectorElement? in
      let window = Window(samples: series.samples, start: edges.start, end: edges.end, seconds: edges.seconds)
      return compute(window).map { VectorElement(labels: series.labels.withoutMetadata, value: $0) }
    }
    return try distinct(elements)
  }

  private mutating func overElements(of call: Call, _ compute: (Double, [Double]) -> Double) throws(EvaluationError) -> [VectorElement] {
    guard let first = call.arguments.first else { return [] }
    let elements = try vector(of: first)
    var scalars: [Double] = []
    for argument in call.arguments.dropFirst() { scalars.append(try scalar(of: argument)) }
    return try distinct(elements.map { VectorElement(labels: $0.labels.withoutMetadata, value: compute($0.value, scalars)) })
  }
}
