/// Reads the tokens of a template one by one.
struct TemplateLexer {
  private let bytes: [UInt8]
  private var position = 0
  private var isInAction = false
  private var depth = 0
  /// Whether the text that follows loses its leading blanks.
  private var trimsNext = false
  /// A token that was found while the one before it was read.
  private var pending: TemplateToken?

  init(_ text: String) {
    bytes = Array(text.utf8)
  }

  func error(_ message: String, at offset: Int) -> TemplateError {
    TemplateError(message: message, offset: offset, line: line(at: offset))
  }

  func line(at offset: Int) -> Int { 1 + bytes.prefix(offset).count { $0 == UInt8(ascii: "\n") } }

  mutating func next() throws(TemplateError) -> TemplateToken {
    if let token = pending {
      pending = nil
      return token
    }
    return isInAction ? try insideAction() : try outsideAction()
  }

  // MARK: - Bytes

  private var byte: UInt8? { byte(at: position) }

  private func byte(at index: Int) -> UInt8? { bytes.indices.contains(index) ? bytes[index] : nil }

  private func isAt(_ token: StaticString, offset: Int = 0) -> Bool {
    token.withUTF8Buffer { bytes.dropFirst(position + offset).starts(with: $0) }
  }

  private func token(_ kind: TemplateToken.Kind, from start: Int) -> TemplateToken {
    TemplateToken(kind: kind, text: String(decoding: bytes[start..<position], as: UTF8.self), offset: start)
  }

  /// The character here, which may have several bytes.
  private var scalar: Unicode.Scalar? {
    guard let byte else { return nil }
    if byte < 0x80 { return Unicode.Scalar(byte) }
    return String(decoding: bytes[position...].prefix(4), as: UTF8.self).unicodeScalars.first
  }

  private mutating func skip(_ scalar: Unicode.Scalar) { position += UTF8.width(scalar) }

  private mutating func skip(while isIn: (UInt8) -> Bool) {
    while let byte, isIn(byte) { position += 1 }
  }

  private mutating func skipWord() {
    while let scalar, scalar.isGoWord { skip(scalar) }
  }
}

extension TemplateLexer {
  // MARK: - Outside

  private mutating func outsideAction() throws(TemplateError) -> TemplateToken {
    if trimsNext { skip(while: \.isGoSpace) }
    trimsNext = false
    let start = position
    while byte != nil, !isAt("{{") { position += 1 }
    let end = position
    guard byte != nil else { return token(end > start ? .text : .endOfText, from: start) }
    let trims = isAt("-", offset: 2) && (byte(at: position + 3)?.isGoSpace == true)
    var textEnd = end
    if trims { while textEnd > start, bytes[textEnd - 1].isGoSpace { textEnd -= 1 } }
    let delimiter = try leftDelimiter(trims: trims)
    guard textEnd > start else {
      if let delimiter { return delimiter }
      return try next()
    }
    pending = delimiter
    return TemplateToken(kind: .text, text: String(decoding: bytes[start..<textEnd], as: UTF8.self), offset: start)
  }

  /// Nil for a comment, which is skipped.
  private mutating func leftDelimiter(trims: Bool) throws(TemplateError) -> TemplateToken? {
    let start = position
    position += 2
    let delimiter = token(.leftDelimiter, from: start)
    if trims { position += 2 }
    if isAt("/*") {
      try skipComment(openedAt: start)
      return nil
    }
    isInAction = true
    depth = 0
    return delimiter
  }

  private mutating func skipComment(openedAt start: Int) throws(TemplateError) {
    position += 2
    while byte != nil, !isAt("*/") { position += 1 }
    guard byte != nil else { throw error("unclosed comment", at: start) }
    position += 2
    if byte?.isGoSpace == true, isAt("-}}", offset: 1) {
      position += 4
      trimsNext = true
    } else {
      guard isAt("}}") else { throw error("comment ends before closing delimiter", at: position) }
      position += 2
    }
  }
}

extension TemplateLexer {
  // MARK: - Inside

  private mutating func insideAction() throws(TemplateError) -> TemplateToken {
    let start = position
    if let closing = try rightDelimiter() { return closing }
    guard let byte, let scalar else { throw error("unclosed action", at: start) }
    if byte.isGoSpace { return spaces() }
    switch byte {
    case UInt8(ascii: "="): return single(.assign)
    case UInt8(ascii: "|"): return single(.pipe)
    case UInt8(ascii: "("):
      depth += 1
      return single(.leftParenthesis)
    case UInt8(ascii: ")"):
      depth -= 1
      guard depth >= 0 else { throw error("unexpected right paren", at: start) }
      return single(.rightParenthesis)
    case UInt8(ascii: ":"):
      position += 1
      guard self.byte == UInt8(ascii: "=") else { throw error("expected :=", at: start) }
      position += 1
      return token(.declare, from: start)
    case UInt8(ascii: "\""): return try quoted(by: byte, .string, "unterminated quoted string")
    case UInt8(ascii: "'"): return try quoted(by: byte, .characterConstant, "unterminated character constant")
    case UInt8(ascii: "`"): return try raw()
    case UInt8(ascii: "$"): return try fieldOrVariable()
    case UInt8(ascii: ".") where self.byte(at: position + 1)?.isDigit != true: return try fieldOrVariable()
    case UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: break
    }
    if scalar.isGoWord { return try word() }
    guard (0x21...0x7e).contains(byte) else { throw error("unrecognized character in action: \(GoText.named(scalar))", at: start) }
    return single(.character)
  }

  private mutating func single(_ kind: TemplateToken.Kind) -> TemplateToken {
    position += 1
    return token(kind, from: position - 1)
  }

  private mutating func spaces() -> TemplateToken {
    let start = position
    skip(while: \.isGoSpace)
    // The blank before a trimming delimiter belongs to it.
    return token(.space, from: start)
  }

  private mutating func rightDelimiter() throws(TemplateError) -> TemplateToken? {
    let trims = byte?.isGoSpace == true && isAt("-}}", offset: 1) || isAt("-}}") && position > 0 && bytes[position - 1].isGoSpace
    guard trims || isAt("}}") else { return nil }
    guard depth == 0 else { throw error("unclosed left paren", at: position) }
    if trims { position += isAt("-") ? 1 : 2 }
    position += 2
    isInAction = false
    trimsNext = trims
    return token(.rightDelimiter, from: position - 2)
  }

  private mutating func quoted(
    by quote: UInt8, _ kind: TemplateToken.Kind, _ complaint: String
  ) throws(TemplateError) -> TemplateToken {
    let start = position
    position += 1
    while let byte, byte != UInt8(ascii: "\n") {
      position += 1
      if byte == quote { return token(kind, from: start) }
      if byte == UInt8(ascii: "\\"), self.byte != nil, self.byte != UInt8(ascii: "\n") { position += 1 }
    }
    throw error(complaint, at: start)
  }

  private mutating func raw() throws(TemplateError) -> TemplateToken {
    let start = position
    position += 1
    skip { $0 != UInt8(ascii: "`") }
    guard byte != nil else { throw error("unterminated raw quoted string", at: start) }
    position += 1
    return token(.rawString, from: start)
  }

  private mutating func word() throws(TemplateError) -> TemplateToken {
    let start = position
    skipWord()
    try requireTerminator()
    let word = token(.identifier, from: start)
    switch word.text {
    case "true", "false": return token(.bool, from: start)
    case "nil": return token(.nilWord, from: start)
    default: return TemplateToken.keywords.contains(word.text) ? token(.keyword, from: start) : word
    }
  }

  private mutating func fieldOrVariable() throws(TemplateError) -> TemplateToken {
    let start = position
    let isVariable = byte == UInt8(ascii: "$")
    position += 1
    if isAtTerminator { return token(isVariable ? .variable : .dot, from: start) }
    skipWord()
    try requireTerminator()
    return token(isVariable ? .variable : .field, from: start)
  }

  private var isAtTerminator: Bool {
    guard let byte else { return true }
    return byte.isGoSpace || ".,|:()".utf8.contains(byte) || isAt("}}")
  }

  private func requireTerminator() throws(TemplateError) {
    guard !isAtTerminator, let scalar else { return }
    throw error("bad character \(GoText.named(scalar))", at: position)
  }

  private mutating func number() throws(TemplateError) -> TemplateToken {
    let start = position
    if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { position += 1 }
    // The digits of any base, with what may stand between them: whether they are a number is said when it is read.
    while let byte {
      let before = bytes[position - 1] | 0x20
      let isSign = byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
      let isHexadecimal = isPrefixed(from: start)
      let follows = isSign && (before == UInt8(ascii: "p") || before == UInt8(ascii: "e") && !isHexadecimal)
      guard byte.isDigit || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || follows || byte.isLetter else { break }
      position += 1
    }
    let found = token(.number, from: start)
    if let scalar, scalar.isGoWord || !TemplateNumber.isWellFormed(found.text) {
      throw error("bad number syntax: \(GoText.quoted(found.text))", at: start)
    }
    return found
  }

  private func isPrefixed(from start: Int) -> Bool {
    let digits = bytes[start..<position].drop { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
    return digits.starts(with: "0x".utf8) || digits.starts(with: "0X".utf8)
  }
}

extension UInt8 {
  var isGoSpace: Bool { self == 0x20 || self == 0x09 || self == 0x0a || self == 0x0d }
  var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
  var isLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }
}

extension Unicode.Scalar {
  /// Letters, digits and the underscore.
  fileprivate var isGoWord: Bool {
    if isASCII { return self == "_" || UInt8(ascii: self).isDigit || UInt8(ascii: self).isLetter }
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber: return true
    default: return false
    }
  }
}
