/// Series whose samples are kept in few bits, found by the metric's name, else by trying every one. A value: what a query reads does not
/// change while others go on writing.
package struct SeriesTable: SeriesSource {
  /// The number of a series; that of one that was removed is given again.
  package typealias Index = Int

  fileprivate struct Entry: Sendable {
    var labels: Labels
    var symbols: [Symbol]
    var history = SampleHistory()
    /// False for a place that waits for the next series.
    var isPresent = true
  }

  private var table = SymbolTable()
  fileprivate private(set) var entries: [Entry] = []
  private var free: [Index] = []
  private var places: [Labels: Index] = [:]
  /// Ascending by index.
  private var byName: [String: [Index]] = [:]

  package init() {}

  package var count: Int { places.count }
  package var indices: some Sequence<Index> { entries.indices.lazy.filter { entries[$0].isPresent } }
  /// What the samples take.
  package var byteCount: Int { entries.reduce(0) { $0 + ($1.history.byteCount) } }

  package func index(of labels: Labels) -> Index? { places[labels] }

  package func labels(of index: Index) -> Labels { entries[index].labels }

  package func history(of index: Index) -> SampleHistory { entries[index].history }

  package func last(of index: Index) -> Sample? { entries[index].history.last }

  /// Changes what a series has, in its place.
  @discardableResult
  package mutating func change<Result>(_ index: Index, _ change: (inout SampleHistory) -> Result) -> Result {
    change(&entries[index].history)
  }

  /// The number of a series that is new or there already.
  package mutating func insert(_ labels: Labels) -> Index {
    if let known = places[labels] { return known }
    let entry = Entry(labels: labels, symbols: table.symbols(of: labels))
    let index = free.popLast() ?? entries.count
    if index == entries.count { entries.append(entry) } else { entries[index] = entry }
    places[labels] = index
    byName[labels[Labels.metricName] ?? "", default: []].append(index)
    return index
  }

  package mutating func remove(_ index: Index) {
    guard entries[index].isPresent else { return }
    let labels = entries[index].labels
    entries[index] = Entry(labels: Labels(), symbols: [], isPresent: false)
    free.append(index)
    places[labels] = nil
    let name = labels[Labels.metricName] ?? ""
    byName[name]?.removeAll { $0 == index }
    if byName[name]?.isEmpty == true { byName[name] = nil }
    // The table of symbols only grows; with few series left in it, it begins anew.
    if table.count > 1 << 16, table.count > places.count * 32 { renewSymbols() }
  }

  private mutating func renewSymbols() {
    table = SymbolTable()
    for index in entries.indices { entries[index].symbols = table.symbols(of: entries[index].labels) }
  }

  package func select(_ request: SeriesRequest) -> any SeriesSelection {
    Selection(entries: entries, found: matching(request.matchers), texts: table.texts, latestOnly: request.latestOnly)
  }

  /// The series that all of them accept.
  package func matching(_ matchers: [LabelMatcher]) -> [Index] {
    let name = matchers.first { $0.kind == .equal && $0.name == Labels.metricName && !$0.value.isEmpty }?.value
    let candidates = name.map { byName[$0] ?? [] } ?? entries.indices.filter { entries[$0].isPresent }
    // The name is known to match.
    let others =
      name.map { name in matchers.filter { !($0.kind == .equal && $0.name == Labels.metricName && $0.value == name) } } ?? matchers
    guard !others.isEmpty else { return candidates }
    var found = candidates
    for matcher in others {
      var matching = SymbolMatching(matcher, in: table)
      found = found.filter { matching.accepts(entries[$0].symbols) }
    }
    return found
  }

  private struct Selection: SeriesSelection {
    let entries: [Entry]
    let found: [Index]
    let texts: SymbolTexts
    let latestOnly: Bool

    var symbols: SymbolTexts { texts }
    var count: Int { found.count }

    func appendLabels(of index: Int, to labels: inout [Symbol]) {
      labels += entries[found[index]].symbols
    }

    func appendSamples(of index: Int, after: Int64, through: Int64, to buffer: inout SampleBuffer) {
      if latestOnly {
        if let latest = entries[found[index]].history.latest(after: after, through: through) { buffer.append(latest) }
      } else {
        entries[found[index]].history.append(to: &buffer, after: after, through: through)
      }
    }
  }
}
