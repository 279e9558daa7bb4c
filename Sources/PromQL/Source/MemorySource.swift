/// Series held in memory, found by the metric's name, else by trying every one: for scripts, rule tests and measurements.
package struct MemorySource: SeriesSource {
  fileprivate struct Stored {
    var labels: Labels
    var samples: [Sample]
    /// As many as samples, or none.
    var startTimes: [Int64]
  }

  private let table = SymbolTable()
  private var all: [Stored] = []
  /// Of all series one behind the other, in the order of `all`.
  private var symbols: [Symbol] = []
  private var symbolEnds: [Int] = []
  private var places: [Labels: Int] = [:]
  private var byName: [String: [Int]] = [:]

  package init() {}

  package var count: Int { all.count }

  package func select(_ request: SeriesRequest) -> any SeriesSelection {
    let candidates = request.metricName.map { byName[$0] ?? [] } ?? Array(all.indices)
    // The name is known to match.
    let others = request.metricName.map { name in request.matchers.filter { !$0.isEqual(to: name) } } ?? request.matchers
    let found = others.isEmpty ? candidates : candidates.filter { index in others.allSatisfy { $0.matches(all[index].labels) } }
    return Selection(source: self, indices: found, latestOnly: request.latestOnly)
  }

  /// Adds to a series that is already there; a time that is taken keeps its value.
  package mutating func add(_ series: Series, startTimes: [Int64] = []) {
    guard let index = places[series.labels] else {
      places[series.labels] = all.count
      byName[series.labels[Labels.metricName] ?? "", default: []].append(all.count)
      symbols += table.symbols(of: series.labels)
      symbolEnds.append(symbols.count)
      return all.append(Stored(labels: series.labels, samples: series.samples, startTimes: startTimes))
    }
    all[index].merge(series.samples, startTimes)
  }

  private struct Selection: SeriesSelection {
    let source: MemorySource
    let indices: [Int]
    let latestOnly: Bool

    var symbols: SymbolTexts { source.table.texts }
    var count: Int { indices.count }

    func appendLabels(of index: Int, to labels: inout [Symbol]) {
      let place = indices[index]
      labels += source.symbols[(place == 0 ? 0 : source.symbolEnds[place - 1])..<source.symbolEnds[place]]
    }

    func appendSamples(of index: Int, after: Int64, through: Int64, to buffer: inout SampleBuffer) {
      let place = indices[index]
      source.all[place].samples.withUnsafeBufferPointer { samples in
        let to = samples.firstIndex(laterThan: through)
        let from = latestOnly ? max(0, to - 1) : samples.firstIndex(laterThan: after)
        guard from < to, samples[from].time > after else { return }
        if source.all[place].startTimes.isEmpty {
          buffer.append(contentsOf: UnsafeBufferPointer(rebasing: samples[from..<to]))
        } else {
          for sample in from..<to { buffer.append(samples[sample], countedSince: source.all[place].startTimes[sample]) }
        }
      }
    }
  }
}

extension MemorySource.Stored {
  fileprivate mutating func merge(_ others: [Sample], _ starts: [Int64]) {
    let taken = Set(samples.map(\.time))
    if startTimes.isEmpty && !starts.isEmpty { startTimes = Array(repeating: 0, count: samples.count) }
    var both = samples.indices.map { (samples[$0], startTimes.isEmpty ? 0 : startTimes[$0]) }
    for (index, sample) in others.enumerated() where !taken.contains(sample.time) {
      both.append((sample, starts.isEmpty ? 0 : starts[index]))
    }
    both.sort { $0.0.time < $1.0.time }
    let hasStarts = !startTimes.isEmpty || !starts.isEmpty
    samples = both.map(\.0)
    startTimes = hasStarts ? both.map(\.1) : []
  }
}

extension LabelMatcher {
  fileprivate func isEqual(to metric: String) -> Bool {
    kind == .equal && name == Labels.metricName && value.hasSameBytes(as: metric)
  }
}
