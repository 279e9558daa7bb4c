internal import Glibc

extension BinaryOperator {
  /// The result for two numbers, and whether a comparison holds; what compares gives the left number.
  @inline(__always)
  func apply(_ left: Double, _ right: Double) -> (value: Double, holds: Bool) {
    switch self {
    case .add: (left + right, true)
    case .subtract: (left - right, true)
    case .multiply: (left * right, true)
    case .divide: (left / right, true)
    case .modulo: (fmod(left, right), true)
    case .power: (pow(left, right), true)
    case .arcTangent: (atan2(left, right), true)
    case .equal: (left, left == right)
    case .notEqual: (left, left != right)
    case .greater: (left, left > right)
    case .less: (left, left < right)
    case .greaterOrEqual: (left, left >= right)
    case .lessOrEqual: (left, left <= right)
    // The type check refuses these, and sets are no matter of numbers.
    case .trimUpper, .trimLower, .and, .or, .unless: (.nan, false)
    }
  }

  /// Comparisons give 1 or 0.
  func applyToScalars(_ left: Double, _ right: Double) -> Double {
    let result = apply(left, right)
    return isComparison ? (result.holds ? 1 : 0) : result.value
  }
}
