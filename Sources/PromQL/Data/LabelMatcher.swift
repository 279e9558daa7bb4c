/// One condition on a label; a label that is not there counts as an empty value.
public struct LabelMatcher: Sendable {
  public enum Kind: String, Sendable {
    case equal = "="
    case notEqual = "!="
    case matches = "=~"
    case matchesNot = "!~"
  }

  public let name: String
  public let kind: Kind
  public let value: String
  private let pattern: Pattern?

  /// Throws for a regular expression that does not compile, or that needs too much memory; the error describes itself.
  public init(_ name: String, _ kind: Kind, _ value: String) throws {
    try self.init(checking: name, kind, value)
  }

  init(checking name: String, _ kind: Kind, _ value: String) throws(PatternError) {
    self.name = name
    self.kind = kind
    self.value = value
    switch kind {
    case .equal, .notEqual: pattern = nil
    case .matches, .matchesNot: pattern = try Pattern(value, anchored: true)
    }
  }

  /// Cannot fail, unlike the general case.
  init(_ name: String, equals value: String) {
    self.name = name
    kind = .equal
    self.value = value
    pattern = nil
  }

  init(metricName: String) {
    name = Labels.metricName
    kind = .equal
    value = metricName
    pattern = nil
  }

  public func matches(_ labels: Labels) -> Bool {
    matches(value: labels[name] ?? "")
  }

  func matches(value candidate: String) -> Bool {
    switch kind {
    case .equal: candidate.hasSameBytes(as: value)
    case .notEqual: !candidate.hasSameBytes(as: value)
    case .matches: pattern?.matches(candidate) ?? false
    case .matchesNot: !(pattern?.matches(candidate) ?? false)
    }
  }
}

extension LabelMatcher: CustomStringConvertible {
  public var description: String { "\(quotedUnlessPlainLabelName(name))\(kind.rawValue)\(quoted(value))" }
}
