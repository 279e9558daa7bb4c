import PromQL
import Testing

@testable import Lookout

/// Series in memory, a sample every `step` from time 0.
struct RuleSeries: SeriesSource {
  struct Unreadable: Error {}

  var all: [Series] = []
  var fails = false

  init(_ written: [String: [Double]] = [:], step: Int64 = 15_000) throws {
    for (name, values) in written { try add(name, values, step: step) }
  }

  /// `name` as in PromQL: `up{target="crm"}`. NaN leaves a gap.
  mutating func add(_ name: String, _ values: [Double], step: Int64 = 15_000) throws {
    let matchers = try #require(try Expression(parsing: name).selectors.first)
    let labels = Labels(matchers.map { ($0.name, $0.value) })
    let samples = values.enumerated().map { Sample(time: Int64($0.offset) * step, value: $0.element) }.filter { !$0.value.isNaN }
    all.append(Series(labels: labels, samples: samples))
  }

  func series(matching matchers: [LabelMatcher], after: Int64, through: Int64) throws -> [Series] {
    if fails { throw Unreadable() }
    return all.filter { series in matchers.allSatisfy { $0.matches(series.labels) } }.compactMap { series in
      let samples = series.samples.filter { $0.time > after && $0.time <= through }
      return samples.isEmpty ? nil : Series(labels: series.labels, samples: samples)
    }
  }
}
