extension Lexer {
  /// A number or, where a unit follows the digits, a duration.
  mutating func number() throws(Refusal) -> Token {
    let start = position
    if isHexadecimal {
      position += 2
      skip { isHexadecimalDigit($0) || $0 == UInt8(ascii: "_") }
    } else {
      skip(isDigit)
      if let unit = peek(), "smhdwy".utf8.contains(unit) { return try duration(from: start) }
      skipDecimal()
    }
    if let next = peek(), isLetterOrDigit(next) || next == UInt8(ascii: ".") {
      position += 1
      throw malformed(from: start)
    }
    guard let value = try parsedNumber(text(from: start), at: start) else { throw malformed(from: start) }
    return token(.number(value), from: start)
  }

  private var isHexadecimal: Bool {
    peek() == UInt8(ascii: "0") && (peek(1) == UInt8(ascii: "x") || peek(1) == UInt8(ascii: "X"))
  }

  private mutating func skip(_ isPart: (UInt8) -> Bool) {
    while let byte = peek(), isPart(byte) { position += 1 }
  }

  /// What follows the first digits: separators, a fraction, an exponent.
  private mutating func skipDecimal() {
    func isPart(_ byte: UInt8) -> Bool { isDigit(byte) || byte == UInt8(ascii: "_") }
    skip(isPart)
    if peek() == UInt8(ascii: ".") {
      position += 1
      skip(isPart)
    }
    guard peek() == UInt8(ascii: "e") || peek() == UInt8(ascii: "E") else { return }
    position += 1
    if peek() == UInt8(ascii: "+") || peek() == UInt8(ascii: "-") { position += 1 }
    skip(isPart)
  }

  private func malformed(from start: Int) -> Refusal {
    .syntax("bad number or duration syntax: \(quoted(text(from: start)))", at: start)
  }

  private mutating func duration(from start: Int) throws(Refusal) -> Token {
    skip { isDigit($0) || "smhdwy".utf8.contains($0) }
    if let next = peek(), isLetterOrDigit(next) {
      position += 1
      throw malformed(from: start)
    }
    let spelling = text(from: start)
    guard spelling.utf8.last.map(isDigit) == false, !hasDoubledUnit(spelling) else { throw malformed(from: start) }
    guard let milliseconds = parsePrometheusDuration(spelling) else {
      throw .syntax("not a valid duration string: \(quoted(spelling))", at: start)
    }
    return token(.duration(milliseconds * 1_000_000), from: start)
  }

  private func hasDoubledUnit(_ spelling: String) -> Bool {
    zip(spelling.utf8, spelling.utf8.dropFirst()).contains { !isDigit($0) && !isDigit($1) && $1 != UInt8(ascii: "s") }
  }

  /// Integers as Go reads them (0x…, 0… for octal), everything else as a decimal number; nil where neither fits.
  private func parsedNumber(_ spelling: String, at start: Int) throws(Refusal) -> Double? {
    guard hasGoodSeparators(spelling) else { return nil }
    let digits = spelling.filter { $0 != "_" }
    let unsigned = digits.dropFirst(2)
    if digits.hasPrefix("0x") || digits.hasPrefix("0X") {
      return unsigned.isEmpty ? nil : Int64(unsigned, radix: 16).map(Double.init)
    }
    if digits.utf8.count > 1, digits.hasPrefix("0"), let octal = Int64(digits, radix: 8) { return Double(octal) }
    // Swift reads neither "5." nor ".5".
    let padded = digits.replacingDot()
    guard let value = Double(padded) else { return nil }
    guard value.isFinite else { throw .syntax("error parsing number: \(quoted(spelling)) is out of range", at: start) }
    return value
  }

  /// Underscores may only stand between digits, or behind the base.
  private func hasGoodSeparators(_ spelling: String) -> Bool {
    let bytes = Array(spelling.utf8)
    return bytes.indices.allSatisfy { index in
      guard bytes[index] == UInt8(ascii: "_") else { return true }
      guard index > 0, index + 1 < bytes.count else { return false }
      let isBehindBase = index == 2 && (bytes[1] == UInt8(ascii: "x") || bytes[1] == UInt8(ascii: "X"))
      return isHexadecimalDigit(bytes[index + 1]) && (isBehindBase || isHexadecimalDigit(bytes[index - 1]))
    }
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
