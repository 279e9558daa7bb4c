/// Reads an expression by precedence climbing; one token of lookahead suffices for all of PromQL.
struct Parser {
  /// Nodes above each other: beyond what people write; a level takes up to 9 KB of stack without optimisation.
  static let maxDepth = 128

  /// Bytes of an expression; without a bound its regular expressions alone could fill the memory.
  static let maxLength = 1 << 20

  let features: Features
  private var lexer: Lexer
  private(set) var current: Token
  private var nesting = 0
  /// Aggregations that are open here: Prometheus says so of what it did not expect.
  var aggregations = 0
  /// Where the last token taken ended.
  private(set) var lastEnd = 0

  init(_ bytes: [UInt8], features: Features) throws(Refusal) {
    guard bytes.count <= Parser.maxLength else {
      throw .syntax("expression is longer than \(Parser.maxLength) bytes", at: Parser.maxLength)
    }
    self.features = features
    lexer = Lexer(bytes)
    current = try lexer.next()
  }

  mutating func parse() throws(Refusal) -> Node {
    if current.kind == .end { throw .syntax("no expression found in input", at: 0) }
    let node = try expression(above: 0)
    guard current.kind == .end else { throw unexpected() }
    return node
  }

  /// An expression whose operators all bind at least this tight.
  mutating func expression(above precedence: Int) throws(Refusal) -> Node {
    try enter()
    defer { leave() }
    var left = try operand()
    while case .binaryOperator(let operation) = current.kind, operation.precedence >= precedence {
      left = try binary(operation, left)
    }
    return left
  }

  mutating func enter() throws(Refusal) {
    nesting += 1
    guard nesting <= Parser.maxDepth else { throw tooDeep(at: current.range.lowerBound) }
  }

  mutating func leave() {
    nesting -= 1
  }

  @discardableResult
  mutating func take() throws(Refusal) -> Token {
    let taken = current
    lastEnd = taken.range.upperBound
    current = try lexer.next()
    return taken
  }

  mutating func take(_ symbol: Token.Symbol, in context: String = "", expected: String = "") throws(Refusal) {
    guard current.kind == .symbol(symbol) else { throw unexpected(in: context, expected: expected) }
    try take()
  }

  /// Whether the symbol came next; then it is taken.
  mutating func takes(_ symbol: Token.Symbol) throws(Refusal) -> Bool {
    guard current.kind == .symbol(symbol) else { return false }
    try take()
    return true
  }

  func unexpected(in context: String = "", expected: String = "") -> Refusal {
    let context = context.isEmpty && aggregations > 0 ? "aggregation" : context
    let place = context.isEmpty ? "" : " in \(context)"
    let wanted = expected.isEmpty ? "" : ", expected \(expected)"
    return Refusal(
      kind: .syntax, message: "unexpected \(current.description)\(place)\(wanted)", offset: current.range.lowerBound,
      isUnexpected: true)
  }

  /// What is thrown for a token that `body` did not expect, unless it knows better where it stands.
  mutating func expecting<Result>(
    _ expected: String, in context: String, _ body: (inout Parser) throws(Refusal) -> Result
  ) throws(Refusal) -> Result {
    do throws(Refusal) {
      return try body(&self)
    } catch {
      throw error.isUnexpected ? unexpected(in: context, expected: expected) : error
    }
  }

  func make(_ kind: Node.Kind, from start: Int) throws(Refusal) -> Node {
    let node = Node(kind, start..<max(start, lastEnd))
    guard node.height <= Parser.maxDepth else { throw tooDeep(at: start) }
    return node
  }

  func tooDeep(at offset: Int) -> Refusal {
    .syntax("expression is nested deeper than \(Parser.maxDepth) levels", at: offset)
  }
}

extension Parser {
  private mutating func binary(_ operation: BinaryOperator, _ left: Node) throws(Refusal) -> Node {
    let token = try take()
    let returnsBool = current.kind == .keyword(.bool)
    if returnsBool { try take() }
    let matching = try vectorMatching()
    let right = try expression(above: operation.isRightAssociative ? operation.precedence : operation.precedence + 1)
    if matching.leftFill != nil || matching.rightFill != nil, !features.contains(.fillModifiers) {
      throw .syntax("binop fill modifiers are experimental and not enabled", at: left.start)
    }
    let binary = Binary(
      operation: operation, offset: token.range.lowerBound, left: left, right: right, returnsBool: returnsBool, matching: matching)
    return try make(.binary(binary), from: left.start)
  }

  private mutating func vectorMatching() throws(Refusal) -> VectorMatching {
    var matching = VectorMatching()
    if current.kind == .keyword(.on) || current.kind == .keyword(.ignoring) {
      matching.isOn = try take().kind == .keyword(.on)
      matching.labels = try labelList()
      try groupModifier(&matching)
    }
    try fillModifiers(&matching)
    return matching
  }

  private mutating func groupModifier(_ matching: inout VectorMatching) throws(Refusal) {
    switch current.kind {
    case .keyword(.groupLeft): matching.cardinality = .manyToOne
    case .keyword(.groupRight): matching.cardinality = .oneToMany
    default: return
    }
    try take()
    if current.kind == .symbol(.leftParenthesis) { matching.included = try labelList() }
  }

  /// `fill` alone, or one or both of the others in any order.
  private mutating func fillModifiers(_ matching: inout VectorMatching) throws(Refusal) {
    if current.kind == .keyword(.fill) {
      matching.leftFill = try fillValue()
      matching.rightFill = matching.leftFill
    } else if current.kind == .keyword(.fillLeft) {
      matching.leftFill = try fillValue()
      if current.kind == .keyword(.fillRight) { matching.rightFill = try fillValue() }
    } else if current.kind == .keyword(.fillRight) {
      matching.rightFill = try fillValue()
      if current.kind == .keyword(.fillLeft) { matching.leftFill = try fillValue() }
    }
  }

  private mutating func fillValue() throws(Refusal) -> Double {
    try take()
    try take(.leftParenthesis)
    let value = try signedNumber()
    try take(.rightParenthesis)
    return value
  }

  /// A number or a duration in seconds, with or without a sign.
  mutating func signedNumber() throws(Refusal) -> Double {
    var sign = 1.0
    if case .binaryOperator(let operation) = current.kind, operation == .add || operation == .subtract {
      sign = operation == .subtract ? -1 : 1
      try take()
    }
    switch current.kind {
    case .number(let value):
      try take()
      return sign * value
    case .duration(let nanoseconds):
      try take()
      return sign * Double(nanoseconds) / 1e9
    default: throw unexpected()
    }
  }

  mutating func labelList() throws(Refusal) -> [String] {
    let context = "grouping opts"
    try take(.leftParenthesis, in: context, expected: "\"(\"")
    var labels: [String] = []
    while try !takes(.rightParenthesis) {
      labels.append(try labelName(in: context))
      if current.kind != .symbol(.rightParenthesis) { try take(.comma, in: context, expected: "\",\" or \")\"") }
    }
    return labels
  }

  private mutating func labelName(in context: String) throws(Refusal) -> String {
    if case .string(let name) = current.kind {
      guard !name.isEmpty else { throw .syntax("invalid label name for grouping: \"\"", at: current.range.lowerBound) }
      try take()
      return name
    }
    guard current.isLabelName else { throw unexpected(in: context, expected: "label") }
    return try take().text
  }
}
