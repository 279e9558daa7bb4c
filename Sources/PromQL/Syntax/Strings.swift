/// What a string is put in; between backticks nothing is an escape.
enum Quote: UInt8 {
  case double = 0x22
  case single = 0x27
  case backtick = 0x60

  init?(_ byte: UInt8) {
    self.init(rawValue: byte)
  }
}

extension Lexer {
  mutating func string(_ quote: Quote) throws(Refusal) -> Token {
    let start = position
    position += 1
    let content = quote == .backtick ? try rawContent(from: start) : try escapedContent(quote, from: start)
    position += 1
    guard isGoodText(bytes[(start + 1)..<(position - 1)]) else { throw .syntax("invalid UTF-8 rune", at: start) }
    // Escapes can spell bytes that are no UTF-8; no label can hold those, so that nothing is lost by replacing them.
    return token(.string(String(decoding: content, as: UTF8.self)), from: start)
  }

  /// Prometheus takes the replacement character for a sign of bytes that are no UTF-8.
  private func isGoodText(_ content: ArraySlice<UInt8>) -> Bool {
    content.allSatisfy { $0 < 0x80 }
      || (String(validating: content, as: UTF8.self).map { !$0.unicodeScalars.contains("\u{FFFD}") } ?? false)
  }

  private mutating func rawContent(from start: Int) throws(Refusal) -> [UInt8] {
    let rest = bytes[position...].prefix { $0 != Quote.backtick.rawValue }
    guard rest.endIndex < bytes.count else { throw .syntax("unterminated raw string", at: start) }
    position = rest.endIndex
    return Array(rest)
  }

  private mutating func escapedContent(_ quote: Quote, from start: Int) throws(Refusal) -> [UInt8] {
    var content: [UInt8] = []
    while let byte = peek(), byte != quote.rawValue {
      guard byte != UInt8(ascii: "\n") else { break }
      if byte == UInt8(ascii: "\\") {
        position += 1
        content += try escape(quote, of: start)
      } else {
        content.append(byte)
        position += 1
      }
    }
    guard peek() == quote.rawValue else { throw .syntax("unterminated quoted string", at: start) }
    return content
  }

  /// The bytes an escape stands for; the backslash is already taken.
  private mutating func escape(_ quote: Quote, of start: Int) throws(Refusal) -> [UInt8] {
    guard let byte = peek() else { throw .syntax("escape sequence not terminated", at: start) }
    if byte == quote.rawValue {
      position += 1
      return [byte]
    }
    if let plain = Lexer.plainEscapes[byte] {
      position += 1
      return [plain]
    }
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "7"): return try numericEscape(digits: 3, base: 8, of: start)
    case UInt8(ascii: "x"), UInt8(ascii: "u"), UInt8(ascii: "U"):
      position += 1
      let digits = [UInt8(ascii: "x"): 2, UInt8(ascii: "u"): 4][byte] ?? 8
      return try numericEscape(digits: digits, base: 16, of: start)
    default: throw .syntax("unknown escape sequence \(unicodeNotation)", at: start)
    }
  }

  private static let plainEscapes: [UInt8: UInt8] = [
    UInt8(ascii: "a"): 0x07, UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0C, UInt8(ascii: "n"): 0x0A, UInt8(ascii: "r"): 0x0D,
    UInt8(ascii: "t"): 0x09, UInt8(ascii: "v"): 0x0B, UInt8(ascii: "\\"): UInt8(ascii: "\\"),
  ]

  /// Two hexadecimal or three octal digits spell a byte, four or eight a character.
  private mutating func numericEscape(digits: Int, base: UInt32, of start: Int) throws(Refusal) -> [UInt8] {
    var value: UInt32 = 0
    for _ in 0..<digits {
      guard let byte = peek() else { throw .syntax("escape sequence not terminated", at: start) }
      guard let digit = UInt32(String(decoding: [byte], as: UTF8.self), radix: Int(base)) else {
        throw .syntax("illegal character \(unicodeNotation) in escape sequence", at: start)
      }
      value = value &* base &+ digit
      position += 1
    }
    if digits <= 3, let byte = UInt8(exactly: value) { return [byte] }
    guard digits > 3, let scalar = Unicode.Scalar(value) else {
      throw .syntax("escape sequence is an invalid Unicode code point", at: start)
    }
    return Array(String(scalar).utf8)
  }

  /// The character at the position as U+0063 'c'.
  private var unicodeNotation: String {
    let scalar = String(decoding: bytes[position..<min(position + 4, bytes.count)], as: UTF8.self).unicodeScalars.first
    guard let scalar else { return "end of input" }
    let code = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - code.utf8.count)) + code + " " + quotedCharacter(scalar)
  }
}
