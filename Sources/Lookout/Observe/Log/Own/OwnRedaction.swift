import PromQL

/// Patterns of the configuration's own for what must be neither kept nor shown, beside what is left out in any case.
struct OwnRedaction: Sendable, Equatable {
  private let patterns: [Pattern]

  /// Throws `PatternError`.
  init(_ texts: [String]) throws(PatternError) {
    var patterns: [Pattern] = []
    for text in texts { patterns.append(try Pattern(text, anchored: false)) }
    self.patterns = patterns
  }

  func redact(_ text: String) -> String {
    patterns.reduce(text) { $1.replacingAll(in: $0, with: "…") }
  }

  static func == (one: OwnRedaction, other: OwnRedaction) -> Bool { one.patterns.map(\.text) == other.patterns.map(\.text) }
}
