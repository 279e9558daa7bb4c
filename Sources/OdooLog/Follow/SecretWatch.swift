/// Looks for secrets that Odoo or its modules wrote into the log. Where one stands is told, never what it is.
struct SecretWatch: Sendable, Codable {
  private(set) var counts: [String: UInt64] = [:]
  /// Of each kind when it was last seen, by the follower's clock, and the logger or route that it stood with.
  private(set) var latest: [String: Place] = [:]

  struct Place: Sendable, Codable {
    let at: Int64
    let text: String
  }

  private static let longestName = 24
  /// Shorter ones are words like `yes`.
  private static let shortestSecret = 4
  private static let longestLooked = 4_096
  private static let equals = UInt8(ascii: "=")
  private static let colon = UInt8(ascii: ":")

  mutating func note(_ kind: SecretKind, at now: Int64, _ place: @autoclosure () -> String) {
    counts[kind.rawValue, default: 0] &+= 1
    if now - (latest[kind.rawValue]?.at ?? .min / 2) >= 1_000 { latest[kind.rawValue] = Place(at: now, text: place()) }
  }

  /// The first secret in a text.
  static func find(_ line: RawSpan, in range: Range<Int>) -> SecretKind? {
    let end = min(range.upperBound, range.lowerBound &+ longestLooked, line.byteCount)
    if line.starts(with: "-----BEGIN ", at: range.lowerBound) { return line.contains("PRIVATE KEY") ? .privateKey : nil }
    var offset = range.lowerBound
    while offset < end {
      let sign = line.scan(offset, end, until: equals, or: colon).end
      guard sign < end else { return nil }
      if let kind = find(line, from: range.lowerBound, assignedAt: sign, end) { return kind }
      offset = sign &+ 1
    }
    return nil
  }

  private static func find(_ line: RawSpan, from start: Int, assignedAt sign: Int, _ end: Int) -> SecretKind? {
    if line.byte(sign) == colon, line.byte(sign &+ 1) == UInt8(ascii: "/") {
      return hasPassword(line, addressAt: sign, end) ? .password : nil
    }
    guard let name = name(line, from: start, before: sign), let kind = SecretKind.of(line, name: name) else { return nil }
    return isSecret(line, after: sign, end) ? kind : nil
  }

  /// The word before the sign, in quotes or not.
  private static func name(_ line: RawSpan, from start: Int, before sign: Int) -> Range<Int>? {
    var nameEnd = sign
    while nameEnd > start, line.byte(nameEnd &- 1).isQuote || line.byte(nameEnd &- 1) == .space { nameEnd &-= 1 }
    var nameStart = nameEnd
    while nameStart > start, nameEnd &- nameStart < longestName, line.byte(nameStart &- 1).isPartOfName { nameStart &-= 1 }
    return nameStart < nameEnd ? nameStart..<nameEnd : nil
  }

  /// What follows is a value, and neither a placeholder nor nothing.
  private static func isSecret(_ line: RawSpan, after sign: Int, _ end: Int) -> Bool {
    var start = sign &+ 1
    while start < end, line.byte(start) == .space || line.byte(start).isQuote { start &+= 1 }
    var stop = start
    while stop < end, line.byte(stop).isPartOfSecret { stop &+= 1 }
    guard stop &- start >= shortestSecret, line.byte(start) != UInt8(ascii: "%") else { return false }
    let isHidden = (start..<stop).allSatisfy { "*xX.".utf8.contains(line.byte($0)) }
    return !isHidden && !placeholders.contains { line.starts(with: $0, at: start) && stop &- start == $0.utf8CodeUnitCount }
  }

  private static let placeholders: [StaticString] = ["None", "True", "False", "null", "none", "true", "false", "REDACTED", "hidden"]

  /// `://USER:PASSWORD@`
  private static func hasPassword(_ line: RawSpan, addressAt sign: Int, _ end: Int) -> Bool {
    guard line.byte(sign &+ 2) == UInt8(ascii: "/") else { return false }
    var (offset, isPassword, length) = (sign &+ 3, false, 0)
    while offset < end {
      let byte = line.byte(offset)
      if byte == UInt8(ascii: "@") { return isPassword && length > 0 && line.byte(offset &- 1) != UInt8(ascii: "*") }
      if byte == .space || byte == UInt8(ascii: "/") || byte.isQuote { return false }
      if isPassword { length &+= 1 }
      if byte == colon { isPassword = true }
      offset &+= 1
    }
    return false
  }
}

extension UInt8 {
  fileprivate var isQuote: Bool { self == UInt8(ascii: "'") || self == UInt8(ascii: "\"") }
  fileprivate var isPartOfName: Bool { isLetter || isDigit || self == UInt8(ascii: "_") || self == UInt8(ascii: "-") }
  /// What may stand in a secret that is not in quotes.
  fileprivate var isPartOfSecret: Bool {
    self > .space && self != 0x7F && !isQuote && !",;&)]}<>({[".utf8.contains(self)
  }
}
