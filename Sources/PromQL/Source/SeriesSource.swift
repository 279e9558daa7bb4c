/// What a selector asks for.
public struct SeriesRequest: Sendable {
  /// A series is wanted when all of them accept it.
  public let matchers: [LabelMatcher]
  /// Samples of `after < time <= through` are wanted, in milliseconds.
  public let after: Int64
  public let through: Int64
  /// Whether only the latest of them will be looked at.
  public let latestOnly: Bool

  public init(matchers: [LabelMatcher], after: Int64, through: Int64, latestOnly: Bool = false) {
    self.matchers = matchers
    self.after = after
    self.through = through
    self.latestOnly = latestOnly
  }

  /// The metric's name, where the conditions leave one only.
  public var metricName: String? {
    matchers.first { $0.kind == .equal && $0.name == Labels.metricName && !$0.value.isEmpty }?.value
  }
}

/// Where an evaluation reads from.
public protocol SeriesSource: Sendable {
  /// Asked once for every selector of an expression. What it returns is read during the evaluation and must not change meanwhile.
  func select(_ request: SeriesRequest) throws -> any SeriesSelection
}

/// The series that a selector has found. No two of them have the same labels; those without a sample in the request's range may be among
/// them.
public protocol SeriesSelection {
  /// What the symbols of its labels stand for.
  var symbols: SymbolTexts { get }

  var count: Int { get }

  /// Appends the symbols of names and values, alternating, ascending by the bytes of the names, none with an empty value.
  func appendLabels(of index: Int, to labels: inout [Symbol])

  /// Appends the samples of a part of the request's range, `after < time <= through`, in ascending time, stale markers included; only the
  /// last of them where the request said that no other is looked at.
  func appendSamples(of index: Int, after: Int64, through: Int64, to samples: inout SampleBuffer) throws
}
