/// Whether the parts of a well-formed expression fit each other, and whether the engine knows them all.
enum TypeCheck {
  static func check(_ node: Node) throws(Refusal) {
    switch node.kind {
    case .number, .string: break
    case .vectorSelector(let selector): try check(selector, at: node.range.lowerBound)
    case .rangeSelector(let range): try check(range.selector, at: node.range.lowerBound)
    case .subquery(let subquery): try check(subquery, at: node.range.lowerBound)
    case .parenthesis(let inner): try check(inner)
    case .sign(_, let inner): try checkSign(of: inner, at: node.range.lowerBound)
    case .binary(let binary): try check(binary, at: node.range.lowerBound)
    case .aggregation(let aggregation): try check(aggregation, at: node.range.lowerBound)
    case .call(let call): try check(call, at: node.range.lowerBound)
    }
  }

  private static func expect(_ type: ValueType, _ node: Node, in context: String) throws(Refusal) {
    try check(node)
    guard node.type == type else {
      throw .type("expected type \(type.documentedName) in \(context), got \(node.type.documentedName)", at: node.range.lowerBound)
    }
  }

  private static func check(_ selector: VectorSelector, at offset: Int) throws(Refusal) {
    if let name = selector.name {
      guard let other = selector.matchers.dropLast().first(where: { $0.name == Labels.metricName }) else { return }
      throw .type("metric name must not be set twice: \(quoted(name)) or \(quoted(other.value))", at: offset)
    }
    // Otherwise a slip of the pen would select everything there is.
    guard selector.matchers.contains(where: { !$0.matches(value: "") }) else {
      throw .type("vector selector must contain at least one non-empty matcher", at: offset)
    }
  }

  private static func check(_ subquery: Subquery, at offset: Int) throws(Refusal) {
    try check(subquery.expression)
    guard subquery.expression.type == .vector else {
      throw .type("subquery is only allowed on instant vector, got \(subquery.expression.type.rawValue) instead", at: offset)
    }
  }

  private static func checkSign(of inner: Node, at offset: Int) throws(Refusal) {
    try check(inner)
    guard inner.type == .scalar || inner.type == .vector else {
      let got = quoted(inner.type.documentedName)
      throw .type("unary expression only allowed on expressions of type scalar or instant vector, got \(got)", at: offset)
    }
  }

  private static func check(_ aggregation: Aggregation, at offset: Int) throws(Refusal) {
    try expect(.vector, aggregation.argument, in: "aggregation expression")
    if let type = aggregation.operation.parameter, let parameter = aggregation.parameter {
      try expect(type, parameter, in: "aggregation parameter")
    }
  }

  private static func check(_ call: Call, at offset: Int) throws(Refusal) {
    let function = call.function
    try checkCount(of: call.arguments, for: function, at: offset)
    if function.name == "info" { try checkInfo(call, at: offset) }
    for (index, argument) in call.arguments.enumerated() {
      let parameter = function.parameters[min(index, function.parameters.count - 1)]
      if function.name == "info" && index == 1 { continue }
      try check(argument)
      guard argument.type == parameter else {
        throw .type(
          "expected type \(parameter.documentedName) in call to function \(quoted(function.name)), got \(argument.type.documentedName)",
          at: argument.range.lowerBound)
      }
    }
    if function.isForHistograms {
      throw .unsupported("function \(quoted(function.name)) needs native histograms, which are", at: offset)
    }
  }

  /// The second argument is no expression but a list of conditions.
  private static func checkInfo(_ call: Call, at offset: Int) throws(Refusal) {
    guard call.arguments.count > 1 else { return }
    let conditions = call.arguments[1]
    guard conditions.type == .vector else {
      throw .type("expected type instant vector in call to function \"info\", got \(conditions.type.documentedName)", at: offset)
    }
    guard case .vectorSelector(let selector) = conditions.kind else {
      throw .type("expected label selectors only", at: conditions.range.lowerBound)
    }
    guard selector.name == nil else {
      throw .type("expected label selectors only, got vector selector instead", at: conditions.range.lowerBound)
    }
  }

  private static func checkCount(of arguments: [Node], for function: Function, at offset: Int) throws(Refusal) {
    let ending = "argument(s) in call to \(quoted(function.name)), got \(arguments.count)"
    let count = function.parameters.count
    switch function.arity {
    case .exact where arguments.count != count: throw .type("expected \(count) \(ending)", at: offset)
    case .exact: break
    case .last where arguments.count < count - 1: throw .type("expected at least \(count - 1) \(ending)", at: offset)
    case .last(let most?) where arguments.count > count - 1 + most:
      throw .type("expected at most \(count - 1 + most) \(ending)", at: offset)
    case .last: break
    }
  }
}

extension TypeCheck {
  private static func check(_ binary: Binary, at offset: Int) throws(Refusal) {
    try check(binary.left)
    try check(binary.right)
    try checkModifiers(of: binary)
    for side in [binary.left, binary.right] where side.type != .scalar && side.type != .vector {
      throw .type("binary expression must contain only scalar and instant vector types", at: side.range.lowerBound)
    }
    let name = quoted(binary.operation.rawValue)
    let fills = binary.matching.leftFill != nil || binary.matching.rightFill != nil
    if binary.left.type != .vector || binary.right.type != .vector {
      if !binary.matching.labels.isEmpty { throw .type("vector matching only allowed between instant vectors", at: offset) }
      if fills { throw .type("filling in missing series only allowed between instant vectors", at: offset) }
      if binary.operation.isSet { throw .type("set operator \(name) not allowed in binary scalar expression", at: offset) }
    } else if binary.operation.isSet {
      if binary.matching.cardinality != .oneToOne { throw .type("no grouping allowed for \(name) operation", at: offset) }
      if fills { throw .type("filling in missing series not allowed for set operators", at: offset) }
    }
    if binary.operation.isForHistograms {
      throw .unsupported("operator \(name) needs native histograms, which are", at: binary.offset)
    }
  }

  private static func checkModifiers(of binary: Binary) throws(Refusal) {
    if binary.returnsBool && !binary.operation.isComparison {
      throw .type("bool modifier can only be used on comparison operators", at: binary.offset)
    }
    if binary.operation.isComparison && !binary.returnsBool && binary.left.type == .scalar && binary.right.type == .scalar {
      throw .type("comparisons between scalars must use BOOL modifier", at: binary.offset)
    }
    guard binary.matching.isOn else { return }
    for label in binary.matching.labels where binary.matching.included.contains(where: { $0.hasSameBytes(as: label) }) {
      throw .type("label \(quoted(label)) must not occur in ON and GROUP clause at once", at: binary.offset)
    }
  }
}
