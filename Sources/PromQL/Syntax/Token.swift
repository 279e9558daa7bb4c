/// A part of the text, `start..<end` in UTF-8 bytes.
typealias SourceRange = Range<Int>

struct Token: Sendable {
  enum Kind: Equatable, Sendable {
    case end
    case identifier
    /// An identifier with a colon, which only metrics may have.
    case metricIdentifier
    case string(String)
    case number(Double)
    /// Nanoseconds.
    case duration(Int64)
    case symbol(Symbol)
    case binaryOperator(BinaryOperator)
    case aggregation(AggregationOperator)
    case keyword(Keyword)
  }

  /// Punctuation that is no binary operator.
  enum Symbol: String, Sendable {
    case leftParenthesis = "("
    case rightParenthesis = ")"
    case leftBrace = "{"
    case rightBrace = "}"
    case leftBracket = "["
    case rightBracket = "]"
    case comma = ","
    case colon = ":"
    case equals = "="
    case matches = "=~"
    case matchesNot = "!~"
    case at = "@"
  }

  enum Keyword: String, CaseIterable, Sendable {
    case offset, smoothed, anchored, by, without, on, ignoring
    case groupLeft = "group_left"
    case groupRight = "group_right"
    case fill
    case fillLeft = "fill_left"
    case fillRight = "fill_right"
    case bool
    case start, end, step, range
    case maxOf = "max_of"
    case minOf = "min_of"

    /// Names a function as well, or says when (`@ start()`).
    var isAlsoFunction: Bool { [.start, .end, .step, .range, .maxOf, .minOf].contains(self) }
  }

  let kind: Kind
  let range: SourceRange
  /// As written.
  let text: String
}

extension Token {
  /// How a message shows the token.
  var description: String {
    switch kind {
    case .end: "end of input"
    case .identifier: "identifier \(quoted(text))"
    case .metricIdentifier: "metric identifier \(quoted(text))"
    case .string: "string \(quotedStart)"
    case .number: "number \(quotedStart)"
    case .duration: "duration \(quotedStart)"
    case .symbol(.at), .symbol(.matches), .symbol(.matchesNot), .binaryOperator: "<op:\(text)>"
    case .symbol: quoted(text)
    case .aggregation: "<aggr:\(text)>"
    case .keyword(let keyword): keyword.isAlsoFunction ? quoted(text) : "<\(text)>"
    }
  }

  private var quotedStart: String {
    text.utf8.count > 10 ? quoted(String(text.prefix(10))) + "..." : quoted(text)
  }

  /// Whether the token can stand for a metric at the start of an operand.
  var isMetricName: Bool {
    switch kind {
    case .identifier, .metricIdentifier, .aggregation: true
    case .binaryOperator(let symbol): symbol.isSet
    case .keyword(let keyword): ![.on, .ignoring, .groupLeft, .groupRight, .bool].contains(keyword)
    default: false
    }
  }

  /// Whether the token can stand for a label in a list of labels.
  var isLabelName: Bool {
    switch kind {
    case .identifier, .metricIdentifier, .aggregation: true
    case .keyword(let keyword): keyword != .without
    case .binaryOperator(let symbol): symbol.isSet || symbol == .arcTangent
    default: false
    }
  }
}
