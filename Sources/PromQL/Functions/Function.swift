/// A function of the language.
struct Function: Sendable {
  enum Arity: Sendable {
    case exact
    /// The last parameter may be left out, or given up to so many times; nil: any number of times.
    case last(upTo: Int?)
  }

  let name: String
  let parameters: [ValueType]
  let arity: Arity
  let result: ValueType
  /// Nil for a function of the language that the engine does not evaluate.
  let implementation: Implementation?

  init(
    _ name: String, _ parameters: [ValueType], _ implementation: Implementation? = nil, arity: Arity = .exact,
    to result: ValueType = .vector
  ) {
    self.name = name
    self.parameters = parameters
    self.arity = arity
    self.result = result
    self.implementation = implementation
  }

  static func named(_ name: String) -> Function? { byName[name] }

  private static let byName = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
}

/// How a function computes; the engine does what all functions of a shape have in common, such as dropping the metric's name.
enum Implementation: Sendable {
  /// From the time of the evaluation, in milliseconds.
  case ofTime(@Sendable (Int64) -> Double)
  /// From the samples of one series; nil leaves the series out.
  case ofWindow(@Sendable (Window) -> Double?)
  /// From one element's value and the scalar arguments after the vector.
  case ofElement(@Sendable (Double, [Double]) -> Double)
  /// From the whole vector and the argument that gave it.
  case ofVector(@Sendable ([VectorElement], Node) -> [VectorElement])
  case vectorToScalar(@Sendable ([VectorElement]) -> Double)
  case scalarToVector(@Sendable (Double) -> [VectorElement])
}

/// The samples of one series in a range, `start < time <= end` in milliseconds, stale markers left out; never empty.
struct Window: Sendable {
  let samples: [Sample]
  let start: Int64
  let end: Int64
  /// The range as written, in seconds.
  let seconds: Double
}
