/// A PromQL expression that has been read and checked: evaluating it can fail on data and limits only.
public struct Expression: Sendable {
  /// As given.
  public let text: String
  package let root: Node

  /// Throws for what is no PromQL, and for PromQL that the engine does not evaluate (`PromQLError.Kind.unsupported`).
  public init(parsing text: String, features: Features = .standard) throws(PromQLError) {
    try self.init(text, Array(text.utf8), features)
  }

  /// As the other, from bytes that need not be UTF-8; what they hold beyond that is an error where it stands in a string.
  public init(parsing bytes: [UInt8], features: Features = .standard) throws(PromQLError) {
    try self.init(String(decoding: bytes, as: UTF8.self), bytes, features)
  }

  private init(_ text: String, _ bytes: [UInt8], _ features: Features) throws(PromQLError) {
    self.text = text
    do throws(Refusal) {
      var parser = try Parser(bytes, features: features)
      root = try parser.parse()
      try TypeCheck.check(root)
    } catch {
      throw PromQLError(error.kind, error.message, at: error.offset, in: bytes)
    }
  }

  init(root: Node) {
    self.root = root
    text = root.description
  }

  public var type: ValueType { root.type }

  /// The conditions of every selector, in the order of the text, a metric's name as a condition on `__name__`.
  public var selectors: [[LabelMatcher]] { root.selectors.map(\.matchers) }

  /// How far before an evaluation it looks, in milliseconds: its longest range with the offsets and subqueries around it; 0 where it has
  /// none. What an instant selector looks back by itself is not in it, nor are the fixed times of `@`.
  public var longestRange: Int64 { max(0, root.reach) }

  /// The form in which Prometheus' interface shows long expressions: over several lines, indented.
  public var pretty: String { root.pretty(level: 0) }
}

extension Expression: CustomStringConvertible {
  /// The canonical form, as Prometheus prints it; reading it again gives the same expression.
  public var description: String { root.description }
}

extension Node {
  /// Milliseconds before the evaluation that the earliest sample may lie.
  fileprivate var reach: Int64 {
    switch kind {
    case .vectorSelector(let selector): selector.modifiers.reach
    case .rangeSelector(let range): range.selector.modifiers.reach + range.length.plainMilliseconds
    case .subquery(let subquery): subquery.modifiers.reach + subquery.length.plainMilliseconds + max(0, subquery.expression.reach)
    default: kind.children.map(\.reach).max() ?? 0
    }
  }
}

extension TimeModifiers {
  fileprivate var reach: Int64 { offset?.plainMilliseconds ?? 0 }
}

extension Length {
  /// As in an instant query.
  fileprivate var plainMilliseconds: Int64 {
    (try? milliseconds(QueryTimes(step: 0, range: 0), allowsNegative: true)) ?? 0
  }
}
