import PromQL

/// One condition on a label of an alert, as Alertmanager has them; a label that is not there counts as an empty value.
struct Matcher: Sendable {
  typealias Kind = LabelMatcher.Kind

  let name: String
  let kind: Kind
  let value: String
  private let pattern: Pattern?

  /// Throws for a regular expression that does not compile.
  init(_ name: String, _ kind: Kind, _ value: String) throws(PatternError) {
    self.name = name
    self.kind = kind
    self.value = value
    switch kind {
    case .equal, .notEqual: pattern = nil
    // Here `.` matches no line feed, unlike in Prometheus (pkg/labels/matcher.go).
    case .matches, .matchesNot: pattern = try Pattern("(?-s:\(value))", anchored: true)
    }
  }

  func matches(_ labels: [String: String]) -> Bool {
    let candidate = labels[name] ?? ""
    switch kind {
    case .equal: return candidate.utf8.elementsEqual(value.utf8)
    case .notEqual: return !candidate.utf8.elementsEqual(value.utf8)
    case .matches: return pattern?.matches(candidate) ?? false
    case .matchesNot: return !(pattern?.matches(candidate) ?? false)
    }
  }

  /// The order in which Alertmanager writes them into the key of a route: by name, value, kind.
  static func precedes(_ left: Matcher, _ right: Matcher) -> Bool {
    if !left.name.utf8.elementsEqual(right.name.utf8) { return left.name.utf8.lexicographicallyPrecedes(right.name.utf8) }
    if !left.value.utf8.elementsEqual(right.value.utf8) { return left.value.utf8.lexicographicallyPrecedes(right.value.utf8) }
    return left.rank < right.rank
  }

  private var rank: Int {
    switch kind {
    case .equal: 0
    case .notEqual: 1
    case .matches: 2
    case .matchesNot: 3
    }
  }
}

extension Matcher: Equatable {
  static func == (left: Matcher, right: Matcher) -> Bool {
    left.kind == right.kind && left.name.utf8.elementsEqual(right.name.utf8) && left.value.utf8.elementsEqual(right.value.utf8)
  }
}

extension Matcher: CustomStringConvertible {
  /// As Alertmanager writes it: `severity=~"critical|warning"`, the name in quotes where it holds what the syntax reserves.
  var description: String {
    let isPlain = !name.unicodeScalars.contains(where: MatcherSyntax.isReserved)
    return "\(isPlain ? name : Self.quoted(name))\(kind.rawValue)\(Self.quoted(value))"
  }

  /// OpenMetrics' escapes.
  private static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n").replacing("\"", with: "\\\"") + "\""
  }
}

extension [Matcher] {
  func matches(_ labels: [String: String]) -> Bool { allSatisfy { $0.matches(labels) } }

  /// `{alertname="Down",severity!="info"}`
  var written: String { "{\(map(\.description).joined(separator: ","))}" }
}
