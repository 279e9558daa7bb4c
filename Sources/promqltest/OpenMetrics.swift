import Foundation
import PromQL

/// Series in the text format from which promtool makes blocks.
enum OpenMetrics {
  static func write(_ series: [Series], to file: String) throws {
    var text = ""
    var metric = ""
    for one in series {
      let name = one.labels[Labels.metricName] ?? ""
      if name != metric { text += "# TYPE \(name) unknown\n" }
      metric = name
      let labels = one.labels.description
      for sample in one.samples {
        text += "\(labels.replacing(", ", with: ",")) \(formatPrometheusValue(sample.value)) \(time(sample.time))\n"
      }
    }
    try (text + "# EOF\n").write(toFile: file, atomically: true, encoding: .utf8)
  }

  /// Seconds.
  private static func time(_ milliseconds: Int64) -> String {
    let fraction = String(milliseconds % 1000)
    return "\(milliseconds / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
  }
}
