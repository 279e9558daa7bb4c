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
    guard let function = Function.named(name.text) else {
      throw .syntax("unknown function with name \(quoted(name.text))", at: name.range.lowerBound)
    }
    return try make(.call(Call(function: function, arguments: try arguments())), from: name.range.lowerBound)
  }

  private mutating func arguments() throws(Refusal) -> [Node] {
    try take(.leftParenthesis, in: "aggregation")
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
    var grouping = try self.grouping()
    var given = try arguments()
    if grouping == nil { grouping = try self.grouping() }
    guard let argument = given.popLast() else { throw .syntax("no arguments for aggregate expression provided", at: start) }
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

/// What follows an operand and belongs to it.
extension Parser {
  private mutating func postfix(_ operand: Node) throws(Refusal) -> Node {
    var node = operand
    while true {
      switch current.kind {
      case .symbol(.leftBracket): node = try range(of: node)
      case .symbol(.at): throw modifier("@ modifier", of: node)
      case .keyword(.offset): throw modifier("offset modifier", of: node)
      case .keyword(.anchored): throw modifier("anchored modifier", of: node)
      case .keyword(.smoothed): throw modifier("smoothed modifier", of: node)
      default: return node
      }
    }
  }

  private func modifier(_ name: String, of node: Node) -> Refusal {
    switch node.kind {
    case .vectorSelector, .rangeSelector: return .unsupported("\(name) is", at: current.range.lowerBound)
    default:
      let wanted = "an instant vector selector or range vector selector or a subquery"
      return .syntax("\(name) must be preceded by \(wanted)", at: node.range.lowerBound)
    }
  }

  private mutating func range(of node: Node) throws(Refusal) -> Node {
    let start = try take().range.lowerBound
    let nanoseconds = try rangeLength()
    if current.kind == .symbol(.colon) { throw subquery(of: node, at: start) }
    try take(.rightBracket, in: "subquery or range", expected: "\":\" or \"]\"")
    guard case .vectorSelector(let selector) = node.kind else { throw .syntax("ranges only allowed for vector selectors", at: start) }
    return try make(.rangeSelector(RangeSelector(selector: selector, nanoseconds: nanoseconds)), from: node.range.lowerBound)
  }

  private func subquery(of node: Node, at start: Int) -> Refusal {
    guard node.type == .vector else {
      return .type("subquery is only allowed on instant vector, got \(node.type.rawValue) instead", at: node.range.lowerBound)
    }
    return .unsupported("subquery is", at: start)
  }

  /// Nanoseconds.
  private mutating func rangeLength() throws(Refusal) -> Int64 {
    let start = current.range.lowerBound
    let length = try literalLength()
    if case .binaryOperator = current.kind { throw .unsupported("duration expression is", at: start) }
    guard length > 0 else { throw .syntax("duration must be greater than 0", at: start) }
    return length
  }

  private mutating func literalLength() throws(Refusal) -> Int64 {
    switch current.kind {
    case .duration(let nanoseconds):
      try take()
      return nanoseconds
    case .number(let seconds):
      guard let nanoseconds = Int64(exactly: (seconds * 1e9).rounded(.toNearestOrAwayFromZero)) else {
        throw .syntax("duration out of range", at: current.range.lowerBound)
      }
      try take()
      return nanoseconds
    case .binaryOperator, .keyword, .symbol(.leftParenthesis): throw .unsupported("duration expression is", at: current.range.lowerBound)
    default: throw unexpected(in: "subquery or range selector", expected: "number or duration")
    }
  }
}
