import PromQL

/// One line of a script: labels and values, `up{job="a"} 1 2+1x3 _ stale`.
struct ScriptSeries {
  enum Point: Equatable {
    case value(Double)
    case gap
    /// A native histogram, which is no float.
    case histogram
  }

  struct Malformed: Error {
    let text: String
  }

  let labels: Labels
  let hasLabels: Bool
  let points: [Point]

  init(_ line: String) throws {
    let trimmed = line.trimmingWhitespace()
    let (head, rest) = ScriptSeries.split(trimmed)
    hasLabels = !head.isEmpty
    labels = try ScriptSeries.labels(head)
    points = try ScriptSeries.points(rest)
  }

  var hasHistograms: Bool { points.contains(.histogram) }

  func series(step: Int64) -> Series {
    var samples: [Sample] = []
    for (index, point) in points.enumerated() {
      if case .value(let value) = point { samples.append(Sample(time: Int64(index) * step, value: value)) }
    }
    return Series(labels: labels, samples: samples)
  }

  /// The series and its values; a line may be a value alone.
  private static func split(_ line: String) -> (head: String, rest: String) {
    guard let first = line.first, first == "{" || first == "_" || first == ":" || first.isLetter, !isValue(line) else { return ("", line) }
    var quote: Character?
    var isInside = false
    var previous: Character = " "
    for index in line.indices {
      let character = line[index]
      if let open = quote {
        if character == open && previous != "\\" { quote = nil }
      } else if character == "\"" || character == "'" || character == "`" {
        quote = character
      } else if character == "{" {
        isInside = true
      } else if character == "}" {
        return (String(line[...index]), String(line[line.index(after: index)...]))
      } else if character.isWhitespace && !isInside && !startsLabels(line[index...]) {
        return (String(line[..<index]), String(line[index...]))
      }
      previous = character == "\\" && previous == "\\" ? " " : character
    }
    return (line, "")
  }

  private static func startsLabels(_ rest: Substring) -> Bool {
    let trimmed = rest.trimmingPrefix(while: \.isWhitespace)
    return trimmed.hasPrefix("{") && !trimmed.hasPrefix("{{")
  }

  private static func isValue(_ line: String) -> Bool {
    ["Inf", "NaN", "_", "stale", "inf", "nan"].contains { line == $0 || line.hasPrefix($0 + " ") || line.hasPrefix($0 + "x") }
      || line.hasPrefix("{{")
  }

  private static func labels(_ head: String) throws -> Labels {
    let compact = head.filter { !$0.isWhitespace }
    if compact.isEmpty || compact == "{}" { return Labels() }
    let matchers = try Expression(parsing: head).selectors.first ?? []
    return Labels(matchers.map { ($0.name, $0.value) })
  }

  private static func points(_ text: String) throws -> [Point] {
    if text.contains("{{") { return [.histogram] }
    return try text.split(whereSeparator: \.isWhitespace).flatMap { try expanded(String($0)) }
  }

  /// `1`, `1x3`, `1+2x3`, `_x3`.
  private static func expanded(_ word: String) throws -> [Point] {
    // Most words are plain numbers, and the pattern below is slow.
    if let value = Double(word) { return [.value(value)] }
    let number = /[+-]?(?:Inf|inf|NaN|nan|[0-9.]+(?:[eE][+-]?[0-9]+)?)/
    guard let match = word.wholeMatch(of: /(_|stale|.+?)(?:x([0-9]+))?/) else { throw Malformed(text: word) }
    let times = match.2.flatMap { Int($0) }
    if match.1 == "_" { return Array(repeating: .gap, count: times ?? 1) }
    if match.1 == "stale" { return Array(repeating: .value(.staleMarker), count: (times ?? 0) + 1) }
    guard let head = match.1.prefixMatch(of: number), let start = Double(goNumber(head.0)) else { throw Malformed(text: word) }
    let slope = match.1[head.range.upperBound...]
    guard let step = slope.isEmpty ? 0 : Double(goNumber(slope)) else { throw Malformed(text: word) }
    var value = start
    return (0...(times ?? 0)).map { _ in
      defer { value += step }
      return .value(value)
    }
  }

  private static func goNumber(_ text: Substring) -> String {
    text.hasSuffix(".") ? text + "0" : (text.hasPrefix(".") ? "0" + text : String(text))
  }
}

extension String {
  func trimmingWhitespace() -> String {
    var rest = trimmingPrefix(while: \.isWhitespace)
    while let last = rest.last, last.isWhitespace { rest.removeLast() }
    return String(rest)
  }
}
