/// Where in a JSON value something stands: `kpis.total_leads`, `labels[0]`, `$.teams["North / East"]`.
struct JSONPath: Sendable, Equatable {
  enum Step: Sendable, Equatable {
    case member(String)
    case element(Int)
  }

  let steps: [Step]

  /// Nil for what is no path. `$`, the whole, may stand before it.
  init?(_ text: some StringProtocol) {
    var rest = Substring(text)
    var steps: [Step] = []
    if rest.first == "$" { rest.removeFirst() } else if rest.first != "[" { rest = "." + rest }
    while let first = rest.first {
      guard let (step, after) = first == "[" ? Self.bracketed(rest) : Self.member(rest) else { return nil }
      steps.append(step)
      rest = after
    }
    self.steps = steps
  }

  private static func member(_ rest: Substring) -> (Step, Substring)? {
    guard rest.first == "." else { return nil }
    let name = rest.dropFirst().prefix { !".[]\"'".contains($0) && !$0.isWhitespace }
    return name.isEmpty ? nil : (.member(String(name)), rest[name.endIndex...])
  }

  private static func bracketed(_ rest: Substring) -> (Step, Substring)? {
    guard let end = rest.firstIndex(of: "]") else { return nil }
    let inside = rest[rest.index(after: rest.startIndex)..<end]
    let after = rest[rest.index(after: end)...]
    if let quote = inside.first, quote == "\"" || quote == "'" {
      guard inside.count > 1, inside.last == quote else { return nil }
      return (.member(String(inside.dropFirst().dropLast())), after)
    }
    return Int(inside).flatMap { $0 >= 0 ? (.element($0), after) : nil }
  }
}

extension JSONValue {
  /// Nil where there is no such place.
  subscript(path: JSONPath) -> JSONValue? {
    path.steps.reduce(Optional(self)) { value, step in
      switch step {
      case .member(let name): value?[name]
      case .element(let index): value?.list.flatMap { index < $0.count ? $0[index] : nil }
      }
    }
  }
}
