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
      // Inside brackets a colon separates range and step.
      if byte == UInt8(ascii: ":") {
        guard place == .statement else { break }
        hasColon = true
      }
      position += 1
    }
    if hasColon { return token(.metricIdentifier, from: start) }
    let kind = Lexer.reserved[text(from: start).lowercased()] ?? .identifier
    return token(isFillWithoutParenthesis(kind) ? .identifier : kind, from: start)
  }

  /// These became keywords late; as metrics they keep working where no parenthesis follows.
  private func isFillWithoutParenthesis(_ kind: Token.Kind) -> Bool {
    guard case .keyword(let keyword) = kind, [.fill, .fillLeft, .fillRight].contains(keyword) else { return false }
    let rest = bytes[position...].drop {
      $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r")
    }
    return rest.first != UInt8(ascii: "(")
  }
}
