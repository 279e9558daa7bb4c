import PromQL

/// A series that has a value now, as `/metrics` shows it.
struct LiveSeries: Sendable {
  let metric: Metric
  /// With the metric's full name (suffix included) as `__name__`.
  let labels: Labels
  let value: Double
}
