/// One element where the vector is empty, with the labels that the selector asks for by equality.
func absent(_ vector: [VectorElement], _ argument: Node) -> [VectorElement] {
  guard vector.isEmpty else { return [] }
  guard case .vectorSelector(let selector) = argument.unwrapped.kind else { return [VectorElement(labels: Labels(), value: 1)] }
  return [VectorElement(labels: requiredLabels(selector.matchers), value: 1)]
}

/// A label with several conditions is left out: no one value would be right (promql/functions.go, createLabelsForAbsentFunction).
private func requiredLabels(_ matchers: [LabelMatcher]) -> Labels {
  let others = matchers.filter { $0.name != Labels.metricName }
  let required = others.filter { matcher in
    matcher.kind == .equal && others.count { $0.name.hasSameBytes(as: matcher.name) } == 1
  }
  return Labels(required.map { (name: $0.name, value: $0.value) })
}
