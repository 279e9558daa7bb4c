/// Splits an expression into tokens, on demand, so that an error is the first one in the text (promql/parser/lex.go).
struct Lexer {
  /// What may stand at the position.
  enum Place {
    case statement
    case braces
    /// Behind an opening bracket, up to the first number.
    case length
  }

  let bytes: [UInt8]
  var position = 0
  var place = Place.statement
  private var openParentheses = 0
  private var isInBrackets = false
  private var hasColon = false

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  mutating func next() throws(Refusal) -> Token {
    skipBlanksAndComments()
    let start = position
    guard let byte = peek() else { return try end() }
    switch place {
    case .statement: return try statementToken(byte, from: start)
    case .braces: return try bracesToken(byte, from: start)
    case .length: return try lengthToken(byte, from: start)
    }
  }

  func peek(_ distance: Int = 0) -> UInt8? {
    let index = position + distance
    return index < bytes.count ? bytes[index] : nil
  }

  func text(from start: Int) -> String {
    String(decoding: bytes[start..<position], as: UTF8.self)
  }

  func token(_ kind: Token.Kind, from start: Int) -> Token {
    Token(kind: kind, range: start..<position, text: text(from: start))
  }

  /// The character at the position, for messages.
  var character: String {
    let scalar = String(decoding: bytes[position..<min(position + 4, bytes.count)], as: UTF8.self).unicodeScalars.first
    return scalar.map(quotedCharacter) ?? "end of input"
  }

  private mutating func skipBlanksAndComments() {
    while let byte = peek() {
      if byte == UInt8(ascii: "#") && place != .length {
        while let rest = peek(), rest != UInt8(ascii: "\n"), rest != UInt8(ascii: "\r") { position += 1 }
      } else if Lexer.isBlank(byte) {
        position += 1
      } else {
        return
      }
    }
  }

  static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }

  private func end() throws(Refusal) -> Token {
    if place == .braces { throw .syntax("unexpected end of input inside braces", at: position) }
    if place == .length { throw .syntax("unexpected end of input in duration expression", at: position) }
    if openParentheses > 0 { throw .syntax("unclosed left parenthesis", at: position) }
    if isInBrackets { throw .syntax("unclosed left bracket", at: position) }
    return token(.end, from: position)
  }
}

extension Lexer {
  private mutating func statementToken(_ byte: UInt8, from start: Int) throws(Refusal) -> Token {
    if startsNumber(byte) { return try number() }
    if let quote = Quote(byte) { return try string(quote) }
    if isLetter(byte) || byte == UInt8(ascii: ":") { return isInBrackets ? try wordInBrackets() : word() }
    if let operatorToken = binaryOperator() { return operatorToken }
    switch byte {
    case UInt8(ascii: "("), UInt8(ascii: ")"): return try parenthesis(byte)
    case UInt8(ascii: "{"): return enter(.braces, with: .leftBrace)
    case UInt8(ascii: "["): return try openBracket(from: start)
    case UInt8(ascii: "]"): return try closeBracket(from: start)
    case UInt8(ascii: ","): return symbol(.comma)
    case UInt8(ascii: "@"): return symbol(.at)
    case UInt8(ascii: "="): return try equals()
    case UInt8(ascii: "!"): throw .syntax("unexpected character after '!': \(followingCharacter)", at: start)
    default: throw .syntax("unexpected character: \(character)", at: start)
    }
  }

  private mutating func bracesToken(_ byte: UInt8, from start: Int) throws(Refusal) -> Token {
    if let quote = Quote(byte) { return try string(quote) }
    if isLetter(byte) { return identifier() }
    switch byte {
    case UInt8(ascii: ","): return symbol(.comma)
    case UInt8(ascii: "}"): return enter(.statement, with: .rightBrace)
    case UInt8(ascii: "{"): throw .syntax("unexpected left brace '{'", at: start)
    case UInt8(ascii: "="): return symbol(peek(1) == UInt8(ascii: "~") ? .matches : .equals)
    case UInt8(ascii: "!"):
      if peek(1) == UInt8(ascii: "~") { return symbol(.matchesNot) }
      if peek(1) == UInt8(ascii: "=") { return binaryOperator(.notEqual) }
      throw .syntax("unexpected character after '!' inside braces: \(followingCharacter)", at: start)
    default: throw .syntax("unexpected character inside braces: \(character)", at: start)
    }
  }

  private mutating func lengthToken(_ byte: UInt8, from start: Int) throws(Refusal) -> Token {
    if startsNumber(byte) {
      place = .statement
      return try number()
    }
    switch byte {
    case UInt8(ascii: "]"): return try closeBracket(from: start)
    case UInt8(ascii: ":"): throw .syntax("unexpected colon before duration in duration expression", at: start + 1)
    case UInt8(ascii: ","): return symbol(.comma)
    case UInt8(ascii: "("), UInt8(ascii: ")"): return try parenthesis(byte)
    default:
      if isLetter(byte), let found = lengthWord() { return found }
      if "+-*/%^".utf8.contains(byte), let found = binaryOperator() { return found }
      throw .syntax("unexpected character in duration expression: \(character)", at: start)
    }
  }

  private func startsNumber(_ byte: UInt8) -> Bool {
    isDigit(byte) || (byte == UInt8(ascii: ".") && peek(1).map(isDigit) == true)
  }

  private var followingCharacter: String {
    var copy = self
    copy.position += 1
    return copy.character
  }

  private mutating func enter(_ next: Place, with found: Token.Symbol) -> Token {
    place = next
    return symbol(found)
  }

  private mutating func symbol(_ found: Token.Symbol) -> Token {
    let start = position
    position += found.rawValue.utf8.count
    return token(.symbol(found), from: start)
  }

  private mutating func openBracket(from start: Int) throws(Refusal) -> Token {
    guard !isInBrackets else { throw .syntax("unexpected left bracket '['", at: start) }
    isInBrackets = true
    hasColon = false
    return enter(.length, with: .leftBracket)
  }

  private mutating func closeBracket(from start: Int) throws(Refusal) -> Token {
    guard isInBrackets else { throw .syntax("unexpected right bracket ']'", at: start) }
    isInBrackets = false
    return enter(.statement, with: .rightBracket)
  }

  /// Inside brackets a colon separates range and step, and few words mean anything.
  private mutating func wordInBrackets() throws(Refusal) -> Token {
    let start = position
    if peek() == UInt8(ascii: ":") {
      guard !hasColon else { throw .syntax("unexpected colon ':'", at: start) }
      hasColon = true
      return symbol(.colon)
    }
    let shown = character
    guard let found = lengthWord() else { throw .syntax("unexpected character: \(shown), expected ':'", at: start) }
    return found
  }

  /// Prometheus refuses the parenthesis after having taken it.
  private mutating func parenthesis(_ byte: UInt8) throws(Refusal) -> Token {
    let isLeft = byte == UInt8(ascii: "(")
    openParentheses += isLeft ? 1 : -1
    guard openParentheses >= 0 else { throw .syntax("unexpected right parenthesis ')'", at: position + 1) }
    return symbol(isLeft ? .leftParenthesis : .rightParenthesis)
  }

  private mutating func equals() throws(Refusal) -> Token {
    guard peek(1) != UInt8(ascii: "~") else { throw .syntax("unexpected character after '=': '~'", at: position) }
    return symbol(.equals)
  }

  /// The longest operator spelled with signs, if one starts here.
  private mutating func binaryOperator() -> Token? {
    for length in [2, 1] where position + length <= bytes.count {
      let spelling = String(decoding: bytes[position..<position + length], as: UTF8.self)
      if let found = BinaryOperator(rawValue: spelling) { return binaryOperator(found) }
    }
    return nil
  }

  private mutating func binaryOperator(_ found: BinaryOperator) -> Token {
    let start = position
    position += found.rawValue.utf8.count
    return token(.binaryOperator(found), from: start)
  }
}
