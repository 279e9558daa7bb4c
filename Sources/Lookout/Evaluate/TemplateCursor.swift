/// The lexical part of reading a template (text/template/parse/lex.go).
struct TemplateCursor {
  private let bytes: [UInt8]
  private(set) var position = 0

  init(_ text: String) {
    bytes = Array(text.utf8)
  }

  var isAtEnd: Bool { position >= bytes.count }
  var next: UInt8? { byte(at: position) }
  var isAtClosing: Bool { closing != nil }

  private func byte(at index: Int) -> UInt8? { bytes.indices.contains(index) ? bytes[index] : nil }

  private func isAt(_ token: StaticString, offset: Int = 0) -> Bool {
    token.withUTF8Buffer { bytes.dropFirst(position + offset).starts(with: $0) }
  }

  mutating func take(_ token: StaticString) -> Bool {
    guard isAt(token) else { return false }
    position += token.utf8CodeUnitCount
    return true
  }

  /// All up to the next opening braces or the end.
  mutating func takeLiteral() -> ArraySlice<UInt8> {
    let start = position
    while !isAtEnd, !isAt("{{") { position += 1 }
    return bytes[start..<position]
  }

  /// The minus of `{{- `, which needs its blank, for `{{-3}}` is a number.
  mutating func takeTrimAfterOpening() -> Bool {
    guard isAt("-"), byte(at: position + 1)?.isGoSpace == true else { return false }
    position += 2
    return true
  }

  @discardableResult
  mutating func skipSpaces() -> Int {
    while next?.isGoSpace == true { position += 1 }
    return position
  }

  /// Length of the closing braces here, and whether they trim what follows.
  private var closing: (length: Int, trims: Bool)? {
    if isAt("}}") { return (2, false) }
    if isAt("-}}"), byte(at: position - 1)?.isGoSpace == true { return (3, true) }
    return nil
  }

  /// Whether the text that follows is to be trimmed; nil where the action is not closed here.
  mutating func takeClosing() -> Bool? {
    guard let closing else { return nil }
    position += closing.length
    return closing.trims
  }

  /// A comment, which stands directly behind the opening, up to the closing; as `takeClosing`.
  mutating func takeComment() throws(TemplateError) -> Bool? {
    let start = position
    guard take("/*") else { return nil }
    while !isAtEnd, !isAt("*/") { position += 1 }
    guard take("*/") else { throw TemplateError(message: "the comment is not closed: */ is missing", offset: start) }
    if next?.isGoSpace == true, isAt("-}}", offset: 1) { position += 1 }
    guard let trims = takeClosing() else { throw TemplateError(message: "}} must follow the end of a comment", offset: position) }
    return trims
  }

  mutating func takeWord() throws(TemplateError) -> TemplateWord {
    let start = position
    switch next {
    case UInt8(ascii: "\""): return TemplateWord(kind: .text(try takeQuoted()), offset: start)
    case UInt8(ascii: "`"): return TemplateWord(kind: .text(try takeRaw()), offset: start)
    case UInt8(ascii: "$"), UInt8(ascii: "."): return TemplateWord(kind: .chain(takeChain()), offset: start)
    case let first? where first.isGoWord && !first.isDigit: return TemplateWord(kind: .name(takeName()), offset: start)
    default: throw unexpected()
    }
  }

  func unexpected() -> TemplateError {
    let shown = String(decoding: bytes[min(position, bytes.count)...], as: UTF8.self).unicodeScalars.first.map(String.init) ?? ""
    return TemplateError(message: "'\(shown)' is not supported here in a template; \(TemplateCommand.supported)", offset: position)
  }

  private mutating func takeName() -> String {
    let start = position
    while next?.isGoWord == true { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func takeChain() -> [String] {
    var names: [String] = [""]
    if next == UInt8(ascii: "$") {
      position += 1
      names = ["$" + takeName()]
    }
    while next == UInt8(ascii: ".") {
      position += 1
      names.append(takeName())
    }
    return names
  }

  private mutating func takeRaw() throws(TemplateError) -> String {
    let start = position
    position += 1
    while let byte = next, byte != UInt8(ascii: "`") { position += 1 }
    guard take("`") else { throw TemplateError(message: "the raw text is not closed: ` is missing", offset: start) }
    return String(decoding: bytes[start + 1..<position - 1], as: UTF8.self)
  }

  private mutating func takeQuoted() throws(TemplateError) -> String {
    let start = position
    var content: [UInt8] = []
    position += 1
    while let byte = next, byte != UInt8(ascii: "\n") {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: content, as: UTF8.self)
      case UInt8(ascii: "\\"): content.append(try takeEscaped())
      default: content.append(byte)
      }
    }
    throw TemplateError(message: "the quoted text is not closed: \" is missing", offset: start)
  }

  /// What follows a backslash; of Go's escapes those that a format or a text has any use for.
  private mutating func takeEscaped() throws(TemplateError) -> UInt8 {
    let escape = next
    position += 1
    switch escape {
    case UInt8(ascii: "n"): return UInt8(ascii: "\n")
    case UInt8(ascii: "t"): return UInt8(ascii: "\t")
    case UInt8(ascii: "\\"), UInt8(ascii: "\""): return escape ?? 0
    default: throw TemplateError(message: "of the escapes only \\\\ \\\" \\n and \\t are supported in a template", offset: position - 2)
    }
  }
}

extension UInt8 {
  var isGoSpace: Bool { self == 0x20 || self == 0x09 || self == 0x0a || self == 0x0d }
  var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

  /// Bytes of letters beyond ASCII are left out: Go tells letters from signs there.
  var isGoWord: Bool {
    isDigit || self == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
  }
}
