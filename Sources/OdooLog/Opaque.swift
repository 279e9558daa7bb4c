/// Tells words from identifiers and secrets made by machines.
enum Opaque {
  static func isToken(_ bytes: ArraySlice<UInt8>) -> Bool { isToken(bytes.span.bytes, 0..<bytes.count) }

  /// Hexadecimal of 8 and more with a digit in it (hashes, UUIDs), or 16 and more letters and digits with a digit.
  static func isToken(_ line: RawSpan, _ range: Range<Int>) -> Bool {
    guard range.count >= 8 else { return false }
    var (isHex, isWord, hasDigit) = (true, true, false)
    for offset in range {
      let byte = line.byte(offset)
      hasDigit = hasDigit || byte.isDigit
      isHex = isHex && (byte.isHexDigit || byte == UInt8(ascii: "-"))
      isWord = isWord && (byte.isDigit || byte.isLetter)
      guard isHex || isWord else { return false }
    }
    return hasDigit && (isHex || range.count >= 16)
  }
}
