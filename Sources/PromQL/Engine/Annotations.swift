/// What is to be known about a result besides its values: warnings and hints, each once.
public struct Annotations: Sendable {
  public struct Annotation: Sendable, Hashable {
    public enum Severity: String, Sendable {
      case warning = "PromQL warning"
      case info = "PromQL info"
    }

    public let severity: Severity
    /// Without the severity.
    public let message: String
    /// UTF-8 bytes before the part of the expression that it is about.
    public let offset: Int
    var detail: Detail = .none
  }

  /// What several annotations of the same message add up to.
  enum Detail: Sendable, Hashable {
    case none
    case occurrences(Int)
    case forcedMonotonicity(first: Int64, last: Int64, lowest: Double, highest: Double, difference: Double, count: Int)
  }

  private var byMessage: [String: Int] = [:]
  /// In the order in which they came up.
  public private(set) var all: [Annotation] = []

  public init() {}

  public var isEmpty: Bool { all.isEmpty }

  mutating func add(_ annotation: Annotation) {
    if let index = byMessage[annotation.message] {
      // Of those without a detail Prometheus tells where the last one is.
      let detail = all[index].detail.merged(with: annotation.detail)
      if detail == .none { all[index] = annotation } else { all[index].detail = detail }
    } else {
      byMessage[annotation.message] = all.count
      all.append(annotation)
    }
  }

  mutating func warn(_ message: String, at offset: Int) {
    add(Annotation(severity: .warning, message: message, offset: offset))
  }

  mutating func inform(_ message: String, at offset: Int) {
    add(Annotation(severity: .info, message: message, offset: offset))
  }

  /// As Prometheus' interface tells them, with line and column in the expression.
  public func texts(_ severity: Annotation.Severity, in expression: String) -> [String] {
    all.filter { $0.severity == severity }.map { annotation in
      let place = PromQLError(.syntax, "", at: annotation.offset, in: Array(expression.utf8))
      return "\(severity.rawValue): \(annotation.message)\(annotation.detail.text) (\(place.line):\(place.column))"
    }
  }
}

extension Annotations.Detail {
  fileprivate func merged(with other: Annotations.Detail) -> Annotations.Detail {
    switch (self, other) {
    case (.occurrences(let count), .occurrences(let more)): .occurrences(count + more)
    case (
      .forcedMonotonicity(let first, let last, let low, let high, let gap, let count),
      .forcedMonotonicity(let a, let b, let c, let d, let e, let f)
    ):
      .forcedMonotonicity(
        first: min(first, a), last: max(last, b), lowest: min(low, c), highest: max(high, d), difference: max(gap, e), count: count + f)
    default: self
    }
  }

  fileprivate var text: String {
    switch self {
    case .none, .occurrences(1): ""
    case .occurrences(let count): " (\(count) occurrences)"
    case .forcedMonotonicity(let first, let last, let low, let high, let gap, let count):
      ", from buckets \(formatPrometheusValue(low)) to \(formatPrometheusValue(high)), with a max diff of \(formatRounded(gap)), "
        + "over \(count) samples from \(CivilTime(milliseconds: first).rfc3339) to \(CivilTime(milliseconds: last).rfc3339)"
    }
  }
}
