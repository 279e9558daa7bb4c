extension Expression {
  /// The same with every selector fixed to a time by `@`, in milliseconds, unless it is already: what Prometheus' test scripts use to see
  /// whether a query gives the same at any time. Nil where a function looks at the time itself.
  package func pinned(at time: Int64) -> Expression? {
    var dependsOnTime = false
    let node = root.pinned(at: time, &dependsOnTime)
    return dependsOnTime ? nil : Expression(root: node)
  }

  /// Whether the result depends on the query's range and step.
  package var dependsOnQuery: Bool { ["start()", "end()", "range()", "step()"].contains { description.contains($0) } }
}

extension Node {
  fileprivate func pinned(at time: Int64, _ dependsOnTime: inout Bool) -> Node {
    switch kind {
    case .number, .string: return self
    case .vectorSelector(var selector):
      selector.modifiers.pin(at: time)
      return Node(.vectorSelector(selector), range)
    case .rangeSelector(var range):
      range.selector.modifiers.pin(at: time)
      return Node(.rangeSelector(range), self.range)
    case .subquery(var subquery):
      // What is inside is fixed along with it.
      subquery.modifiers.pin(at: time)
      return Node(.subquery(subquery), range)
    case .parenthesis(let inner): return Node(.parenthesis(inner.pinned(at: time, &dependsOnTime)), range)
    case .sign(let isNegative, let inner): return Node(.sign(isNegative: isNegative, inner.pinned(at: time, &dependsOnTime)), range)
    case .binary(let binary):
      let left = binary.left.pinned(at: time, &dependsOnTime)
      let right = binary.right.pinned(at: time, &dependsOnTime)
      let pinned = Binary(
        operation: binary.operation, offset: binary.offset, left: left, right: right, returnsBool: binary.returnsBool,
        matching: binary.matching)
      return Node(.binary(pinned), range)
    case .aggregation(let aggregation):
      let parameter = aggregation.parameter.map { $0.pinned(at: time, &dependsOnTime) }
      let argument = aggregation.argument.pinned(at: time, &dependsOnTime)
      let pinned = Aggregation(operation: aggregation.operation, grouping: aggregation.grouping, parameter: parameter, argument: argument)
      return Node(.aggregation(pinned), range)
    case .call(let call):
      if call.function.dependsOnTime || ["start", "end", "range", "step"].contains(call.function.name) { dependsOnTime = true }
      let arguments = call.arguments.map { $0.pinned(at: time, &dependsOnTime) }
      return Node(.call(Call(function: call.function, arguments: arguments)), range)
    }
  }
}

extension TimeModifiers {
  fileprivate mutating func pin(at time: Int64) {
    if case .time = at { return }
    at = .time(time)
  }
}
