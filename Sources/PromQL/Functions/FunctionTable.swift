extension Function {
  /// Every function of Prometheus 3.14 (promql/parser/functions.go), so that each is known by name and signature.
  static let all: [Function] = evaluated + windowed + elementwise + calendar + reshaping + histograms + experimental

  private static let evaluated: [Function] = [
    Function("abs", [.vector], .ofElement { value, _ in value.magnitude }),
    Function("absent", [.vector], .ofVector(absent)),
    Function("avg_over_time", [.matrix], .ofWindow { $0.samples.map(\.value).mean }),
    Function("changes", [.matrix], .ofWindow(changes)),
    Function("clamp_max", [.vector, .scalar], .ofElement { value, limits in lower(value, limits.first ?? .nan) }),
    Function("clamp_min", [.vector, .scalar], .ofElement { value, limits in higher(value, limits.first ?? .nan) }),
    Function("count_over_time", [.matrix], .ofWindow { Double($0.samples.count) }),
    Function("increase", [.matrix], .ofWindow { $0.increase }),
    Function("max_over_time", [.matrix], .ofWindow { $0.samples.map(\.value).maximum }),
    Function("min_over_time", [.matrix], .ofWindow { $0.samples.map(\.value).minimum }),
    Function("rate", [.matrix], .ofWindow { window in window.increase.map { $0 / window.seconds } }),
    Function("scalar", [.vector], .vectorToScalar { $0.count == 1 ? $0[0].value : .nan }, to: .scalar),
    Function("sum_over_time", [.matrix], .ofWindow { $0.samples.map(\.value).compensatedSum }),
    Function("time", [], .ofTime { Double($0) / 1000 }, to: .scalar),
    Function("vector", [.scalar], .scalarToVector { [VectorElement(labels: Labels(), value: $0)] }),
  ]

  private static let windowed: [Function] =
    [
      "absent_over_time", "delta", "deriv", "first_over_time", "idelta", "irate", "last_over_time", "present_over_time", "resets",
      "stddev_over_time", "stdvar_over_time",
    ].map { Function($0, [.matrix]) } + [
      Function("predict_linear", [.matrix, .scalar]),
      Function("quantile_over_time", [.scalar, .matrix]),
    ]

  private static let elementwise: [Function] =
    [
      "acos", "acosh", "asin", "asinh", "atan", "atanh", "ceil", "cos", "cosh", "deg", "exp", "floor", "ln", "log10", "log2", "rad",
      "sgn", "sin", "sinh", "sqrt", "tan", "tanh", "timestamp",
    ].map { Function($0, [.vector]) } + [
      Function("clamp", [.vector, .scalar, .scalar]),
      Function("pi", [], to: .scalar),
      Function("round", [.vector, .scalar], arity: .last(upTo: 1)),
    ]

  private static let calendar: [Function] = [
    "day_of_month", "day_of_week", "day_of_year", "days_in_month", "hour", "minute", "month", "year",
  ].map { Function($0, [.vector], arity: .last(upTo: 1)) }

  private static let reshaping: [Function] = [
    Function("label_join", [.vector, .string, .string, .string], arity: .last(upTo: nil)),
    Function("label_replace", [.vector, .string, .string, .string, .string]),
    Function("sort", [.vector]),
    Function("sort_desc", [.vector]),
  ]

  private static let histograms: [Function] =
    ["histogram_avg", "histogram_count", "histogram_stddev", "histogram_stdvar", "histogram_sum"].map { Function($0, [.vector]) } + [
      Function("histogram_fraction", [.scalar, .scalar, .vector]),
      Function("histogram_quantile", [.scalar, .vector]),
    ]

  private static let experimental: [Function] =
    ["mad_over_time", "ts_of_first_over_time", "ts_of_last_over_time", "ts_of_max_over_time", "ts_of_min_over_time"].map {
      Function($0, [.matrix])
    } + ["end", "range", "start", "step"].map { Function($0, [], to: .scalar) } + [
      Function("double_exponential_smoothing", [.matrix, .scalar, .scalar]),
      Function("histogram_quantiles", [.vector, .string, .scalar, .scalar], arity: .last(upTo: 9)),
      Function("info", [.vector, .vector], arity: .last(upTo: 1)),
      Function("max_of", [.scalar, .scalar], to: .scalar),
      Function("min_of", [.scalar, .scalar], to: .scalar),
      Function("sort_by_label", [.vector, .string], arity: .last(upTo: nil)),
      Function("sort_by_label_desc", [.vector, .string], arity: .last(upTo: nil)),
      Function("start_timestamp", [.vector]),
    ]
}
