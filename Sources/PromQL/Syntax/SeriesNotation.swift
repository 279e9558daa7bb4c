/// A series with its values in the notation of Prometheus' rule tests: `up{job="a"} 1 2+1x3 _ stale`.
package struct SeriesNotation: Sendable {
  package enum Value: Sendable, Equatable {
    case number(Double)
    /// No sample at that step.
    case omitted
    /// A native histogram, which this engine does not have.
    case histogram
  }

  package let labels: Labels
  package private(set) var values: [Value] = []

  /// What repetitions may add up to: more is a slip of the pen, or an attack on the memory.
  private static let maxCount = 10_000_000

  package init(parsing text: String) throws(PromQLError) {
    let bytes = Array(text.utf8)
    do throws(Refusal) {
      var reader = SeriesReader(bytes)
      labels = try reader.labels()
      while try reader.startsItem() {
        let (item, count) = try reader.item()
        guard count <= SeriesNotation.maxCount - values.count else {
          throw .syntax("series has more than \(SeriesNotation.maxCount) values", at: reader.position)
        }
        append(item, count)
      }
    } catch {
      throw PromQLError(error.kind, error.message, at: error.offset, in: bytes)
    }
  }

  private mutating func append(_ item: SeriesReader.Item, _ count: Int) {
    switch item {
    case .omitted: values += Array(repeating: .omitted, count: count)
    case .histogram: values += Array(repeating: .histogram, count: count)
    case .number(var value, let step):
      for _ in 0..<count {
        values.append(.number(value))
        value += step
      }
    }
  }
}

private struct SeriesReader {
  enum Item {
    case omitted
    case histogram
    case number(Double, step: Double)
  }

  private var lexer: Lexer
  var position: Int { lexer.position }

  init(_ bytes: [UInt8]) {
    lexer = Lexer(bytes)
  }

  mutating func labels() throws(Refusal) -> Labels {
    skipBlanks()
    var pairs: [(name: String, value: String)] = []
    if let byte = lexer.peek(), isLetter(byte) || byte == UInt8(ascii: ":") {
      pairs.append((Labels.metricName, lexer.word().text))
    }
    guard lexer.peek() == UInt8(ascii: "{") else { return Labels(pairs) }
    var token = try lexer.next()
    token = try lexer.next()
    // The name in front of the braces is said last: it wins over one inside them.
    let name = pairs.popLast()
    while token.kind != .symbol(.rightBrace) {
      pairs.append(try pair(&token))
      if token.kind == .symbol(.comma) {
        token = try lexer.next()
      } else if token.kind != .symbol(.rightBrace) {
        throw unexpected(token, "label set", "\",\" or \"}\"")
      }
    }
    return Labels(pairs + [name].compactMap(\.self))
  }

  private mutating func pair(_ token: inout Token) throws(Refusal) -> (name: String, value: String) {
    let name: String
    switch token.kind {
    case .identifier: name = token.text
    case .string(let text): name = text
    default: throw unexpected(token, "label set", "identifier or \"}\"")
    }
    let isQuoted = token.kind != .identifier
    token = try lexer.next()
    guard token.kind == .symbol(.equals) else {
      guard isQuoted else { throw unexpected(token, "label set", "\"=\"") }
      return (Labels.metricName, name)
    }
    token = try lexer.next()
    guard case .string(let value) = token.kind else { throw unexpected(token, "label set", "string") }
    token = try lexer.next()
    return (name, value)
  }

  private func unexpected(_ token: Token, _ place: String, _ wanted: String) -> Refusal {
    .syntax("unexpected \(token.description) in \(place), expected \(wanted)", at: token.range.lowerBound)
  }

  private mutating func skipBlanks() {
    while let byte = lexer.peek(), Lexer.isBlank(byte) { lexer.position += 1 }
  }

  /// Items stand behind blanks.
  mutating func startsItem() throws(Refusal) -> Bool {
    let before = position
    skipBlanks()
    guard lexer.peek() != nil else { return false }
    guard position > before else { throw malformed() }
    return true
  }

  private func malformed() -> Refusal {
    .syntax("unexpected \(lexer.character) in series values", at: position)
  }

  /// With how many values it stands for.
  mutating func item() throws(Refusal) -> (Item, count: Int) {
    if take("_") { return (.omitted, try repetition() ?? 1) }
    if take("{{") { return try histogram() }
    let value = try number(mayBeStale: true)
    if let count = try repetition() { return (.number(value, step: 0), count + 1) }
    guard let sign = lexer.peek(), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return (.number(value, step: 0), 1) }
    let step = try number(mayBeStale: false)
    guard let count = try repetition() else { throw malformed() }
    return (.number(value, step: step), count + 1)
  }

  private mutating func histogram() throws(Refusal) -> (Item, count: Int) {
    try skipHistogram()
    if take("+{{") || take("-{{") {
      try skipHistogram()
      guard let count = try repetition() else { throw malformed() }
      return (.histogram, count + 1)
    }
    return (.histogram, (try repetition() ?? 0) + 1)
  }

  private mutating func skipHistogram() throws(Refusal) {
    while !take("}}") {
      guard lexer.peek() != nil else { throw .syntax("unexpected end of input in histogram description", at: position) }
      lexer.position += 1
    }
  }

  private mutating func take(_ text: StaticString) -> Bool {
    let matches = text.withUTF8Buffer { lexer.bytes.dropFirst(position).starts(with: $0) }
    if matches { lexer.position += text.utf8CodeUnitCount }
    return matches
  }

  /// The number behind an x.
  private mutating func repetition() throws(Refusal) -> Int? {
    guard take("x") else { return nil }
    let start = position
    while let byte = lexer.peek(), isDigit(byte) { lexer.position += 1 }
    guard let count = Int(lexer.text(from: start)), count < .max else {
      throw .syntax("invalid repetition in series values", at: start)
    }
    return count
  }

  private mutating func number(mayBeStale: Bool) throws(Refusal) -> Double {
    var sign = 1.0
    let isSigned = lexer.peek() == UInt8(ascii: "-") || lexer.peek() == UInt8(ascii: "+")
    if isSigned {
      sign = lexer.peek() == UInt8(ascii: "-") ? -1 : 1
      lexer.position += 1
    }
    let start = position
    if let byte = lexer.peek(), isLetter(byte) {
      let word = lexer.identifier().text
      if mayBeStale, !isSigned, word == "stale" { return .staleMarker }
      guard let value = ["inf": Double.infinity, "nan": Double.nan][word.lowercased()] else {
        throw .syntax("unexpected identifier \(quoted(word)) in series values, expected number or \"stale\"", at: start)
      }
      return sign * value
    }
    while let byte = lexer.peek(), isDigit(byte) || "._eE".utf8.contains(byte) {
      lexer.position += 1
      if byte | 0x20 == UInt8(ascii: "e"), lexer.peek() == UInt8(ascii: "+") || lexer.peek() == UInt8(ascii: "-") { lexer.position += 1 }
    }
    guard position > start, let value = parseGoNumber(lexer.text(from: start)) else { throw malformed() }
    return sign * value
  }
}
