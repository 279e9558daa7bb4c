import PromQL

/// One line of a family, in the order in which lines come: by labels; within a histogram buckets by bound, then sum and count.
struct MetricsRow: Comparable {
  private enum Part: Int {
    case plain, bucket, sum, count

    var suffix: String {
      switch self {
      case .plain: ""
      case .bucket: "_bucket"
      case .sum: "_sum"
      case .count: "_count"
      }
    }
  }

  private let part: Part
  /// As written, without braces and `le`.
  private let labels: [UInt8]
  /// The label `le` and its number; infinity elsewhere.
  private let bound: (text: String, number: Double)
  private let value: Double

  /// Nil for what would spoil a whole scrape: a series that is none of its family, and names that are none.
  init?(_ series: LiveSeries, of family: String) {
    guard let part = Self.part(of: series, in: family) else { return nil }
    var (labels, bound): ([UInt8], String?) = ([], nil)
    labels.reserveCapacity(128)
    for label in series.labels.pairs where label.name != Labels.metricName {
      if part == .bucket, label.name == "le" {
        bound = label.value
        continue
      }
      guard MetricsText.isName(label.name, colons: false) else { return nil }
      Self.write(label: label.name, label.value, to: &labels)
    }
    guard part != .bucket || bound != nil else { return nil }
    self.part = part
    self.labels = labels
    self.bound = (bound ?? "", bound.flatMap(Double.init).flatMap { $0.isNaN ? nil : $0 } ?? .infinity)
    value = series.value
  }

  private static func part(of series: LiveSeries, in family: String) -> Part? {
    guard let name = series.labels[Labels.metricName] else { return series.metric.kind == .histogram ? nil : .plain }
    guard series.metric.kind == .histogram else { return name == family ? .plain : nil }
    guard name.utf8.starts(with: family.utf8) else { return nil }
    switch name.utf8.dropFirst(family.utf8.count) {
    case let suffix where suffix.elementsEqual("_bucket".utf8): return .bucket
    case let suffix where suffix.elementsEqual("_sum".utf8): return .sum
    case let suffix where suffix.elementsEqual("_count".utf8): return .count
    default: return nil
    }
  }

  static func == (left: MetricsRow, right: MetricsRow) -> Bool { !(left < right) && !(right < left) }

  static func < (left: MetricsRow, right: MetricsRow) -> Bool {
    for (leftByte, rightByte) in zip(left.labels, right.labels) where leftByte != rightByte { return leftByte < rightByte }
    if left.labels.count != right.labels.count { return left.labels.count < right.labels.count }
    return (left.part.rawValue, left.bound.number) < (right.part.rawValue, right.bound.number)
  }

  func write(_ family: String, to text: inout [UInt8]) {
    text += family.utf8
    text += part.suffix.utf8
    var all = labels
    if part == .bucket { Self.write(label: "le", bound.text, to: &all) }
    if !all.isEmpty {
      text.append(UInt8(ascii: "{"))
      text += all
      text.append(UInt8(ascii: "}"))
    }
    text.append(UInt8(ascii: " "))
    writeValue(to: &text)
    text.append(UInt8(ascii: "\n"))
  }

  /// Most values are small whole numbers, whose text needs no search for the shortest digits.
  private func writeValue(to text: inout [UInt8]) {
    if let whole = Int32(exactly: value), abs(Int(whole)) < 1_000_000, value.sign == .plus || whole != 0 {
      text += String(whole).utf8
    } else {
      text += formatPrometheusValue(value).utf8
    }
  }

  private static func write(label name: String, _ value: String, to text: inout [UInt8]) {
    if !text.isEmpty { text.append(UInt8(ascii: ",")) }
    text += name.utf8
    text += #"=""#.utf8
    text.append(escaping: value)
    text.append(UInt8(ascii: "\""))
  }
}
