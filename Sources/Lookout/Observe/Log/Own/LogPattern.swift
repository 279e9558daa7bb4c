/// A pattern of the configuration's own, and the metric that it feeds.
struct LogPattern: Sendable, Equatable {
  let metric: Metric
  /// RE2; looked for in whole records, the lines that continue them too.
  let text: String
  /// Named groups whose words are labels.
  let labels: [String]
  /// The named group that holds the number; nil counts matches.
  let value: String?
  /// Upper bounds of a histogram.
  let buckets: [Double]

  static let usualBuckets: [Double] = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30]
}
