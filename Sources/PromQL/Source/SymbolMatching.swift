/// A condition that is held against labels by their symbols: each value's text is looked at once, however many series have it.
struct SymbolMatching {
  private let matcher: LabelMatcher
  private let name: Symbol?
  private let texts: [String]
  /// For a condition of equality, what the value has to be.
  private let value: Symbol?
  private let acceptsAbsence: Bool
  private var answers: [Answer] = []

  private enum Answer: UInt8 {
    case unknown, yes, no
  }

  init(_ matcher: LabelMatcher, in table: SymbolTable) {
    self.matcher = matcher
    name = table.find(matcher.name)
    value = table.find(matcher.value)
    texts = table.texts.texts
    acceptsAbsence = matcher.matches(value: "")
  }

  /// - Parameter symbols: names and values, alternating.
  mutating func accepts(_ symbols: [Symbol]) -> Bool {
    guard let found = valueSymbol(in: symbols) else { return acceptsAbsence }
    switch matcher.kind {
    case .equal: return found == value
    case .notEqual: return found != value
    case .matches, .matchesNot: return answer(found)
    }
  }

  private func valueSymbol(in symbols: [Symbol]) -> Symbol? {
    guard let name else { return nil }
    var index = 0
    while index < symbols.count {
      if symbols[index] == name { return symbols[index + 1] }
      index += 2
    }
    return nil
  }

  private mutating func answer(_ symbol: Symbol) -> Bool {
    if answers.isEmpty { answers = Array(repeating: .unknown, count: texts.count) }
    let place = Int(symbol)
    guard place < answers.count else { return false }
    if answers[place] == .unknown { answers[place] = matcher.matches(value: texts[place]) ? .yes : .no }
    return answers[place] == .yes
  }
}
