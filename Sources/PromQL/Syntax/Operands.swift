/// What stands between binary operators.
extension Parser {
  mutating func operand() throws(Refusal) -> Node {
    guard case .binaryOperator(let sign) = current.kind, sign == .add || sign == .subtract else { return try postfix(primary()) }
    let start = try take().range.lowerBound
    let inner = try expression(above: BinaryOperator.power.precedence)
    if case .number(let value, let isDuration) = inner.kind {
      return try make(.number(sign == .subtract ? -value : value, isDuration: isDuration), from: start)
    }
    return try make(.sign(isNegative: sign == .subtract, inner), from: start)
  }

  private mutating func primary() throws(Refusal) -> Node {
    let token = current
    let start = token.range.lowerBound
    switch token.kind {
    case .number(let value):
      try take()
      return try make(.number(value, isDuration: false), from: start)
    case .duration(let nanoseconds):
      try take()
      return try make(.number(Double(nanoseconds) / 1e9, isDuration: true), from: start)
    case .string(let text):
      try take()
      return try make(.string(text), from: start)
    case .symbol(.leftParenthesis): return try parenthesis()
    case .symbol(.leftBrace): return try vectorSelector(name: nil, from: start)
    case _ where token.isMetricName:
      try take()
      return try named(token)
    default: throw unexpected()
    }
  }

  /// A name is a metric unless what follows makes it a function or an aggregation.
  private mutating func named(_ token: Token) throws(Refusal) -> Node {
    switch (token.kind, current.kind) {
    case (.aggregation(let operation), .symbol(.leftParenthesis)), (.aggregation(let operation), .keyword(.by)),
      (.aggregation(let operation), .keyword(.without)):
      return try aggregation(operation, from: token.range.lowerBound)
    case (.identifier, .symbol(.leftParenthesis)): return try call(token)
    case (.keyword(let keyword), .symbol(.leftParenthesis)) where keyword.isAlsoFunction: return try call(token)
    default: return try vectorSelector(name: token.text, from: token.range.lowerBound)
    }
  }

  private mutating func parenthesis() throws(Refusal) -> Node {
    let start = try take().range.lowerBound
    let inner = try expression(above: 0)
    guard try takes(.rightParenthesis) else { throw unexpected() }
    return try make(.parenthesis(inner), from: start)
  }

  private mutating func call(_ name: Token) throws(Refusal) -> Node {
    let start = name.range.lowerBound
    let arguments = try arguments()
    guard let function = Function.named(name.text) else {
      throw .syntax("unknown function with name \(quoted(name.text))", at: start)
    }
    if function.isExperimental && !features.contains(.experimentalFunctions) {
      throw .syntax("function \(quoted(name.text)) is not enabled", at: start)
    }
    return try make(.call(Call(function: function, arguments: arguments)), from: start)
  }

  private mutating func arguments() throws(Refusal) -> [Node] {
    try take(.leftParenthesis)
    if try takes(.rightParenthesis) { return [] }
    var arguments = [try expression(above: 0)]
    while current.kind == .symbol(.comma) {
      let comma = try take()
      if current.kind == .symbol(.rightParenthesis) {
        throw .syntax("trailing commas not allowed in function call args", at: comma.range.lowerBound)
      }
      arguments.append(try expression(above: 0))
    }
    guard try takes(.rightParenthesis) else { throw unexpected() }
    return arguments
  }

  private mutating func aggregation(_ operation: AggregationOperator, from start: Int) throws(Refusal) -> Node {
    aggregations += 1
    var grouping = try self.grouping()
    var given = try arguments()
    if grouping == nil { grouping = try self.grouping() }
    aggregations -= 1
    guard let argument = given.popLast() else { throw .syntax("no arguments for aggregate expression provided", at: start) }
    if operation.isExperimental && !features.contains(.experimentalFunctions) {
      let flag = "--enable-feature=promql-experimental-functions"
      throw .syntax("\(operation.rawValue)() is experimental and must be enabled with \(flag)", at: start)
    }
    let expected = operation.parameter == nil ? 0 : 1
    guard given.count == expected else {
      throw .syntax(
        "wrong number of arguments for aggregate expression provided, expected \(expected + 1), got \(given.count + 1)", at: start)
    }
    let aggregation = Aggregation(
      operation: operation, grouping: grouping ?? Grouping(), parameter: given.first, argument: argument)
    return try make(.aggregation(aggregation), from: start)
  }

  private mutating func grouping() throws(Refusal) -> Grouping? {
    guard current.kind == .keyword(.by) || current.kind == .keyword(.without) else { return nil }
    let isWithout = try take().kind == .keyword(.without)
    return Grouping(isWithout: isWithout, labels: try labelList())
  }
}
