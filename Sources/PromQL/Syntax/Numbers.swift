extension Lexer {
  /// A number or, where a unit follows the digits, a duration.
  mutating func number() throws(Refusal) -> Token {
    let start = position
    if scanNumber() {
      return token(.number(try parsedNumber(text(from: start), at: start)), from: start)
    }
    guard scanUnits() else { throw .syntax("bad number or duration syntax: \(quoted(text(from: start)))", at: start) }
    switch PrometheusDuration.parse(text(from: start)) {
    case .success(let milliseconds): return token(.duration(milliseconds * 1_000_000), from: start)
    case .failure(let error): throw .syntax(error.description, at: start)
    }
  }

  private mutating func accept(_ isWanted: (UInt8) -> Bool) -> Bool {
    guard let byte = peek(), isWanted(byte) else { return false }
    position += 1
    return true
  }

  private mutating func skip(_ isPart: (UInt8) -> Bool) {
    while accept(isPart) {}
  }

  /// Takes what looks like a number, good or not; false leaves the position behind what cannot belong to one.
  private mutating func scanNumber() -> Bool {
    let isHexadecimal = peek() == UInt8(ascii: "0") && (peek(1) == UInt8(ascii: "x") || peek(1) == UInt8(ascii: "X"))
    if isHexadecimal { position += 2 }
    let isDigitHere = isHexadecimal ? isHexadecimalDigit : isDigit
    var hasDot = false
    var hasExponent = false
    while let byte = peek(), isDigitHere(byte) || "._eE".utf8.contains(byte) {
      position += 1
      switch byte {
      case _ where isDigitHere(byte): skip(isDigitHere)
      case UInt8(ascii: "."):
        if hasDot || isHexadecimal || accept({ "_.".utf8.contains($0) }) { return false }
        hasDot = true
      case UInt8(ascii: "_"):
        if accept({ "._eE".utf8.contains($0) }) || peek() == nil { return false }
      default:
        if hasExponent { return false }
        hasExponent = true
        _ = accept { "+-".utf8.contains($0) }
        if accept({ "._eE".utf8.contains($0) }) || peek() == nil { return false }
      }
    }
    return peek().map(isLetterOrDigit) != true
  }

  /// Takes the units of a duration, and further pairs of digits and units; on failure also the byte that does not fit.
  private mutating func scanUnits() -> Bool {
    guard accept({ "smhdwy".utf8.contains($0) }) else { return false }
    _ = accept { $0 == UInt8(ascii: "s") }
    while accept(isDigit) {
      skip(isDigit)
      guard accept({ "smhdw".utf8.contains($0) }) else { return false }
      _ = accept { $0 == UInt8(ascii: "s") }
    }
    return !accept(isLetterOrDigit)
  }

  /// Integers as Go reads them (0x…, 0… for octal), everything else as a decimal number.
  private func parsedNumber(_ spelling: String, at start: Int) throws(Refusal) -> Double {
    guard let value = parseGoNumber(spelling) else {
      throw .syntax("error parsing number: strconv.ParseFloat: parsing \(quoted(spelling)): invalid syntax", at: start)
    }
    guard value.isFinite else {
      throw .syntax("error parsing number: strconv.ParseFloat: parsing \(quoted(spelling)): value out of range", at: start)
    }
    return value
  }
}

/// A number alone on a line of a script.
package func scriptNumber(_ text: String) -> Double? { parseGoNumber(text) }

/// A number as Go's strconv reads it with base 0: 0x… and 0… are integers, underscores may stand between digits; infinite where it is too
/// large, nil for anything else.
func parseGoNumber(_ spelling: String) -> Double? {
  guard hasGoodSeparators(spelling) else { return nil }
  var digits = spelling.filter { $0 != "_" }
  var sign = 1.0
  if digits.hasPrefix("-") || digits.hasPrefix("+") {
    sign = digits.hasPrefix("-") ? -1 : 1
    digits.removeFirst()
  }
  switch digits.lowercased() {
  case "inf", "infinity": return sign * .infinity
  case "nan": return .nan
  default: break
  }
  if digits.hasPrefix("0x") || digits.hasPrefix("0X") {
    let unsigned = digits.dropFirst(2)
    return unsigned.isEmpty ? nil : Int64(unsigned, radix: 16).map { sign * Double($0) }
  }
  if digits.utf8.count > 1, digits.hasPrefix("0"), let octal = Int64(digits, radix: 8) { return sign * Double(octal) }
  guard digits.utf8.allSatisfy({ isDigit($0) || "eE+-.".utf8.contains($0) }) else { return nil }
  // Swift reads neither "5." nor ".5".
  return Double(digits.replacingDot()).map { sign * $0 }
}

/// Underscores may only stand between digits, or behind the base.
private func hasGoodSeparators(_ spelling: String) -> Bool {
  guard spelling.utf8.contains(UInt8(ascii: "_")) else { return true }
  let bytes = Array(spelling.utf8)
  return bytes.indices.allSatisfy { index in
    guard bytes[index] == UInt8(ascii: "_") else { return true }
    guard index > 0, index + 1 < bytes.count else { return false }
    let isBehindBase = index == 2 && (bytes[1] == UInt8(ascii: "x") || bytes[1] == UInt8(ascii: "X"))
    return isHexadecimalDigit(bytes[index + 1]) && (isBehindBase || isHexadecimalDigit(bytes[index - 1]))
  }
}

func isHexadecimalDigit(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
  default: false
  }
}

extension String {
  /// With a digit on either side of the decimal point.
  fileprivate func replacingDot() -> String {
    guard let dot = firstIndex(of: ".") else { return self }
    let whole = self[..<dot]
    let rest = self[index(after: dot)...]
    let hasFraction = rest.utf8.first.map(isDigit) == true
    return (whole.isEmpty ? "0" : whole) + "." + (hasFraction ? "" : "0") + rest
  }
}
