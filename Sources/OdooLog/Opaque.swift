/// Tells words from identifiers and secrets made by machines.
enum Opaque {
  /// Hexadecimal of 8 and more with a digit in it (hashes, UUIDs), or 16 and more letters and digits with a digit.
  static func isToken(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.count >= 8, bytes.contains(where: \.isDigit) else { return false }
    if bytes.allSatisfy({ $0.isHexDigit || $0 == UInt8(ascii: "-") }) { return true }
    return bytes.count >= 16 && bytes.allSatisfy { $0.isDigit || $0.isLetter }
  }
}
