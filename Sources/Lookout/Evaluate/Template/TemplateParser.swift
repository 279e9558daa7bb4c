/// Reads a template (text/template/parse/parse.go).
struct TemplateParser {
  private var lexer: TemplateLexer
  /// Tokens that were looked at, the next one last.
  var ahead: [TemplateToken] = []
  var variables = ["$"]
  private var rangeDepth = 0
  private var depth = 0
  private(set) var defined: [String: [TemplateNode]] = [:]
  let isFunction: (String) -> Bool

  /// Deeper ones are refused.
  private static let depthLimit = 200

  init(_ text: String, isFunction: @escaping (String) -> Bool) {
    lexer = TemplateLexer(text)
    self.isFunction = isFunction
  }

  mutating func parse() throws(TemplateError) -> [TemplateNode] {
    var nodes: [TemplateNode] = []
    while true {
      let token = try next()
      switch token.kind {
      case .endOfText: return nodes
      case .leftDelimiter:
        let word = try nextSolid()
        if word.isKeyword("define") {
          try definition()
          continue
        }
        ahead.append(word)
        nodes.append(try wholeAction())
      default:
        ahead.append(token)
        nodes.append(try textOrAction().whole(self))
      }
    }
  }

  /// An action outside of any other.
  private mutating func wholeAction() throws(TemplateError) -> TemplateNode { try action().whole(self) }

  // MARK: - Tokens

  mutating func next() throws(TemplateError) -> TemplateToken {
    if let token = ahead.popLast() { return token }
    return try lexer.next()
  }

  mutating func nextSolid() throws(TemplateError) -> TemplateToken {
    var token = try next()
    while token.kind == .space { token = try next() }
    return token
  }

  mutating func peek() throws(TemplateError) -> TemplateToken {
    let token = try next()
    ahead.append(token)
    return token
  }

  mutating func peekSolid() throws(TemplateError) -> TemplateToken {
    let token = try nextSolid()
    ahead.append(token)
    return token
  }

  func error(_ message: String, at offset: Int) -> TemplateError { lexer.error(message, at: offset) }

  func unexpected(_ token: TemplateToken, in context: String) -> TemplateError {
    error("unexpected \(token) in \(context)", at: token.offset)
  }

  mutating func expect(_ kind: TemplateToken.Kind, in context: String) throws(TemplateError) {
    let token = try nextSolid()
    if token.kind != kind { throw unexpected(token, in: context) }
  }

  mutating func deeper<Value>(
    at offset: Int, _ read: (inout TemplateParser) throws(TemplateError) -> Value
  ) throws(TemplateError) -> Value {
    guard depth < Self.depthLimit else { throw error("max expression depth exceeded", at: offset) }
    depth += 1
    defer { depth -= 1 }
    return try read(&self)
  }

  // MARK: - Actions

  fileprivate enum Item {
    case node(TemplateNode)
    case end
    case otherwise(offset: Int)

    /// What stands outside of any control structure.
    func whole(_ parser: TemplateParser) throws(TemplateError) -> TemplateNode {
      switch self {
      case .node(let node): return node
      case .end: throw parser.error("unexpected {{end}}", at: 0)
      case .otherwise(let offset): throw parser.error("unexpected {{else}}", at: offset)
      }
    }
  }

  private mutating func textOrAction() throws(TemplateError) -> Item {
    let token = try nextSolid()
    switch token.kind {
    case .text: return .node(TemplateNode(offset: token.offset, kind: .text(token.text)))
    case .leftDelimiter: return try action()
    default: throw unexpected(token, in: "input")
    }
  }

  private mutating func action() throws(TemplateError) -> Item {
    let token = try nextSolid()
    func node(_ kind: TemplateNode.Kind) -> Item { .node(TemplateNode(offset: token.offset, kind: kind)) }
    guard token.kind == .keyword else {
      ahead.append(token)
      return node(.action(try pipeline("command", until: .rightDelimiter)))
    }
    switch token.text {
    case "if": return node(.condition(try control("if", at: token.offset)))
    case "with": return node(.with(try control("with", at: token.offset)))
    case "range": return node(.range(try control("range", at: token.offset)))
    case "block": return .node(try block())
    case "template": return .node(try template())
    case "break", "continue": return node(try loopControl(token))
    case "else": return try otherwise(at: token.offset)
    case "end":
      try expect(.rightDelimiter, in: "end")
      return .end
    default: throw unexpected(token, in: "command")
    }
  }

  private mutating func loopControl(_ word: TemplateToken) throws(TemplateError) -> TemplateNode.Kind {
    try expect(.rightDelimiter, in: "{{\(word.text)}}")
    guard rangeDepth > 0 else { throw error("{{\(word.text)}} outside {{range}}", at: word.offset) }
    return word.text == "break" ? .breakLoop : .continueLoop
  }

  private mutating func otherwise(at offset: Int) throws(TemplateError) -> Item {
    let following = try peekSolid()
    if !following.isKeyword("if"), !following.isKeyword("with") { try expect(.rightDelimiter, in: "else") }
    return .otherwise(offset: offset)
  }

  // MARK: - Control structures

  private mutating func control(_ context: String, at offset: Int) throws(TemplateError) -> TemplateBranch {
    try deeper(at: offset) { (parser) throws(TemplateError) in try parser.branch(context) }
  }

  private mutating func branch(_ context: String) throws(TemplateError) -> TemplateBranch {
    let known = variables.count
    defer { variables.removeLast(variables.count - known) }
    let pipeline = try pipeline(context, until: .rightDelimiter)
    if context == "range" { rangeDepth += 1 }
    let (body, end) = try items()
    if context == "range" { rangeDepth -= 1 }
    guard case .otherwise = end else { return TemplateBranch(pipeline: pipeline, body: body, otherwise: nil) }
    return TemplateBranch(pipeline: pipeline, body: body, otherwise: try alternative(context))
  }

  /// `{{else if …}}` has no end of its own.
  private mutating func alternative(_ context: String) throws(TemplateError) -> [TemplateNode] {
    let word = try peekSolid()
    if word.isKeyword(context), context != "range" {
      _ = try nextSolid()
      let inner = try control(context, at: word.offset)
      return [TemplateNode(offset: word.offset, kind: context == "if" ? .condition(inner) : .with(inner))]
    }
    if word.kind == .keyword, word.text == "if" || word.text == "with" { throw unexpected(word, in: "input") }
    let (nodes, end) = try items()
    if case .otherwise(let offset) = end { throw error("expected end; found {{else}}", at: offset) }
    return nodes
  }

  private mutating func items() throws(TemplateError) -> ([TemplateNode], end: Item) {
    var nodes: [TemplateNode] = []
    while true {
      let token = try peekSolid()
      guard token.kind != .endOfText else { throw error("unexpected EOF", at: token.offset) }
      let item = try textOrAction()
      guard case .node(let node) = item else { return (nodes, item) }
      nodes.append(node)
    }
  }

  // MARK: - Templates in templates

  private mutating func name(in context: String) throws(TemplateError) -> (token: TemplateToken, name: String) {
    let token = try nextSolid()
    guard token.kind == .string || token.kind == .rawString else { throw unexpected(token, in: context) }
    return (token, try unquoted(token))
  }

  func unquoted(_ token: TemplateToken) throws(TemplateError) -> String {
    guard let text = GoText.unquoted(token.text) else { throw error("invalid syntax", at: token.offset) }
    return text
  }

  /// The nodes of `define` and `block`, which know no variables of what is around them.
  private mutating func definition(named given: (token: TemplateToken, name: String)? = nil) throws(TemplateError) {
    let (token, name): (TemplateToken, String)
    if let given {
      (token, name) = given
    } else {
      (token, name) = try self.name(in: "define clause")
      try expect(.rightDelimiter, in: "define clause")
    }
    let outside = (variables, rangeDepth)
    (variables, rangeDepth) = (["$"], 0)
    let (nodes, end) = try deeper(at: token.offset) { (parser) throws(TemplateError) in try parser.items() }
    (variables, rangeDepth) = outside
    guard case .end = end else { throw error("unexpected {{else}} in define clause", at: token.offset) }
    defined[name] = nodes
  }

  /// Go places it where the name stands.
  private mutating func block() throws(TemplateError) -> TemplateNode {
    let named = try name(in: "block clause")
    let pipeline = try pipeline("block clause", until: .rightDelimiter)
    try definition(named: named)
    return TemplateNode(offset: named.token.offset, kind: .template(name: named.name, pipeline))
  }

  private mutating func template() throws(TemplateError) -> TemplateNode {
    let (place, name) = try name(in: "template clause")
    let token = try nextSolid()
    if token.kind == .rightDelimiter { return TemplateNode(offset: place.offset, kind: .template(name: name, nil)) }
    ahead.append(token)
    let pipeline = try pipeline("template clause", until: .rightDelimiter)
    return TemplateNode(offset: place.offset, kind: .template(name: name, pipeline))
  }
}
