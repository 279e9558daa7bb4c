/// A part of an expression.
package struct Node: Sendable {
  package indirect enum Kind: Sendable {
    /// A duration is a number of seconds that prints as it was written.
    case number(Double, isDuration: Bool)
    case string(String)
    case vectorSelector(VectorSelector)
    case rangeSelector(RangeSelector)
    case subquery(Subquery)
    case parenthesis(Node)
    case sign(isNegative: Bool, Node)
    case binary(Binary)
    case aggregation(Aggregation)
    case call(Call)
  }

  package let kind: Kind
  /// UTF-8 bytes of the text.
  package let range: Range<Int>
  /// Levels from here to the deepest leaf: whatever walks the tree recurses this often.
  let height: Int
  package let type: ValueType

  init(_ kind: Kind, _ range: SourceRange) {
    self.kind = kind
    self.range = range
    height = 1 + (kind.children.map(\.height).max() ?? 0)
    type = kind.type
  }

  /// The node inside any parentheses.
  package var unwrapped: Node {
    if case .parenthesis(let inner) = kind { return inner.unwrapped }
    return self
  }

  /// Every selector, in the order of the text.
  var selectors: [VectorSelector] {
    switch kind {
    case .vectorSelector(let selector): [selector]
    case .rangeSelector(let range): [range.selector]
    default: kind.children.flatMap(\.selectors)
    }
  }

  /// The position of the node, for messages.
  var start: Int { range.lowerBound }
}

extension Node.Kind {
  package var children: [Node] {
    switch self {
    case .number, .string, .vectorSelector, .rangeSelector: []
    case .parenthesis(let inner), .sign(_, let inner): [inner]
    case .subquery(let subquery): [subquery.expression]
    case .binary(let binary): [binary.left, binary.right]
    case .aggregation(let aggregation): aggregation.parameter.map { [$0, aggregation.argument] } ?? [aggregation.argument]
    case .call(let call): call.arguments
    }
  }

  fileprivate var type: ValueType {
    switch self {
    case .number: .scalar
    case .string: .string
    case .vectorSelector, .aggregation: .vector
    case .rangeSelector, .subquery: .matrix
    case .parenthesis(let inner), .sign(_, let inner): inner.type
    case .binary(let binary): binary.left.type == .scalar && binary.right.type == .scalar ? .scalar : .vector
    case .call(let call): call.function.result
    }
  }
}

package struct VectorSelector: Sendable {
  /// The name in front of the braces.
  package let name: String?
  /// Those in the braces, then that of the name.
  package let matchers: [LabelMatcher]
  package var modifiers = TimeModifiers()
  package var extent: Extent?

  /// Which samples beyond the edges of a range count (Prometheus' extended range selectors).
  package enum Extent: String, Sendable {
    /// The last sample before the range stands at its start.
    case anchored
    /// The values at the edges are interpolated.
    case smoothed
  }
}

/// Other times than that of the evaluation.
package struct TimeModifiers: Sendable {
  package enum Instant: Sendable, Equatable {
    /// Milliseconds since 1970-01-01 UTC.
    case time(Int64)
    /// Of the query's range.
    case start
    case end
  }

  package var offset: Length?
  package var at: Instant?
}

package struct RangeSelector: Sendable {
  package var selector: VectorSelector
  package let length: Length
}

package struct Subquery: Sendable {
  package let expression: Node
  package let length: Length
  /// Nil: the evaluation's own.
  package let step: Length?
  package var modifiers = TimeModifiers()
}

package struct Binary: Sendable {
  package let operation: BinaryOperator
  /// Where the operator stands.
  let offset: Int
  package let left: Node
  package let right: Node
  package let returnsBool: Bool
  package let matching: VectorMatching
}

/// How the elements of two vectors find each other.
package struct VectorMatching: Sendable {
  package enum Cardinality: String, Sendable {
    case oneToOne = "one-to-one"
    /// group_left: several on the left may share one on the right.
    case manyToOne = "many-to-one"
    /// group_right.
    case oneToMany = "one-to-many"
  }

  package var isOn = false
  package var labels: [String] = []
  package var cardinality = Cardinality.oneToOne
  /// Labels that a result takes from the "one" side.
  package var included: [String] = []
  /// What stands in for an element that is missing on that side.
  package var leftFill: Double?
  package var rightFill: Double?
}

package struct Aggregation: Sendable {
  package let operation: AggregationOperator
  package let grouping: Grouping
  package let parameter: Node?
  package let argument: Node
}

package struct Grouping: Sendable {
  package var isWithout = false
  package var labels: [String] = []
}

package struct Call: Sendable {
  package let function: Function
  package let arguments: [Node]
}
