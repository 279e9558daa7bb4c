/// Functions that look at labels only.
extension Evaluator {
  mutating func replacedLabels(_ call: Call, _ steps: Steps) throws(EvaluationError) -> Block {
    let texts = call.arguments.dropFirst().map { $0.text ?? "" }
    let (target, source) = (texts[0], texts[2])
    let pattern: Pattern
    do throws(PatternError) {
      pattern = try Pattern(texts[3], anchored: true)
    } catch {
      throw .execution("invalid regular expression in label_replace(): \(texts[3])")
    }
    guard !target.isEmpty else { throw .execution("invalid destination label name in label_replace(): \(target)") }
    let template = Replacement(texts[1], groups: pattern.groupNames)
    let block = try block(of: call.arguments[0], steps)
    let name = labels.find(source)
    return try relabelled(block, target, steps) { labels, set in
      let value = labels.text(of: name, in: set)
      return pattern.groups(in: value).map { groups in NewText(length: template.length(groups)) { template.expand(groups) } }
    }
  }

  mutating func joinedLabels(_ call: Call, _ steps: Steps) throws(EvaluationError) -> Block {
    let texts = call.arguments.dropFirst().map { $0.text ?? "" }
    let (target, separator, sources) = (texts[0], texts[1], texts[2...])
    for source in sources where source.isEmpty { throw .execution("invalid source label name in label_join(): \(source)") }
    guard !target.isEmpty else { throw .execution("invalid destination label name in label_join(): \(target)") }
    let block = try block(of: call.arguments[0], steps)
    let names = sources.map { labels.find($0) }
    return try relabelled(block, target, steps) { labels, set in
      let texts = names.map { labels.text(of: $0, in: set) }
      let length = texts.reduce(texts.count * (1 + separator.utf8.count)) { $0 + $1.utf8.count }
      return NewText(length: length) { texts.joined(separator: separator) }
    }
  }

  /// A text that is paid for before it is made: a short expression can spell a very long one.
  private struct NewText {
    let length: Int
    let make: () -> String
  }

  /// Sets a label of each row; nil leaves it alone.
  private mutating func relabelled(
    _ block: Block, _ target: String, _ steps: Steps, _ value: (LabelArena, LabelSet) -> NewText?
  ) throws(EvaluationError) -> Block {
    var result = block
    let name = labels.symbol(for: target)
    for index in result.rows.indices {
      guard let text = value(labels, result.rows[index].labels) else { continue }
      try charge(1 + text.length / 8)
      result.rows[index].labels = labels.setting(name, to: labels.symbol(for: text.make()), in: result.rows[index].labels)
      if target == Labels.metricName { result.rows[index].dropsName = false }
    }
    return try merged(result, steps)
  }
}

/// A text with `$1`, `${1}` or `$name` for the groups of a pattern; `$$` is a dollar sign (Go's regexp.Expand).
struct Replacement {
  private enum Part {
    case text([UInt8])
    case group(Int)
  }

  private var parts: [Part] = []

  init(_ template: String, groups: [String: Int]) {
    var rest = Array(template.utf8)[...]
    while let dollar = rest.firstIndex(of: UInt8(ascii: "$")) {
      parts.append(.text(Array(rest[..<dollar])))
      rest = rest[(dollar + 1)...]
      if rest.first == UInt8(ascii: "$") {
        parts.append(.text([UInt8(ascii: "$")]))
        rest = rest.dropFirst()
      } else if let name = Replacement.name(in: &rest) {
        if let number = Replacement.number(name) ?? groups[name] { parts.append(.group(number)) }
      } else {
        parts.append(.text([UInt8(ascii: "$")]))
      }
    }
    parts.append(.text(Array(rest)))
  }

  /// The name behind a dollar sign, as long as possible; nil, and nothing taken, where none stands there.
  private static func name(in rest: inout ArraySlice<UInt8>) -> String? {
    let isBraced = rest.first == UInt8(ascii: "{")
    let name = (isBraced ? rest.dropFirst() : rest).prefix(while: isLetterOrDigit)
    var behind = rest[name.endIndex...]
    if name.isEmpty || (isBraced && behind.first != UInt8(ascii: "}")) { return nil }
    if isBraced { behind = behind.dropFirst() }
    rest = behind
    return String(decoding: name, as: UTF8.self)
  }

  private static func number(_ name: String) -> Int? {
    guard name.utf8.allSatisfy(isDigit), name == "0" || name.utf8.first != UInt8(ascii: "0") else { return nil }
    return Int(name) ?? Int.max
  }

  /// Bytes of what is made of the groups, or more.
  func length(_ groups: [[UInt8]?]) -> Int {
    parts.reduce(0) { length, part in
      switch part {
      case .text(let text): length + text.count
      case .group(let number): length + (groups.indices.contains(number) ? groups[number]?.count ?? 0 : 0)
      }
    }
  }

  func expand(_ groups: [[UInt8]?]) -> String { String(decoding: bytes(groups), as: UTF8.self) }

  func bytes(_ groups: [[UInt8]?]) -> [UInt8] {
    var bytes: [UInt8] = []
    for part in parts {
      switch part {
      case .text(let text): bytes += text
      case .group(let number): bytes += groups.indices.contains(number) ? groups[number] ?? [] : []
      }
    }
    return bytes
  }
}
