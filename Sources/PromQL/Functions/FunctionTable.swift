internal import Glibc

extension Function {
  /// Every function of Prometheus 3.14 (promql/parser/functions.go).
  static let all: [Function] = overTime + elementwise + trigonometric + calendar + shaping + scalars + histograms

  private static let overTime: [Function] = [
    Function("absent_over_time", [.matrix], .absentOverTime),
    Function("avg_over_time", [.matrix], .ofWindow(average)),
    Function("changes", [.matrix], .ofWindow(changes)),
    Function("count_over_time", [.matrix], .ofWindow { Double($0.samples.count) }),
    Function("delta", [.matrix], .ofWindow { $0.extrapolatedGain(isCounter: false) }),
    Function("deriv", [.matrix], .ofWindow(derivative)),
    Function(
      "double_exponential_smoothing", [.matrix, .scalar, .scalar], .ofWindow(doubleExponentialSmoothing), isExperimental: true),
    Function("first_over_time", [.matrix], .ofWindowKeepingName { $0.first.value }),
    Function("idelta", [.matrix], .ofWindow { $0.instantGain(isRate: false) }),
    Function("increase", [.matrix], .ofWindow { $0.extrapolatedGain(isCounter: true) }),
    Function("irate", [.matrix], .ofWindow { $0.instantGain(isRate: true) }),
    Function("last_over_time", [.matrix], .ofWindowKeepingName { $0.last.value }),
    Function("mad_over_time", [.matrix], .ofWindow(medianAbsoluteDeviation), isExperimental: true),
    Function("max_over_time", [.matrix], .ofWindow { $0.extreme { $0 > $1 }.value }),
    Function("min_over_time", [.matrix], .ofWindow { $0.extreme { $0 < $1 }.value }),
    Function("predict_linear", [.matrix, .scalar], .ofWindow(linearPrediction)),
    Function("present_over_time", [.matrix], .ofWindow { _ in 1 }),
    Function("quantile_over_time", [.scalar, .matrix], .ofWindow { quantile($0.parameters.0, of: $0.samples.map(\.value)) }),
    Function("rate", [.matrix], .ofWindow { $0.extrapolatedGain(isCounter: true, isRate: true) }),
    Function("resets", [.matrix], .ofWindow(resets)),
    Function("stddev_over_time", [.matrix], .ofWindow { variance(of: $0).squareRoot() }),
    Function("stdvar_over_time", [.matrix], .ofWindow(variance)),
    Function("sum_over_time", [.matrix], .ofWindow(sum)),
    Function("ts_of_first_over_time", [.matrix], .ofWindow { seconds($0.first.time) }, isExperimental: true),
    Function("ts_of_last_over_time", [.matrix], .ofWindow { seconds($0.last.time) }, isExperimental: true),
    Function("ts_of_max_over_time", [.matrix], .ofWindow { seconds($0.extreme { $0 >= $1 }.time) }, isExperimental: true),
    Function("ts_of_min_over_time", [.matrix], .ofWindow { seconds($0.extreme { $0 <= $1 }.time) }, isExperimental: true),
  ]

  private static let elementwise: [Function] = [
    Function("abs", [.vector], .ofElement { $0.magnitude }),
    Function("ceil", [.vector], .ofElement { $0.rounded(.up) }),
    Function("clamp", [.vector, .scalar, .scalar], .ofElementAndScalars { clamped($0, $1[0], $1[1]) }),
    Function("clamp_max", [.vector, .scalar], .ofElementAndScalars { clamped($0, -.infinity, $1[0]) }),
    Function("clamp_min", [.vector, .scalar], .ofElementAndScalars { clamped($0, $1[0], .infinity) }),
    Function("exp", [.vector], .ofElement(exponential)),
    Function("floor", [.vector], .ofElement { $0.rounded(.down) }),
    Function("ln", [.vector], .ofElement { log($0) }),
    Function("log10", [.vector], .ofElement { log10($0) }),
    Function("log2", [.vector], .ofElement { log2($0) }),
    Function("round", [.vector, .scalar], .ofElementAndScalars { rounded($0, to: $1.first ?? 1) }, arity: .last(upTo: 1)),
    Function("sgn", [.vector], .ofElement { $0 < 0 ? -1 : $0 > 0 ? 1 : $0 }),
    Function("sqrt", [.vector], .ofElement { $0.squareRoot() }),
  ]

  private static let trigonometric: [Function] = [
    Function("acos", [.vector], .ofElement { acos($0) }), Function("acosh", [.vector], .ofElement { acosh($0) }),
    Function("asin", [.vector], .ofElement { asin($0) }), Function("asinh", [.vector], .ofElement { asinh($0) }),
    Function("atan", [.vector], .ofElement { atan($0) }), Function("atanh", [.vector], .ofElement { atanh($0) }),
    Function("cos", [.vector], .ofElement { cos($0) }), Function("cosh", [.vector], .ofElement(hyperbolicCosine)),
    Function("deg", [.vector], .ofElement { $0 * 180 / .pi }), Function("rad", [.vector], .ofElement { $0 * .pi / 180 }),
    Function("sin", [.vector], .ofElement { sin($0) }), Function("sinh", [.vector], .ofElement(hyperbolicSine)),
    Function("tan", [.vector], .ofElement { tan($0) }), Function("tanh", [.vector], .ofElement { tanh($0) }),
  ]

  private static func ofDate(_ name: String, _ compute: @escaping @Sendable (CivilTime) -> Double) -> Function {
    Function(name, [.vector], .ofDate(compute), arity: .last(upTo: 1))
  }

  private static let calendar: [Function] = [
    ofDate("day_of_month") { Double($0.day) }, ofDate("day_of_week") { Double($0.weekday) },
    ofDate("day_of_year") { Double($0.dayOfYear) }, ofDate("days_in_month") { Double($0.daysInMonth) },
    ofDate("hour") { Double($0.hour) }, ofDate("minute") { Double($0.minute) }, ofDate("month") { Double($0.month) },
    ofDate("year") { Double($0.year) },
  ]

  private static let shaping: [Function] = [
    Function("absent", [.vector], .absent),
    Function("info", [.vector, .vector], .info, arity: .last(upTo: 1), isExperimental: true),
    Function("label_join", [.vector, .string, .string, .string], .labelJoin, arity: .last(upTo: nil)),
    Function("label_replace", [.vector, .string, .string, .string, .string], .labelReplace),
    Function("sort", [.vector], .sort(.ascending)),
    Function("sort_by_label", [.vector, .string], .sort(.byLabels(descending: false)), arity: .last(upTo: nil), isExperimental: true),
    Function(
      "sort_by_label_desc", [.vector, .string], .sort(.byLabels(descending: true)), arity: .last(upTo: nil), isExperimental: true),
    Function("sort_desc", [.vector], .sort(.descending)),
    Function("start_timestamp", [.vector], .startTimestamp, isExperimental: true),
    Function("timestamp", [.vector], .timestamp),
    Function("vector", [.scalar], .vector),
  ]

  private static let scalars: [Function] = [
    Function("end", [], .ofQuery { seconds($0.queryEnd) }, to: .scalar, isExperimental: true),
    Function("max_of", [.scalar, .scalar], .ofScalars(higher), to: .scalar, isExperimental: true),
    Function("min_of", [.scalar, .scalar], .ofScalars(lower), to: .scalar, isExperimental: true),
    Function("pi", [], .ofQuery { _ in .pi }, to: .scalar),
    Function("range", [], .ofQuery { $0.times.range }, to: .scalar, isExperimental: true),
    Function("scalar", [.vector], .scalar, to: .scalar),
    Function("start", [], .ofQuery { seconds($0.query.start) }, to: .scalar, isExperimental: true),
    Function("step", [], .ofQuery { $0.times.step }, to: .scalar, isExperimental: true),
    Function("time", [], .ofTime(seconds), to: .scalar),
  ]

  private static let histograms: [Function] =
    ["histogram_avg", "histogram_count", "histogram_stddev", "histogram_stdvar", "histogram_sum"].map {
      Function($0, [.vector], .ofHistograms)
    } + [
      Function("histogram_fraction", [.scalar, .scalar, .vector], .histogramFraction),
      Function("histogram_quantile", [.scalar, .vector], .histogramQuantile),
      Function(
        "histogram_quantiles", [.vector, .string, .scalar, .scalar], .histogramQuantiles, arity: .last(upTo: 9), isExperimental: true),
    ]
}

/// Of milliseconds.
private func seconds(_ milliseconds: Int64) -> Double { Double(milliseconds) / 1000 }

private func clamped(_ value: Double, _ least: Double, _ most: Double) -> Double? {
  most < least ? nil : higher(least, lower(most, value))
}

/// Ties go up. Dividing by the inverse is more exact than multiplying (promql/functions.go, funcRound).
private func rounded(_ value: Double, to nearest: Double) -> Double {
  let inverse = 1 / nearest
  return (value * inverse + 0.5).rounded(.down) / inverse
}
