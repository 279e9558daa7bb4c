/// A part of an expression.
struct Node: Sendable {
  indirect enum Kind: Sendable {
    /// A duration is a number of seconds that prints as it was written.
    case number(Double, isDuration: Bool)
    case string(String)
    case vectorSelector(VectorSelector)
    case rangeSelector(RangeSelector)
    case parenthesis(Node)
    case sign(isNegative: Bool, Node)
    case binary(Binary)
    case aggregation(Aggregation)
    case call(Call)
  }

  let kind: Kind
  let range: SourceRange
  /// Levels from here to the deepest leaf: whatever walks the tree recurses this often.
  let height: Int
  let type: ValueType

  init(_ kind: Kind, _ range: SourceRange) {
    self.kind = kind
    self.range = range
    height = 1 + (kind.children.map(\.height).max() ?? 0)
    type = kind.type
  }

  /// The node inside any parentheses.
  var unwrapped: Node {
    if case .parenthesis(let inner) = kind { return inner.unwrapped }
    return self
  }

  /// In milliseconds; 0 without a range.
  var longestRange: Int64 {
    if case .rangeSelector(let range) = kind { return range.milliseconds }
    return kind.children.map(\.longestRange).max() ?? 0
  }

  /// Every selector, in the order of the text.
  var selectors: [VectorSelector] {
    switch kind {
    case .vectorSelector(let selector): [selector]
    case .rangeSelector(let range): [range.selector]
    default: kind.children.flatMap(\.selectors)
    }
  }
}

extension Node.Kind {
  var children: [Node] {
    switch self {
    case .number, .string, .vectorSelector, .rangeSelector: []
    case .parenthesis(let inner), .sign(_, let inner): [inner]
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
    case .rangeSelector: .matrix
    case .parenthesis(let inner), .sign(_, let inner): inner.type
    case .binary(let binary): binary.left.type == .scalar && binary.right.type == .scalar ? .scalar : .vector
    case .call(let call): call.function.result
    }
  }
}

struct VectorSelector: Sendable {
  /// The name in front of the braces.
  let name: String?
  /// Those in the braces, then that of the name.
  let matchers: [LabelMatcher]
}

struct RangeSelector: Sendable {
  let selector: VectorSelector
  let nanoseconds: Int64

  var milliseconds: Int64 { nanoseconds / 1_000_000 }
}

struct Binary: Sendable {
  let operation: BinaryOperator
  /// Where the operator stands.
  let offset: Int
  let left: Node
  let right: Node
  let returnsBool: Bool
  let matching: VectorMatching
}

/// How the elements of two vectors find each other.
struct VectorMatching: Sendable {
  enum Cardinality: Sendable {
    case oneToOne
    /// group_left: several on the left may share one on the right.
    case manyToOne
    /// group_right.
    case oneToMany
  }

  var isOn = false
  var labels: [String] = []
  var cardinality = Cardinality.oneToOne
  /// Labels that a result takes from the "one" side.
  var included: [String] = []
}

struct Aggregation: Sendable {
  let operation: AggregationOperator
  let grouping: Grouping
  let parameter: Node?
  let argument: Node
}

struct Grouping: Sendable {
  var isWithout = false
  var labels: [String] = []
}

struct Call: Sendable {
  let function: Function
  let arguments: [Node]
}
