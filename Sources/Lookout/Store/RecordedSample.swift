import PromQL

/// A value of a series that a rule makes.
struct RecordedSample: Sendable {
  /// With the metric's name.
  let labels: Labels
  let value: Double
}
