/// How a function computes; the engine does what all functions of a shape have in common, such as dropping the metric's name.
enum Implementation: Sendable {
  /// From the time of the evaluation, in milliseconds.
  case ofTime(@Sendable (Int64) -> Double)
  /// The same for a whole query.
  case ofQuery(@Sendable (borrowing Evaluator) -> Double)
  case ofScalars(@Sendable (Double, Double) -> Double)
  /// From the samples of one series in a range; nil leaves the series out.
  case ofWindow(Evaluator.WindowFunction)
  /// The same, and the value is of the same kind, so that the metric's name stays.
  case ofWindowKeepingName(Evaluator.WindowFunction)
  case ofElement(@Sendable (Double) -> Double)
  /// From an element's value and the scalar arguments after the vector; nil leaves the element out.
  case ofElementAndScalars(@Sendable (Double, [Double]) -> Double?)
  /// From seconds since 1970: those that an element's value says, or those of the evaluation.
  case ofDate(@Sendable (CivilTime) -> Double)
  case absent
  case absentOverTime
  case scalar
  case vector
  case timestamp
  case startTimestamp
  case sort(Order)
  case labelReplace
  case labelJoin
  case info
  case histogramQuantile
  case histogramQuantiles
  case histogramFraction
  /// Looks at native histograms, which this engine does not have.
  case ofHistograms

  enum Order: Sendable {
    case ascending
    case descending
    case byLabels(descending: Bool)
  }
}
