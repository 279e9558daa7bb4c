import OdooLog
import PromQL

/// What the configuration's own patterns have counted. Bounded: of each pattern there is a limited number of series, and one for the rest.
struct PatternCounts: RecordReader {
  static let mostSeries = 100
  static let longestLabel = 128

  struct Series: Sendable, Codable, Equatable {
    /// In the order of the pattern's labels.
    let labels: [String]
    /// The sum, or the latest value of a gauge.
    var value = 0.0
    var count: UInt64 = 0
    /// Each of its own bucket alone; one more than there are bounds.
    var buckets: [UInt64] = []
  }

  fileprivate struct Row: Sendable {
    let pattern: LogPattern
    let expression: Pattern
    let labelGroups: [Int]
    let valueGroup: Int?
    var series: [Series] = []
  }

  private var rows: [Row]
  private let set: PatternSet
  /// Records that could not be matched, for that would have taken too much memory, and values that are no numbers.
  private(set) var failures: UInt64 = 0

  /// Throws `PatternError`.
  init(_ patterns: [LogPattern]) throws(PatternError) {
    set = try PatternSet(patterns.map(\.text))
    var rows: [Row] = []
    for pattern in patterns {
      let expression = try Pattern(pattern.text, anchored: false)
      let groups = expression.groupNames
      rows.append(
        Row(
          pattern: pattern, expression: expression, labelGroups: pattern.labels.compactMap { groups[$0] },
          valueGroup: pattern.value.flatMap { groups[$0] }))
    }
    self.rows = rows
    // Without labels the series is there before the first match: a counter that is born at 1 has not increased.
    for index in self.rows.indices where self.rows[index].pattern.labels.isEmpty && self.rows[index].pattern.metric.kind == .counter {
      self.rows[index].series = [Series(labels: [])]
    }
  }

  mutating func read(_ record: RawSpan) {
    guard let matching = set.matches(in: record) else { return failures &+= 1 }
    for number in matching { rows[number].take(record, &failures) }
  }

  var samples: [MetricSample] { rows.flatMap(\.samples) }
}

/// What is kept over restarts, by the metric's name: another pattern for the same metric goes on with its counts.
extension PatternCounts {
  typealias Kept = [String: [Series]]

  var kept: Kept { Dictionary(rows.map { ($0.pattern.metric.name, $0.series) }) { first, _ in first } }

  mutating func goOn(with kept: Kept) {
    for index in rows.indices {
      let pattern = rows[index].pattern
      let fitting = kept[pattern.metric.name]?.filter {
        $0.labels.count == pattern.labels.count && ($0.buckets.isEmpty || $0.buckets.count == pattern.buckets.count + 1)
      }
      if let fitting, !fitting.isEmpty { rows[index].series = Array(fitting.prefix(Self.mostSeries + 1)) }
    }
  }
}

extension PatternCounts.Row {
  fileprivate mutating func take(_ record: RawSpan, _ failures: inout UInt64) {
    guard let groups = expression.groups(in: record) else { return }
    var value = 1.0
    if let valueGroup {
      guard let range = groups[valueGroup], let number = Double(record.text(range)), number.isFinite,
        pattern.metric.kind != .counter || number >= 0
      else { return failures &+= 1 }
      value = number
    }
    add(value, to: labelGroups.map { groups[$0].map { record.label($0) } ?? "" })
  }

  private mutating func add(_ value: Double, to labels: [String]) {
    let index = place(of: labels)
    switch pattern.metric.kind {
    case .gauge: series[index].value = value
    case .histogram:
      series[index].value += value
      if series[index].buckets.isEmpty { series[index].buckets = Array(repeating: 0, count: pattern.buckets.count + 1) }
      let bucket = pattern.buckets.firstIndex { value <= $0 } ?? pattern.buckets.count
      series[index].buckets[bucket] &+= 1
    default: series[index].value += value
    }
    series[index].count &+= 1
  }

  private mutating func place(of labels: [String]) -> Int {
    if let known = series.firstIndex(where: { $0.labels == labels }) { return known }
    if series.count >= PatternCounts.mostSeries {
      let others = labels.map { _ in "other" }
      if labels != others { return place(ofOthers: others) }
    }
    series.append(PatternCounts.Series(labels: labels))
    return series.count - 1
  }

  private mutating func place(ofOthers labels: [String]) -> Int {
    if let known = series.firstIndex(where: { $0.labels == labels }) { return known }
    series.append(PatternCounts.Series(labels: labels))
    return series.count - 1
  }

  fileprivate var samples: [MetricSample] {
    series.flatMap { one -> [MetricSample] in
      let labels = Dictionary(zip(pattern.labels, one.labels)) { first, _ in first }
      guard pattern.metric.kind == .histogram else { return [pattern.metric.sample(labels, one.value)] }
      return histogram(one, labels)
    }
  }

  private func histogram(_ one: PatternCounts.Series, _ labels: [String: String]) -> [MetricSample] {
    var total: UInt64 = 0
    let bounds = pattern.buckets.map { "\($0)" } + ["+Inf"]
    let buckets = zip(bounds, one.buckets).map { bound, count in
      total += count
      let bounded = labels.merging(["le": bound]) { _, le in le }
      return MetricSample(metric: pattern.metric, suffix: "_bucket", labels: bounded, value: Double(total))
    }
    return buckets + [
      MetricSample(metric: pattern.metric, suffix: "_sum", labels: labels, value: one.value),
      MetricSample(metric: pattern.metric, suffix: "_count", labels: labels, value: Double(one.count)),
    ]
  }
}

extension RawSpan {
  fileprivate func text(_ range: Range<Int>) -> String {
    extracting(range).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
  }

  /// On one line and not long.
  fileprivate func label(_ range: Range<Int>) -> String {
    let short = range.lowerBound..<Swift.min(range.upperBound, range.lowerBound + PatternCounts.longestLabel)
    return String(text(short).unicodeScalars.map { $0.value < 0x20 || 0x7F...0x9F ~= $0.value ? " " : Character($0) })
  }
}
