/// A PromQL expression that has been read and checked: evaluating it can fail on data and limits only.
public struct Expression: Sendable {
  /// As given.
  public let text: String
  let root: Node

  /// Throws for what is no PromQL, and for PromQL that the engine does not evaluate (`PromQLError.Kind.unsupported`).
  public init(parsing text: String) throws(PromQLError) {
    self.text = text
    let bytes = Array(text.utf8)
    do throws(Refusal) {
      var parser = try Parser(bytes)
      root = try parser.parse()
      try TypeCheck.check(root)
    } catch {
      throw PromQLError(error.kind, error.message, at: error.offset, in: bytes)
    }
  }

  public var type: ValueType { root.type }

  /// The conditions of every selector, in the order of the text, a metric's name as a condition on `__name__`.
  public var selectors: [[LabelMatcher]] { root.selectors.map(\.matchers) }

  /// The longest range in it, in milliseconds; 0 where it has none.
  public var longestRange: Int64 { root.longestRange }
}

extension Expression: CustomStringConvertible {
  /// The canonical form, as Prometheus prints it; reading it again gives the same expression.
  public var description: String { root.description }
}
