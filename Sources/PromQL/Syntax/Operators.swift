package enum BinaryOperator: String, Sendable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case modulo = "%"
  case power = "^"
  case arcTangent = "atan2"
  case equal = "=="
  case notEqual = "!="
  case greater = ">"
  case less = "<"
  case greaterOrEqual = ">="
  case lessOrEqual = "<="
  case trimUpper = "</"
  case trimLower = ">/"
  case and
  case or
  case unless

  /// Higher binds tighter (promql/parser/generated_parser.y); a sign binds like a product.
  var precedence: Int {
    switch self {
    case .or: 1
    case .and, .unless: 2
    case .equal, .notEqual, .greater, .less, .greaterOrEqual, .lessOrEqual, .trimUpper, .trimLower: 3
    case .add, .subtract: 4
    case .multiply, .divide, .modulo, .arcTangent: 5
    case .power: 6
    }
  }

  var isRightAssociative: Bool { self == .power }

  var isSet: Bool { [.and, .or, .unless].contains(self) }

  var isComparison: Bool { [.equal, .notEqual, .greater, .less, .greaterOrEqual, .lessOrEqual].contains(self) }

  /// Whether it cuts native histograms, which this engine does not have.
  var isForHistograms: Bool { [.trimUpper, .trimLower].contains(self) }

  var isLengthArithmetic: Bool { [.add, .subtract, .multiply, .divide, .modulo, .power].contains(self) }

  /// Whether the result is no longer what the metric's name says.
  var changesMeaning: Bool { isLengthArithmetic || self == .arcTangent }
}

package enum AggregationOperator: String, CaseIterable, Sendable {
  case sum, avg, count, min, max, group, stddev, stdvar, topk, bottomk, quantile, limitk
  case countValues = "count_values"
  case limitRatio = "limit_ratio"

  var isExperimental: Bool { self == .limitk || self == .limitRatio }

  /// The type of the argument before the vector, where there is one.
  var parameter: ValueType? {
    switch self {
    case .topk, .bottomk, .quantile, .limitk, .limitRatio: .scalar
    case .countValues: .string
    default: nil
    }
  }
}

/// What an expression evaluates to.
public enum ValueType: String, Sendable {
  case scalar
  case vector
  case matrix
  case string

  /// The name in Prometheus' documentation and messages.
  package var documentedName: String {
    switch self {
    case .scalar: "scalar"
    case .vector: "instant vector"
    case .matrix: "range vector"
    case .string: "string"
    }
  }
}
