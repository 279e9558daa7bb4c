/// Reads a template: Go's text/template, as far as annotations of alerts use it.
struct TemplateParser {
  private var cursor: TemplateCursor
  private var terms: [TemplateTerm] = []

  init(_ text: String) {
    cursor = TemplateCursor(text)
  }

  mutating func parse() throws(TemplateError) -> [TemplateTerm] {
    var trimsNext = false
    while true {
      let literal = cursor.takeLiteral()
      guard cursor.take("{{") else {
        append(literal, trimmingStart: trimsNext, end: false)
        return terms
      }
      let opening = cursor.position - 2
      append(literal, trimmingStart: trimsNext, end: cursor.takeTrimAfterOpening())
      trimsNext = try action(openedAt: opening)
    }
  }

  private mutating func append(_ literal: ArraySlice<UInt8>, trimmingStart: Bool, end: Bool) {
    var literal = literal
    if trimmingStart { literal = literal.drop(while: \.isGoSpace) }
    if end { while literal.last?.isGoSpace == true { literal.removeLast() } }
    if !literal.isEmpty { terms.append(.text(String(decoding: literal, as: UTF8.self))) }
  }

  /// What stands between the braces; whether the text after it loses its leading blanks.
  private mutating func action(openedAt opening: Int) throws(TemplateError) -> Bool {
    if let trims = try cursor.takeComment() { return trims }
    var piped: TemplateTerm?
    var isFirst = true
    while true {
      let start = cursor.skipSpaces()
      let words = try command(openedAt: opening)
      if words.isEmpty { throw TemplateError(message: isFirst ? "nothing between {{ and }}" : "nothing after |", offset: start) }
      let term = try TemplateCommand(words: words, piped: piped).term()
      if let trims = cursor.takeClosing() {
        terms.append(term)
        return trims
      }
      guard cursor.take("|") else { throw TemplateError(message: "the action is not closed: }} is missing", offset: opening) }
      piped = term
      isFirst = false
    }
  }

  /// Words up to a bar or the closing braces.
  private mutating func command(openedAt opening: Int) throws(TemplateError) -> [TemplateWord] {
    var words: [TemplateWord] = []
    while true {
      let before = cursor.position
      cursor.skipSpaces()
      if cursor.isAtEnd { throw TemplateError(message: "the action is not closed: }} is missing", offset: opening) }
      if cursor.isAtClosing || cursor.next == UInt8(ascii: "|") { return words }
      if !words.isEmpty, cursor.position == before { throw cursor.unexpected() }
      words.append(try cursor.takeWord())
    }
  }
}

/// A word of an action, with the place where it stands.
struct TemplateWord {
  enum Kind: Equatable {
    /// `$labels.instance` as `["$labels", "instance"]`; `.Value` as `["", "Value"]`.
    case chain([String])
    case text(String)
    case name(String)
  }

  let kind: Kind
  let offset: Int
}
