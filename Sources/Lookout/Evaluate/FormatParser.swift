/// Reads the format of a `printf` (Go's package fmt), so that a wrong one is found when the rules are read.
struct FormatParser {
  private var rest: Substring.UnicodeScalarView
  private var arguments: ArraySlice<TemplateTerm>
  private let offset: Int

  /// Wider fields than this are a mistake.
  private static let widthLimit = 1000

  /// `arguments` begin with the format; `offset` is that of the function, where errors are reported.
  static func pieces(_ arguments: [TemplateTerm], at offset: Int) throws(TemplateError) -> [FormatPiece] {
    guard case .text(let format)? = arguments.first else {
      throw TemplateError(message: "printf takes a quoted format first: printf \"%.2f\" $value", offset: offset)
    }
    var parser = FormatParser(rest: Substring(format).unicodeScalars, arguments: arguments.dropFirst(), offset: offset)
    let pieces = try parser.pieces()
    guard parser.arguments.isEmpty else { throw parser.error("more arguments than its format has verbs") }
    return pieces
  }

  private func error(_ message: String) -> TemplateError { TemplateError(message: "printf: \(message)", offset: offset) }

  private mutating func pieces() throws(TemplateError) -> [FormatPiece] {
    var pieces: [FormatPiece] = []
    while !rest.isEmpty {
      let literal = rest.prefix { $0 != "%" }
      rest = rest.dropFirst(literal.count)
      if !literal.isEmpty { pieces.append(.text(String(literal))) }
      guard rest.popFirst() != nil else { break }
      if rest.first == "%" {
        rest.removeFirst()
        pieces.append(.text("%"))
      } else {
        pieces.append(try directive())
      }
    }
    return pieces
  }

  private mutating func directive() throws(TemplateError) -> FormatPiece {
    var directive = FormatDirective()
    takeFlags(&directive)
    directive.width = try takeNumber(upTo: Self.widthLimit) ?? 0
    if rest.first == "." {
      rest.removeFirst()
      directive.precision = try takeNumber(upTo: GoNumber.precisionLimit) ?? 0
    }
    guard let letter = rest.popFirst() else { throw error("the format ends after %") }
    guard let verb = FormatDirective.Verb(rawValue: String(letter)) else {
      throw error("'%\(letter)' is not supported; supported are %v %s %f %e %g")
    }
    directive.verb = verb
    guard let argument = arguments.popFirst() else { throw error("fewer arguments than its format has verbs") }
    if let refusal = directive.refusal(ofNumber: argument.isNumber) { throw error(refusal) }
    return .directive(directive, argument)
  }

  private mutating func takeFlags(_ directive: inout FormatDirective) {
    while let flag = rest.first {
      switch flag {
      case "-": directive.alignsLeft = true
      case "0": directive.padsWithZeros = true
      case "+": directive.showsPlus = true
      case " ": directive.leavesSignSpace = true
      default: return
      }
      rest.removeFirst()
    }
  }

  private mutating func takeNumber(upTo limit: Int) throws(TemplateError) -> Int? {
    let digits = rest.prefix { ("0"..."9").contains($0) }
    rest = rest.dropFirst(digits.count)
    guard !digits.isEmpty else { return nil }
    guard let number = Int(String(digits)), number <= limit else { throw error("a width or precision is too large") }
    return number
  }
}

extension TemplateTerm {
  fileprivate var isNumber: Bool {
    if case .value = self { return true }
    return false
  }
}
