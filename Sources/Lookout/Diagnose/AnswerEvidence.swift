/// What of an answer may be shown: status, size and time, and messages without the values in them.
enum AnswerEvidence {
  static func all(_ exchange: HTTPExchange) -> [Evidence] {
    var evidence: [Evidence] = []
    if exchange.status != 0 { evidence.append(Evidence(name: "status", value: String(exchange.status))) }
    if exchange.bodyBytes > 0 { evidence.append(Evidence(name: "bytes", value: String(exchange.bodyBytes))) }
    let phases = exchange.phases
    let spans = [("resolve", phases.resolve), ("connect", phases.connect), ("tls", phases.tls), ("processing", phases.processing)]
    let slow = spans.filter { $0.1 >= 0.001 }.map { "\($0.0) \($0.1.formatted()) s" }
    if !slow.isEmpty { evidence.append(Evidence(name: "phases", value: slow.joined(separator: ", "))) }
    return evidence
  }

  /// A message with its numbers of four digits and more, its addresses of mail and its double-quoted literals replaced. A single-quoted
  /// word without spaces is a name of the program (`'planned_revenue'`) and stays; anything longer in quotes is a value and goes, and so does
  /// what PostgreSQL adds with values of the row in it.
  static func redacted(_ text: String) -> String {
    var shown = ""
    var rest = ["DETAIL:", "Failing row", "LINE 1"].reduce(text.prefix(300)) { $0[..<($0.firstRange(of: $1)?.lowerBound ?? $0.endIndex)] }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    while let character = rest.first {
      let word = shown.last?.isWhitespace == false ? "" : rest.prefix { !$0.isWhitespace }
      if word.contains("@") {
        shown += "…"
        rest = rest[word.endIndex...]
      } else if character == "'" || character == "\"", let end = rest.dropFirst().firstIndex(of: character) {
        let literal = rest[rest.index(after: rest.startIndex)..<end]
        let isName = character == "'" && literal.utf8.allSatisfy { $0 == 0x5f || $0 == 0x2e || (0x61...0x7a).contains($0) }
        shown += isName ? "'\(literal)'" : "…"
        rest = rest[rest.index(after: end)...]
      } else if character.isNumber {
        let digits = rest.prefix { $0.isNumber }
        shown += digits.count > 3 ? "…" : digits
        rest = rest[digits.endIndex...]
      } else {
        shown.append(character.isNewline ? " " : character)
        rest.removeFirst()
      }
    }
    return shown
  }
}
