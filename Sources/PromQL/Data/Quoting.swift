/// Text in double quotes with the escapes of Go's strconv.Quote, which is how Prometheus prints strings.
package func quoted(_ text: String) -> String {
  "\"" + text.unicodeScalars.map { escaped($0, quote: "\"") }.joined() + "\""
}

/// One character in single quotes, as Prometheus' messages show it.
func quotedCharacter(_ scalar: Unicode.Scalar) -> String {
  "'" + escaped(scalar, quote: "'") + "'"
}

private func escaped(_ scalar: Unicode.Scalar, quote: Unicode.Scalar) -> String {
  switch scalar {
  case quote, "\\": return "\\" + String(scalar)
  case "\u{07}": return "\\a"
  case "\u{08}": return "\\b"
  case "\u{0C}": return "\\f"
  case "\n": return "\\n"
  case "\r": return "\\r"
  case "\t": return "\\t"
  case "\u{0B}": return "\\v"
  // What stands for bytes that are no UTF-8 cannot be read again as it is.
  case "\u{FFFD}": return "\\ufffd"
  default: break
  }
  if isPrintable(scalar) { return String(scalar) }
  switch scalar.value {
  case ..<0x80: return "\\x" + hexadecimal(scalar.value, digits: 2)
  case ..<0x1_0000: return "\\u" + hexadecimal(scalar.value, digits: 4)
  default: return "\\U" + hexadecimal(scalar.value, digits: 8)
  }
}

/// Go's unicode.IsPrint: letters, marks, numbers, punctuation, symbols and the plain space.
private func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
  if scalar.isASCII { return (0x20...0x7E).contains(scalar.value) }
  switch scalar.properties.generalCategory {
  case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator, .spaceSeparator: return false
  default: return true
  }
}

private func hexadecimal(_ value: UInt32, digits: Int) -> String {
  let text = String(value, radix: 16)
  return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
}

/// A label's name as it stands in an expression: in quotes unless it is a plain name.
func quotedUnlessPlainLabelName(_ name: String) -> String {
  isPlainLabelName(name) ? name : quoted(name)
}

func isPlainLabelName(_ name: String) -> Bool {
  isName(name.utf8, isStart: isLetter, isRest: isLetterOrDigit)
}

func isPlainMetricName(_ name: String) -> Bool {
  isName(name.utf8, isStart: { isLetter($0) || $0 == UInt8(ascii: ":") }, isRest: { isLetterOrDigit($0) || $0 == UInt8(ascii: ":") })
}

private func isName(_ bytes: String.UTF8View, isStart: (UInt8) -> Bool, isRest: (UInt8) -> Bool) -> Bool {
  guard let first = bytes.first, isStart(first) else { return false }
  return bytes.dropFirst().allSatisfy(isRest)
}

func isLetter(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
  default: false
  }
}

func isDigit(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}

func isLetterOrDigit(_ byte: UInt8) -> Bool {
  isLetter(byte) || isDigit(byte)
}
