/// Reads a template (text/template/parse/parse.go).
struct TemplateParser {
  private var lexer: TemplateLexer
  /// Tokens that were looked at, the next one last.
  private var ahead: [TemplateToken] = []
  private var variables = ["$"]
  private var rangeDepth = 0
  private var depth = 0
  private(set) var defined: [String: [TemplateNode]] = [:]
  private let isFunction: (String) -> Bool

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

  private mutating func next() throws(TemplateError) -> TemplateToken {
    if let token = ahead.popLast() { return token }
    return try lexer.next()
  }

  private mutating func nextSolid() throws(TemplateError) -> TemplateToken {
    var token = try next()
    while token.kind == .space { token = try next() }
    return token
  }

  private mutating func peek() throws(TemplateError) -> TemplateToken {
    let token = try next()
    ahead.append(token)
    return token
  }

  private mutating func peekSolid() throws(TemplateError) -> TemplateToken {
    let token = try nextSolid()
    ahead.append(token)
    return token
  }

  fileprivate func error(_ message: String, at offset: Int) -> TemplateError { lexer.error(message, at: offset) }

  private func unexpected(_ token: TemplateToken, in context: String) -> TemplateError {
    error("unexpected \(token) in \(context)", at: token.offset)
  }

  private mutating func expect(_ kind: TemplateToken.Kind, in context: String) throws(TemplateError) {
    let token = try nextSolid()
    if token.kind != kind { throw unexpected(token, in: context) }
  }

  private mutating func deeper<Value>(
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

  private func unquoted(_ token: TemplateToken) throws(TemplateError) -> String {
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

extension TemplateParser {
  // MARK: - Pipelines

  private mutating func pipeline(_ context: String, until end: TemplateToken.Kind) throws(TemplateError) -> TemplatePipeline {
    var pipeline = TemplatePipeline(offset: try peekSolid().offset)
    try declarations(context, of: &pipeline)
    while true {
      let token = try nextSolid()
      switch token.kind {
      case end:
        try check(pipeline, context, at: token.offset)
        return pipeline
      case .bool, .characterConstant, .dot, .field, .identifier, .number, .nilWord, .rawString, .string, .variable, .leftParenthesis:
        ahead.append(token)
        pipeline.commands.append(try command())
      default: throw unexpected(token, in: context)
      }
    }
  }

  private mutating func declarations(_ context: String, of pipeline: inout TemplatePipeline) throws(TemplateError) {
    while try peekSolid().kind == .variable {
      let variable = try nextSolid()
      let following = try next()
      let solid = following.kind == .space ? try nextSolid() : following
      switch solid.kind {
      case .assign, .declare:
        pipeline.isAssignment = solid.kind == .assign
        declare(variable.text, in: &pipeline)
        return
      case .character where solid.text == ",":
        declare(variable.text, in: &pipeline)
        guard context == "range", pipeline.variables.count < 2 else {
          throw error("too many declarations in \(context)", at: solid.offset)
        }
        let second = try peekSolid()
        guard [.variable, .rightDelimiter, .rightParenthesis].contains(second.kind) else {
          throw error("range can only initialize variables", at: second.offset)
        }
      default:
        ahead.append(solid)
        if following.kind == .space { ahead.append(following) }
        ahead.append(variable)
        return
      }
    }
  }

  private mutating func declare(_ name: String, in pipeline: inout TemplatePipeline) {
    pipeline.variables.append(name)
    variables.append(name)
  }

  private func check(_ pipeline: TemplatePipeline, _ context: String, at offset: Int) throws(TemplateError) {
    if pipeline.commands.isEmpty { throw error("missing value for \(context)", at: offset) }
    for (index, command) in pipeline.commands.enumerated().dropFirst() where command.words.first?.isConstant == true {
      throw error("non executable command in pipeline stage \(index + 1)", at: command.offset)
    }
  }

  private mutating func command() throws(TemplateError) -> TemplateCommand {
    var command = TemplateCommand(offset: try peekSolid().offset)
    while true {
      _ = try peekSolid()
      if let operand = try operand() { command.words.append(operand) }
      let token = try next()
      switch token.kind {
      case .space: continue
      case .rightDelimiter, .rightParenthesis: ahead.append(token)
      case .pipe: break
      default: throw unexpected(token, in: "operand")
      }
      break
    }
    if command.words.isEmpty { throw error("empty command", at: command.offset) }
    return command
  }

  /// A term with the fields behind it.
  private mutating func operand() throws(TemplateError) -> TemplateNode? {
    guard let term = try term() else { return nil }
    let first = try peek()
    var fields: [String] = []
    while try peek().kind == .field { fields.append(String(try next().text.dropFirst())) }
    guard !fields.isEmpty else { return term }
    switch term.kind {
    case .field(let names): return TemplateNode(offset: first.offset, kind: .field(names + fields))
    case .variable(let names): return TemplateNode(offset: first.offset, kind: .variable(names + fields))
    case .bool, .string, .number, .nilWord, .dot:
      throw error("unexpected . after term \(GoText.quoted(term.description))", at: first.offset)
    default: return TemplateNode(offset: first.offset, kind: .chain(term, fields))
    }
  }

  private mutating func term() throws(TemplateError) -> TemplateNode? {
    let token = try nextSolid()
    func node(_ kind: TemplateNode.Kind) -> TemplateNode { TemplateNode(offset: token.offset, kind: kind) }
    switch token.kind {
    case .identifier:
      guard isFunction(token.text) else { throw error("function \(GoText.quoted(token.text)) not defined", at: token.offset) }
      return node(.identifier(token.text))
    case .dot: return node(.dot)
    case .nilWord: return node(.nilWord)
    case .variable:
      guard variables.contains(token.text) else { throw error("undefined variable \(GoText.quoted(token.text))", at: token.offset) }
      return node(.variable([token.text]))
    case .field: return node(.field([String(token.text.dropFirst())]))
    case .bool: return node(.bool(token.text == "true"))
    case .characterConstant, .number: return node(.number(try number(token)))
    case .string, .rawString: return node(.string(quoted: token.text, try unquoted(token)))
    case .leftParenthesis:
      let inner = try deeper(at: token.offset) { (parser) throws(TemplateError) in
        try parser.pipeline("parenthesized pipeline", until: .rightParenthesis)
      }
      return node(.pipeline(inner))
    default:
      ahead.append(token)
      return nil
    }
  }

  private func number(_ token: TemplateToken) throws(TemplateError) -> TemplateNumber {
    if token.kind == .characterConstant {
      guard let text = GoText.unquoted(token.text), let only = text.unicodeScalars.first, text.unicodeScalars.count == 1 else {
        throw error("malformed character constant: \(token.text)", at: token.offset)
      }
      return TemplateNumber(character: only, written: token.text)
    }
    do throws(GoError) {
      return try TemplateNumber(token.text)
    } catch {
      throw self.error(error.message, at: token.offset)
    }
  }
}

extension TemplateNode {
  /// Whether nothing can be piped into it.
  fileprivate var isConstant: Bool {
    switch kind {
    case .bool, .dot, .nilWord, .number, .string: true
    default: false
    }
  }
}
