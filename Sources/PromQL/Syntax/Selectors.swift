extension Parser {
  /// The name, if any, is already taken.
  mutating func vectorSelector(name: String?, from start: Int) throws(Refusal) -> Node {
    var matchers: [LabelMatcher] = []
    if try takes(.leftBrace) { matchers = try matcherList() }
    if let name { matchers.append(LabelMatcher(metricName: name)) }
    return try make(.vectorSelector(VectorSelector(name: name, matchers: matchers)), from: start)
  }

  private mutating func matcherList() throws(Refusal) -> [LabelMatcher] {
    var matchers: [LabelMatcher] = []
    while true {
      if try takes(.rightBrace) { return matchers }
      matchers.append(try matcher())
      if current.kind != .symbol(.rightBrace) { try take(.comma, in: Parser.context, expected: "\",\" or \"}\"") }
    }
  }

  private static let context = "label matching"

  private mutating func matcher() throws(Refusal) -> LabelMatcher {
    let start = current.range.lowerBound
    let name: String
    switch current.kind {
    case .identifier: name = try take().text
    case .string(let text):
      try take()
      if current.kind == .symbol(.comma) || current.kind == .symbol(.rightBrace) { return LabelMatcher(metricName: text) }
      name = text
    default: throw unexpected(in: Parser.context, expected: "identifier or \"}\"")
    }
    let kind = try matcherKind()
    guard case .string(let value) = current.kind else { throw unexpected(in: Parser.context, expected: "string") }
    try take()
    return try compiled(name, kind, value, at: start)
  }

  private mutating func matcherKind() throws(Refusal) -> LabelMatcher.Kind {
    guard let kind = LabelMatcher.Kind(rawValue: current.text) else {
      throw unexpected(in: Parser.context, expected: "label matching operator")
    }
    try take()
    return kind
  }

  private func compiled(_ name: String, _ kind: LabelMatcher.Kind, _ value: String, at start: Int) throws(Refusal) -> LabelMatcher {
    do throws(PatternError) {
      return try LabelMatcher(checking: name, kind, value)
    } catch {
      throw .syntax(error.description, at: start)
    }
  }
}
