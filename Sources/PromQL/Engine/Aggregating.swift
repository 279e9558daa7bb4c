extension AggregationOperator {
  /// One number from those of a group, never none; nil where the engine does not evaluate the operator.
  var fold: (([Double]) -> Double?)? {
    switch self {
    case .sum: { $0.compensatedSum }
    case .avg: { $0.mean }
    case .count: { Double($0.count) }
    case .min: { $0.minimum }
    case .max: { $0.maximum }
    case .group, .stddev, .stdvar, .topk, .bottomk, .quantile, .limitk, .limitRatio, .countValues: nil
    }
  }
}

extension Grouping {
  /// What the elements of a group have in common, and the labels of its result.
  fileprivate func key(of element: Labels) -> Labels {
    isWithout ? element.removing(labels + [Labels.metricName]) : element.keeping(labels)
  }
}

extension Evaluator {
  mutating func aggregate(_ elements: [VectorElement], _ aggregation: Aggregation) throws(EvaluationError) -> [VectorElement] {
    guard let fold = aggregation.operation.fold else {
      throw .execution("aggregation \(quoted(aggregation.operation.rawValue)) is not supported")
    }
    try charge(elements.count)
    var groups: [Labels: [Double]] = [:]
    // Groups come in the order in which their first element does: the same data give the same answer.
    var order: [Labels] = []
    for element in elements {
      let key = aggregation.grouping.key(of: element.labels)
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(element.value)
    }
    return order.compactMap { key in
      groups[key].flatMap(fold).map { VectorElement(labels: key, value: $0) }
    }
  }
}
