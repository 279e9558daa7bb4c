import PromQL

/// A piece of a `printf` in a template.
enum FormatPiece: Sendable {
  case text(String)
  case directive(FormatDirective, TemplateTerm)

  func expand(with data: TemplateData) -> String {
    switch self {
    case .text(let text): text
    case .directive(let directive, .value): directive.format(data.value)
    case .directive(let directive, let term): directive.format(term.expand(with: data))
    }
  }
}

/// `%5.1f`: how `printf` writes one argument (Go's package fmt).
struct FormatDirective: Sendable {
  enum Verb: String, Sendable {
    /// Its plain form: what the action would give without printf.
    case plain = "v"
    case text = "s"
    case fixed = "f"
    case scientific = "e"
    case general = "g"
  }

  var alignsLeft = false
  var padsWithZeros = false
  var showsPlus = false
  var leavesSignSpace = false
  var width = 0
  var precision: Int?
  var verb = Verb.plain

  /// Why the verb cannot write a number (`true`) or a text; nil where it can.
  func refusal(ofNumber isNumber: Bool) -> String? {
    if isNumber { return verb == .text ? "%s cannot write a number; use %v or %.2f" : nil }
    guard verb == .plain || verb == .text else { return "%\(verb.rawValue) cannot write a text; use %s" }
    return padsWithZeros || showsPlus || leavesSignSpace ? "the flags 0, + and blank are for numbers" : nil
  }

  func format(_ text: String) -> String {
    let cut = precision.map { String(String.UnicodeScalarView(text.unicodeScalars.prefix($0))) } ?? text
    return padded(sign: "", cut, withZeros: false)
  }

  func format(_ value: Double) -> String {
    var digits = digits(value)
    var sign = ""
    if digits.hasPrefix("-") || digits.hasPrefix("+") {
      sign = String(digits.removeFirst())
    } else if showsPlus && verb != .plain {
      sign = "+"
    } else if leavesSignSpace {
      sign = " "
    }
    return padded(sign: sign, digits, withZeros: padsWithZeros && value.isFinite)
  }

  private func digits(_ value: Double) -> String {
    switch verb {
    case .fixed: GoNumber.fixed(value, decimals: precision ?? 6)
    case .scientific: GoNumber.scientific(value, decimals: precision ?? 6)
    case .plain, .text, .general: precision.map { GoNumber.general(value, digits: $0) } ?? formatPrometheusValue(value)
    }
  }

  private func padded(sign: String, _ body: String, withZeros: Bool) -> String {
    let missing = max(0, width - sign.count - body.unicodeScalars.count)
    if alignsLeft { return sign + body + String(repeating: " ", count: missing) }
    if withZeros { return sign + String(repeating: "0", count: missing) + body }
    return String(repeating: " ", count: missing) + sign + body
  }
}
