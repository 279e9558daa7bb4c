import PromQL

/// Series held in memory, found by the metric's name, else by trying every one.
struct MemorySource: SeriesSource {
  private(set) var all: [Series] = []
  private var byName: [String: [Int]] = [:]

  func series(matching matchers: [LabelMatcher], after: Int64, through: Int64) -> [Series] {
    let name = matchers.first { $0.name == Labels.metricName && $0.kind == .equal }?.value
    let candidates = name.map { byName[$0] ?? [] } ?? Array(all.indices)
    return candidates.compactMap { index in
      guard matchers.allSatisfy({ $0.matches(all[index].labels) }) else { return nil }
      let samples = all[index].samples.filter { $0.time > after && $0.time <= through }
      return samples.isEmpty ? nil : Series(labels: all[index].labels, samples: samples)
    }
  }

  /// Adds to a series that is already there; a time that is taken keeps its value.
  mutating func add(_ series: Series) {
    guard let index = all.firstIndex(where: { $0.labels == series.labels }) else {
      byName[series.labels[Labels.metricName] ?? "", default: []].append(all.count)
      return all.append(series)
    }
    let taken = Set(all[index].samples.map(\.time))
    all[index].samples += series.samples.filter { !taken.contains($0.time) }
    all[index].samples.sort { $0.time < $1.time }
  }
}

/// A source with series in script notation, one a line, a sample every `step` milliseconds from time 0 on.
func withSeries<Result>(_ text: String, step: Int64 = 60_000, _ body: (MemorySource) throws -> Result) throws -> Result {
  var source = MemorySource()
  for line in text.split(separator: "\n") where !line.allSatisfy(\.isWhitespace) {
    source.add(try ScriptSeries(String(line)).series(step: step))
  }
  return try body(source)
}
