/// A metric family: what `/metrics` says about a name, and what rules may rely on.
struct Metric: Hashable, Sendable {
  /// Prometheus' types; `unknown` is for borrowed names whose own type breaks promtool's lint (`untyped` in the text format).
  enum Kind: String, Sendable {
    case counter, gauge, histogram, unknown
  }

  let name: String
  let kind: Kind
  let help: String
}

/// One value of a metric, as a look saw it.
struct MetricSample: Sendable {
  let metric: Metric
  /// `_bucket`, `_sum` or `_count` within a histogram, else empty.
  var suffix = ""
  var labels: [String: String]
  var value: Double
}

extension Metric {
  func sample(_ labels: [String: String], _ value: Double) -> MetricSample {
    MetricSample(metric: self, labels: labels, value: value)
  }
}
