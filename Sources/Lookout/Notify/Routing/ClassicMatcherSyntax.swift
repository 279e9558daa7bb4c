/// Matchers as Alertmanager read them before 0.27 and still does where only this syntax takes a text: names are plain, values may hold
/// nearly everything without quotes (pkg/labels/parse.go).
enum ClassicMatcherSyntax {
  static func matchers(_ text: String) throws(MatcherMistake) -> [Matcher] {
    var inner = text.unicodeScalars[...]
    if inner.first == "{" { inner.removeFirst() }
    if inner.last == "}" { inner.removeLast() }
    var matchers: [Matcher] = []
    for part in parts(inner) { matchers.append(try matcher(part)) }
    return matchers
  }

  /// Split at commas outside of quotes; a last part of nothing but space counts for none.
  private static func parts(_ text: Substring.UnicodeScalarView) -> [Substring.UnicodeScalarView] {
    var parts: [Substring.UnicodeScalarView] = []
    var start = text.startIndex
    var isQuoted = false
    var isEscaped = false
    for index in text.indices {
      switch text[index] {
      case "," where !isQuoted:
        parts.append(text[start..<index])
        start = text.index(after: index)
        continue
      case "\"":
        if !isEscaped { isQuoted.toggle() }
        isEscaped = false
      case "\\": isEscaped.toggle()
      default: isEscaped = false
      }
    }
    let last = text[start...]
    if !last.allSatisfy(\.properties.isWhitespace) { parts.append(last) }
    return parts
  }

  private static func matcher(_ part: Substring.UnicodeScalarView) throws(MatcherMistake) -> Matcher {
    var rest = trimmed(part)
    let name = rest.prefix { $0 == "_" || $0 == ":" || ($0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil)) }
    guard let first = name.first, first.properties.numericType == nil else { throw mistake(part) }
    rest = trimmed(rest[name.endIndex...])
    let kinds: [(String, Matcher.Kind)] = [("=~", .matches), ("=", .equal), ("!=", .notEqual), ("!~", .matchesNot)]
    guard let (sign, kind) = kinds.first(where: { rest.starts(with: $0.0.unicodeScalars) }) else { throw mistake(part) }
    let value = try value(trimmed(rest.dropFirst(sign.unicodeScalars.count)), of: part)
    do { return try Matcher(String(name), kind, value) } catch { throw MatcherMistake(description: "\(error)") }
  }

  private static func value(
    _ raw: Substring.UnicodeScalarView, of part: Substring.UnicodeScalarView
  ) throws(MatcherMistake) -> String {
    var rest = raw
    var expectsQuote = rest.first == "\""
    if expectsQuote { rest.removeFirst() }
    var text = String.UnicodeScalarView()
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\\":
        let next = rest.popFirst()
        switch next {
        case "n": text.append("\n")
        case "\""?, "\\"?: text.append(next ?? "\\")
        case let other?: text.append(contentsOf: ["\\", other])
        case nil: text.append("\\")
        }
      case "\"":
        guard expectsQuote, rest.isEmpty else {
          throw MatcherMistake(description: "a double quote inside of a value must be written \\\": \(Substring(part))")
        }
        expectsQuote = false
      default: text.append(scalar)
      }
    }
    guard !expectsQuote else { throw MatcherMistake(description: "the closing quote is missing: \(Substring(part))") }
    return String(text)
  }

  private static func mistake(_ part: Substring.UnicodeScalarView) -> MatcherMistake {
    MatcherMistake(description: "'\(Substring(part).prefix(60))' is no matcher such as severity=\"critical\"")
  }

  /// Without Go's `\s` at both ends.
  private static func trimmed(_ text: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView {
    let spaces: [Unicode.Scalar] = [" ", "\t", "\n", "\r", "\u{0c}"]
    var text = text.drop { spaces.contains($0) }
    while let last = text.last, spaces.contains(last) { text.removeLast() }
    return text
  }
}
