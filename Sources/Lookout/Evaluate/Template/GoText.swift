import Glibc
import PromQL

/// Text as Go's strconv, html, net/url and strings treat it.
enum GoText {
  /// In double quotes, with escapes.
  static func quoted(_ text: String) -> String { PromQL.quoted(text) }

  /// `U+0078 'x'`, and without the character where it cannot be seen.
  static func named(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    let code = "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    let shown = quoted(String(scalar)).dropFirst().dropLast()
    return shown.hasPrefix("\\") && scalar != "\\" && scalar != "\"" ? code : "\(code) '\(scalar)'"
  }

  /// What a text or character in quotes says; nil where it is malformed.
  static func unquoted(_ text: String) -> String? {
    guard let quote = text.utf8.first, text.utf8.count >= 2, text.utf8.last == quote else { return nil }
    let inside = text.unicodeScalars.dropFirst().dropLast()
    if quote == UInt8(ascii: "`") { return String(String.UnicodeScalarView(inside.filter { $0 != "\r" })) }
    var bytes: [UInt8] = []
    var rest = inside
    while let scalar = rest.popFirst() {
      if scalar != "\\" {
        bytes += Array(String(scalar).utf8)
        continue
      }
      guard let escaped = unescaped(&rest, quote: quote) else { return nil }
      bytes += escaped
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static let plain: [Unicode.Scalar: UInt8] = [
    "a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11, "\\": UInt8(ascii: "\\"),
  ]

  /// What follows a backslash.
  private static func unescaped(_ rest: inout Substring.UnicodeScalarView, quote: UInt8) -> [UInt8]? {
    guard let kind = rest.popFirst() else { return nil }
    if let byte = plain[kind] { return [byte] }
    if kind.value == UInt32(quote) { return [quote] }
    func number(_ digits: Int, radix: Int, from first: Unicode.Scalar? = nil) -> UInt32? {
      let text = (first.map { String($0) } ?? "") + String(String.UnicodeScalarView(rest.prefix(digits)))
      guard rest.count >= digits, !text.hasPrefix("+"), !text.hasPrefix("-") else { return nil }
      rest = rest.dropFirst(digits)
      return UInt32(text, radix: radix)
    }
    switch kind {
    case "x": return number(2, radix: 16).map { [UInt8(truncatingIfNeeded: $0)] }
    case "u": return number(4, radix: 16).flatMap(Unicode.Scalar.init).map { Array(String($0).utf8) }
    case "U": return number(8, radix: 16).flatMap(Unicode.Scalar.init).map { Array(String($0).utf8) }
    case "0"..."7": return number(2, radix: 8, from: kind).flatMap { $0 < 256 ? [UInt8($0)] : nil }
    default: return nil
    }
  }

  /// strconv.ParseFloat; what is too large is infinite.
  static func float(_ text: String) -> Double? {
    let lower = text.lowercased()
    let isHexadecimal = lower.contains("0x")
    if isHexadecimal, !lower.contains("p") { return nil }
    guard !lower.contains("("), !lower.contains(" ") else { return nil }
    return Double(isHexadecimal ? lower.filter { $0 != "_" } : lower)
  }

  static func escapedForHTML(_ text: String) -> String {
    let escapes: [Unicode.Scalar: String] = [
      "\"": "&#34;", "'": "&#39;", "&": "&amp;", "<": "&lt;", ">": "&gt;", "\0": "\u{fffd}",
    ]
    return text.unicodeScalars.map { escapes[$0] ?? String($0) }.joined()
  }

  static func escapedForJavaScript(_ text: String) -> String {
    let escapes: [Unicode.Scalar: String] = [
      "\\": "\\\\", "'": "\\'", "\"": "\\\"", "<": "\\u003C", ">": "\\u003E", "&": "\\u0026", "=": "\\u003D",
    ]
    return text.unicodeScalars.map { scalar in
      if let escape = escapes[scalar] { return escape }
      guard scalar.value < 0x20 else { return String(scalar) }
      let digits = String(scalar.value, radix: 16, uppercase: true)
      return "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
    }.joined()
  }

  /// As a value in a URL's query.
  static func escapedForQuery(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if byte.isDigit || byte.isLetter || "-_.~".utf8.contains(byte) {
        bytes.append(byte)
      } else if byte == UInt8(ascii: " ") {
        bytes.append(UInt8(ascii: "+"))
      } else {
        bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// strings.Title: the first letter of each word in upper case; letters, digits, `_` and `'`… do not separate words.
  static func titled(_ text: String) -> String {
    var isAtStart = true
    return text.unicodeScalars.map { scalar in
      defer { isAtStart = isSeparator(scalar) }
      return isAtStart ? scalar.properties.titlecaseMapping : String(scalar)
    }.joined()
  }

  private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return !(UInt8(ascii: scalar).isDigit || UInt8(ascii: scalar).isLetter || scalar == "_") }
    return scalar.properties.isWhitespace
  }
}
