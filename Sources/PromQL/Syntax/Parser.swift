/// Reads an expression by precedence climbing; one token of lookahead suffices for all of PromQL.
struct Parser {
  /// Nodes above each other: beyond what people write; a level takes up to 9 KB of stack without optimisation.
  static let maxDepth = 128

  /// Bytes of an expression; without a bound its regular expressions alone could fill the memory.
  static let maxLength = 1 << 20

  private var lexer: Lexer
  private(set) var current: Token
  private var nesting = 0
  /// Where the last token taken ended.
  private(set) var lastEnd = 0

  init(_ bytes: [UInt8]) throws(Refusal) {
    guard bytes.count <= Parser.maxLength else {
      throw .syntax("expression is longer than \(Parser.maxLength) bytes", at: Parser.maxLength)
    }
    lexer = Lexer(bytes)
    current = try lexer.next()
  }

  mutating func parse() throws(Refusal) -> Node {
    if current.kind == .end { throw .syntax("no expression found in input", at: current.range.lowerBound) }
    let node = try expression(above: 0)
    guard current.kind == .end else { throw unexpected() }
    return node
  }

  /// An expression whose operators all bind at least this tight.
  mutating func expression(above precedence: Int) throws(Refusal) -> Node {
    nesting += 1
    defer { nesting -= 1 }
    guard nesting <= Parser.maxDepth else { throw tooDeep(at: current.range.lowerBound) }
    var left = try operand()
    while case .binaryOperator(let operation) = current.kind, operation.precedence >= precedence {
      left = try binary(operation, left)
    }
    return left
  }

  @discardableResult
  mutating func take() throws(Refusal) -> Token {
    let taken = current
    lastEnd = taken.range.upperBound
    current = try lexer.next()
    return taken
  }

  mutating func take(_ symbol: Token.Symbol, in context: String, expected: String? = nil) throws(Refusal) {
    guard current.kind == .symbol(symbol) else { throw unexpected(in: context, expected: expected ?? quoted(symbol.rawValue)) }
    try take()
  }

  /// Whether the symbol came next; then it is taken.
  mutating func takes(_ symbol: Token.Symbol) throws(Refusal) -> Bool {
    guard current.kind == .symbol(symbol) else { return false }
    try take()
    return true
  }

  func unexpected(in context: String = "", expected: String = "") -> Refusal {
    let place = context.isEmpty ? "" : " in \(context)"
    let wanted = expected.isEmpty ? "" : ", expected \(expected)"
    return .syntax("unexpected \(current.description)\(place)\(wanted)", at: current.range.lowerBound)
  }

  func make(_ kind: Node.Kind, from start: Int) throws(Refusal) -> Node {
    let node = Node(kind, start..<max(start, lastEnd))
    guard node.height <= Parser.maxDepth else { throw tooDeep(at: start) }
    return node
  }

  private func tooDeep(at offset: Int) -> Refusal {
    .syntax("expression is nested deeper than \(Parser.maxDepth) levels", at: offset)
  }
}

extension Parser {
  private mutating func binary(_ operation: BinaryOperator, _ left: Node) throws(Refusal) -> Node {
    let token = try take()
    if operation.isUnsupported { throw .unsupported("operator \(quoted(operation.rawValue)) is", at: token.range.lowerBound) }
    let returnsBool = current.kind == .keyword(.bool)
    if returnsBool { try take() }
    let matching = try vectorMatching()
    let right = try expression(above: operation.isRightAssociative ? operation.precedence : operation.precedence + 1)
    let binary = Binary(
      operation: operation, offset: token.range.lowerBound, left: left, right: right, returnsBool: returnsBool, matching: matching)
    return try make(.binary(binary), from: left.range.lowerBound)
  }

  private mutating func vectorMatching() throws(Refusal) -> VectorMatching {
    var matching = VectorMatching()
    if current.kind == .keyword(.on) || current.kind == .keyword(.ignoring) {
      matching.isOn = try take().kind == .keyword(.on)
      matching.labels = try labelList()
      try groupModifier(&matching)
    }
    switch current.kind {
    case .keyword(.fill), .keyword(.fillLeft), .keyword(.fillRight):
      throw .unsupported("fill modifier is", at: current.range.lowerBound)
    default: return matching
    }
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

  mutating func labelList() throws(Refusal) -> [String] {
    let context = "grouping opts"
    try take(.leftParenthesis, in: context)
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
