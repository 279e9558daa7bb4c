/// Writes series as Prometheus and OpenMetrics text: families together, each with its help and type once, series in order.
///
/// Sources: "Exposition formats" of the Prometheus documentation; OpenMetrics 1.0.
enum MetricsText {
  static func render(_ series: [LiveSeries], as format: MetricsFormat) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(series.count * 160 + 64)
    let families = Dictionary(grouping: series, by: \.metric.name).filter { isName($0.key, colons: true) }
    for (name, members) in families.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
      let rows = members.compactMap { MetricsRow($0, of: name) }.sorted()
      guard let metric = members.first?.metric, !rows.isEmpty else { continue }
      writeHead(of: metric, as: format, to: &text)
      for row in rows { row.write(name, to: &text) }
    }
    if format == .openMetrics { text += "# EOF\n".utf8 }
    return text
  }

  private static func writeHead(of metric: Metric, as format: MetricsFormat, to text: inout [UInt8]) {
    let (family, type) = familyAndType(of: metric, as: format)
    text += "# HELP \(family) ".utf8
    // Only OpenMetrics escapes quotes in help.
    text.append(escaping: metric.help, quotes: format == .openMetrics)
    text += "\n# TYPE \(family) \(type)\n".utf8
  }

  private static func familyAndType(of metric: Metric, as format: MetricsFormat) -> (String, String) {
    switch (metric.kind, format) {
    case (.unknown, .text): return (metric.name, "untyped")
    // A counter of OpenMetrics is named for its series less `_total`; one that lacks it is no counter there.
    case (.counter, .openMetrics):
      guard metric.name.hasSuffix("_total") else { return (metric.name, "unknown") }
      return (String(metric.name.dropLast("_total".count)), "counter")
    case (let kind, _): return (metric.name, kind.rawValue)
    }
  }

  /// Names that older Prometheus refuses spoil a whole scrape, not only their line.
  static func isName(_ text: String, colons: Bool) -> Bool {
    var first = true
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): break
      case UInt8(ascii: "0")...UInt8(ascii: "9") where !first: break
      case UInt8(ascii: ":") where colons: break
      default: return false
      }
      first = false
    }
    return !first
  }
}

extension [UInt8] {
  mutating func append(escaping value: String, quotes: Bool = true) {
    // Nearly no value needs it, and in one piece is several times faster than byte by byte.
    guard value.utf8.contains(where: { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\"") }) else {
      append(contentsOf: value.utf8)
      return
    }
    for byte in value.utf8 {
      switch byte {
      case UInt8(ascii: "\\"): self += #"\\"#.utf8
      case UInt8(ascii: "\n"): self += #"\n"#.utf8
      case UInt8(ascii: "\"") where quotes: self += #"\""#.utf8
      default: append(byte)
      }
    }
  }
}
