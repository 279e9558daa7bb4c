/// A number as written in a template: what of Go's types it fits (text/template/parse/node.go, NumberNode).
struct TemplateNumber: Sendable {
  let text: String
  var integer: Int64?
  var unsigned: UInt64?
  var float: Double?

  /// A character in single quotes is its number.
  init(character: Unicode.Scalar, written text: String) {
    self.text = text
    integer = Int64(character.value)
    unsigned = UInt64(character.value)
    float = Double(character.value)
  }

  /// Throws what Go says of it.
  init(_ text: String) throws(GoError) {
    self.text = text
    let parsed = Self.integer(text)
    let isNegative = text.hasPrefix("-")
    if let magnitude = parsed {
      integer = isNegative ? Int64(exactly: -Int128(magnitude)) : Int64(exactly: magnitude)
      unsigned = isNegative ? (magnitude == 0 ? 0 : nil) : magnitude
      float = integer.map(Double.init) ?? unsigned.map(Double.init)
    }
    if float == nil {
      guard let value = GoText.float(text) else { throw GoError("illegal number syntax: \(GoText.quoted(text))") }
      guard text.contains(where: ".eEpP".contains) else { throw GoError("integer overflow: \(GoText.quoted(text))") }
      float = value
      integer = Int64(exactly: value)
      unsigned = UInt64(exactly: value)
    }
  }

  /// Whether the lexer lets it pass.
  static func isWellFormed(_ text: String) -> Bool {
    let digits = text.drop { $0 == "+" || $0 == "-" }
    guard let last = digits.utf8.last else { return false }
    let lower = digits.lowercased()
    if let base = ["0x": "0123456789abcdef_.p+-", "0o": "01234567_", "0b": "01_"][lower.prefix(2)] {
      return lower.dropFirst(2).allSatisfy(base.contains)
    }
    return lower.allSatisfy("0123456789_.e+-".contains) && (last.isDigit || ".e+-_".utf8.contains(last | 0x20) || last == UInt8(ascii: "."))
  }

  /// Without its sign, in any of Go's bases; nil where it is no integer, or none that fits.
  private static func integer(_ text: String) -> UInt64? {
    var digits = text[...]
    if let first = digits.first, first == "+" || first == "-" { digits = digits.dropFirst() }
    let lower = digits.lowercased()
    let bases: [(prefix: String, radix: Int)] = [("0x", 16), ("0o", 8), ("0b", 2)]
    if let base = bases.first(where: { lower.hasPrefix($0.prefix) }) {
      return UInt64(lower.dropFirst(2).filter { $0 != "_" }, radix: base.radix)
    }
    let isOctal = lower.count > 1 && lower.hasPrefix("0")
    return UInt64(lower.filter { $0 != "_" }, radix: isOctal ? 8 : 10)
  }

  /// What it is where any type will do: a float where it is written as one.
  func value() throws(GoError) -> GoValue {
    let isHexadecimal = text.lowercased().contains("0x") && !text.lowercased().contains("p")
    if let float, !isHexadecimal, !text.hasPrefix("'"), text.contains(where: ".eEpP".contains) { return .float(float) }
    if let integer { return .int(integer) }
    throw GoError("\(text) overflows int")
  }
}
