/// The two text formats in which Prometheus reads metrics.
enum MetricsFormat: CaseIterable, Sendable {
  case text
  case openMetrics

  var contentType: String {
    switch self {
    case .text: "text/plain; version=0.0.4; charset=utf-8"
    case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
    }
  }

  private var name: String { self == .text ? "text/plain" : "application/openmetrics-text" }
  private var version: String { self == .text ? "0.0.4" : "1.0.0" }

  /// What a client likes best; text where it likes both as much, says nothing, or takes neither.
  init(accept: String?) {
    let ranges = accept.map(MediaRange.list) ?? []
    self = Self.openMetrics.quality(in: ranges) > Self.text.quality(in: ranges) ? .openMetrics : .text
  }

  /// The quality of the range that says most about this format: RFC 9110, 12.5.1.
  private func quality(in ranges: [MediaRange]) -> Double {
    let matches = ranges.compactMap { range in precision(of: range).map { ($0, range.quality) } }
    return matches.max { $0 < $1 }?.1 ?? 0
  }

  /// How closely a range names this format; nil when it does not.
  private func precision(of range: MediaRange) -> Int? {
    let (wantedVersion, charset) = (range.parameters["version"], range.parameters["charset"])
    guard wantedVersion ?? version == version, (charset ?? "utf-8").lowercased() == "utf-8" else { return nil }
    let details = (wantedVersion == nil ? 0 : 1) + (charset == nil ? 0 : 1)
    switch range.name {
    case name: return 2 + details
    case "*/*": return 0
    default: return range.name.hasSuffix("/*") && name.hasPrefix(range.name.dropLast()) ? 1 : nil
    }
  }
}
