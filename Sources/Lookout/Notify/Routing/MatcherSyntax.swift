import PromQL

/// Why a text is no list of matchers.
struct MatcherMistake: Error, CustomStringConvertible {
  let description: String
}

/// Matchers as text: `severity="critical"`, `{team=~"a|b", "näme"!=x}`. Names and values are any UTF-8, in quotes where they hold a
/// reserved character (Alertmanager's documentation, "Matcher"; matcher/parse).
struct MatcherSyntax {
  private enum Token: Equatable {
    case openBrace, closeBrace, comma
    case comparison(Matcher.Kind)
    case text(String)
  }

  private let scalars: [Unicode.Scalar]
  private var position = 0

  /// Reads as Alertmanager does by default: by this syntax, and by the older one where only that takes the text or understands it otherwise.
  static func matchers(_ text: String) throws(MatcherMistake) -> [Matcher] {
    let older = try? ClassicMatcherSyntax.matchers(text)
    do {
      var syntax = MatcherSyntax(text)
      let newer = try syntax.matchers()
      return older.map { $0 == newer ? newer : $0 } ?? newer
    } catch {
      if let older { return older }
      throw error
    }
  }

  private init(_ text: String) {
    scalars = Array(text.unicodeScalars)
  }

  static func isReserved(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || "{}!=~,\\\"'`".unicodeScalars.contains(scalar)
  }

  // MARK: - Grammar

  private mutating func matchers() throws(MatcherMistake) -> [Matcher] {
    var matchers: [Matcher] = []
    let isBraced = try accept(.openBrace)
    var isOver = try isEnd(isBraced)
    while !isOver {
      matchers.append(try matcher())
      if try accept(.comma) {
        isOver = try isEnd(isBraced)
      } else {
        guard try isEnd(isBraced) else { throw mistake("expected a comma or the end") }
        isOver = true
      }
    }
    if isBraced, try !accept(.closeBrace) { throw mistake("the closing brace is missing") }
    guard try next() == nil else { throw mistake("expected the end") }
    return matchers
  }

  private mutating func matcher() throws(MatcherMistake) -> Matcher {
    guard case .text(let name)? = try next() else { throw mistake("expected a label name") }
    guard case .comparison(let kind)? = try next() else { throw mistake("expected =, !=, =~ or !~") }
    guard case .text(let value)? = try next() else { throw mistake("expected a label value") }
    do { return try Matcher(name, kind, value) } catch { throw MatcherMistake(description: "\(error)") }
  }

  private func isEnd(_ isBraced: Bool) throws(MatcherMistake) -> Bool {
    var ahead = self
    guard let token = try ahead.next() else { return true }
    return isBraced && token == .closeBrace
  }

  private mutating func accept(_ token: Token) throws(MatcherMistake) -> Bool {
    var ahead = self
    guard try ahead.next() == token else { return false }
    self = ahead
    return true
  }

  private func mistake(_ what: String) -> MatcherMistake {
    MatcherMistake(description: "\(what) at character \(position + 1)")
  }

  // MARK: - Tokens

  /// Nil at the end.
  private mutating func next() throws(MatcherMistake) -> Token? {
    while position < scalars.count, scalars[position].properties.isWhitespace { position += 1 }
    guard position < scalars.count else { return nil }
    let scalar = scalars[position]
    switch scalar {
    case "{", "}", ",":
      position += 1
      return scalar == "{" ? .openBrace : scalar == "}" ? .closeBrace : .comma
    case "=", "!": return .comparison(try comparison())
    case "\"": return .text(try quoted())
    default:
      guard !Self.isReserved(scalar) else { throw mistake("'\(scalar)' must stand in double quotes") }
      let rest = scalars[position...].prefix { !Self.isReserved($0) }
      position = rest.endIndex
      return .text(String(String.UnicodeScalarView(rest)))
    }
  }

  private mutating func comparison() throws(MatcherMistake) -> Matcher.Kind {
    let first = scalars[position]
    let second = position + 1 < scalars.count ? scalars[position + 1] : nil
    switch (first, second) {
    case ("=", "~"): position += 2
    case ("=", _):
      position += 1
      return .equal
    case ("!", "="), ("!", "~"): position += 2
    default: throw mistake("expected != or !~")
    }
    return first == "=" ? .matches : second == "=" ? .notEqual : .matchesNot
  }

  private mutating func quoted() throws(MatcherMistake) -> String {
    var text = String.UnicodeScalarView()
    position += 1
    while position < scalars.count {
      let scalar = scalars[position]
      position += 1
      switch scalar {
      case "\"": return String(text)
      case "\\": text.append(try escape())
      case "\n": throw mistake("a line feed in quotes must be written \\n")
      default: text.append(scalar)
      }
    }
    throw mistake("the closing quote is missing")
  }

  /// Go's escapes in a string (strconv.Unquote), but for bytes that are no UTF-8.
  private mutating func escape() throws(MatcherMistake) -> Unicode.Scalar {
    guard position < scalars.count else { throw mistake("the closing quote is missing") }
    let scalar = scalars[position]
    position += 1
    let plain: [Unicode.Scalar: Unicode.Scalar] = [
      "a": "\u{07}", "b": "\u{08}", "f": "\u{0c}", "n": "\n", "r": "\r", "t": "\t", "v": "\u{0b}", "\\": "\\", "\"": "\"",
    ]
    if let plain = plain[scalar] { return plain }
    switch scalar {
    case "x": return try number(digits: 2, radix: 16, below: 0x80)
    case "u": return try number(digits: 4, radix: 16)
    case "U": return try number(digits: 8, radix: 16)
    case "0"..."7":
      position -= 1
      return try number(digits: 3, radix: 8, below: 0x80)
    default: throw mistake("'\\\(scalar)' is no escape")
    }
  }

  private mutating func number(digits: Int, radix: Int, below limit: UInt32 = 0x11_0000) throws(MatcherMistake) -> Unicode.Scalar {
    let text = String(String.UnicodeScalarView(scalars[position...].prefix(digits)))
    guard text.utf8.count == digits, let value = UInt32(text, radix: radix), value < limit, let scalar = Unicode.Scalar(value) else {
      throw mistake("this is no escape")
    }
    position += digits
    return scalar
  }
}
