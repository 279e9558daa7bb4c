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

  func select(_ request: SeriesRequest) throws -> any SeriesSelection {
    if fails { throw Unreadable() }
    return SeriesBlock(all.filter { series in request.matchers.allSatisfy { $0.matches(series.labels) } })
  }
}
