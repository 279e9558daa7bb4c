/// What stands in an action: pipelines of commands, and their words.
extension TemplateParser {
  mutating func pipeline(_ context: String, until end: TemplateToken.Kind) throws(TemplateError) -> TemplatePipeline {
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
