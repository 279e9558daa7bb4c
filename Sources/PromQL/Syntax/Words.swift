extension Lexer {
  /// What a word stands for outside braces, whatever its case.
  private static let reserved: [String: Token.Kind] = {
    var words: [String: Token.Kind] = ["inf": .number(.infinity), "nan": .number(.nan)]
    for keyword in Token.Keyword.allCases { words[keyword.rawValue] = .keyword(keyword) }
    for operation in AggregationOperator.allCases { words[operation.rawValue] = .aggregation(operation) }
    for operation in [BinaryOperator.and, .or, .unless, .arcTangent] { words[operation.rawValue] = .binaryOperator(operation) }
    return words
  }()

  mutating func identifier() -> Token {
    let start = position
    while let byte = peek(), isLetterOrDigit(byte) { position += 1 }
    return token(.identifier, from: start)
  }

  mutating func word() -> Token {
    let start = position
    var hasColon = false
    while let byte = peek(), isLetterOrDigit(byte) || byte == UInt8(ascii: ":") {
      if byte == UInt8(ascii: ":") { hasColon = true }
      position += 1
    }
    if hasColon { return token(.metricIdentifier, from: start) }
    let kind = Lexer.reserved[text(from: start).lowercased()] ?? .identifier
    return token(isFillWithoutParenthesis(kind) ? .identifier : kind, from: start)
  }

  /// A word that stands for a length of time; nil leaves the position behind whatever the word is.
  mutating func lengthWord() -> Token? {
    let start = position
    while let byte = peek(), isLetter(byte) { position += 1 }
    let keyword = Token.Keyword(rawValue: text(from: start).lowercased())
    guard let keyword, [.step, .range, .maxOf, .minOf].contains(keyword) else {
      position = start
      return nil
    }
    return token(.keyword(keyword), from: start)
  }

  /// These became keywords late; as metrics they keep working where no parenthesis follows.
  private func isFillWithoutParenthesis(_ kind: Token.Kind) -> Bool {
    guard case .keyword(let keyword) = kind, [.fill, .fillLeft, .fillRight].contains(keyword) else { return false }
    return bytes[position...].drop(while: Lexer.isBlank).first != UInt8(ascii: "(")
  }
}
