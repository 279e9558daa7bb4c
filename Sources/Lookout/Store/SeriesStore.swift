import PromQL
import Synchronization

/// The series that rules and pages look back on, in memory; it behaves as a scraped target does. Two things write: an observation when it
/// is made, and the tick, which appends the last value of every live series again. A series that ends gets a stale marker.
final class SeriesStore: SeriesSource, Sendable {
  /// A class, so that a sample is appended in place whoever else is looking at the table.
  fileprivate final class Entry {
    let metric: Metric
    let labels: Labels
    let symbols: [Symbol]
    var samples = SampleRing()
    /// The check that says its values, and the moment from which on it is too late with that.
    var owner: CheckID
    var expiresAt: Timestamp
    var isLive = true

    init(_ metric: Metric, _ labels: Labels, _ symbols: [Symbol], owner: CheckID, expiresAt: Timestamp) {
      self.metric = metric
      self.labels = labels
      self.symbols = symbols
      self.owner = owner
      self.expiresAt = expiresAt
    }
  }

  fileprivate struct State {
    /// What the labels of all entries are made of; for selections.
    let symbols = SymbolTable()
    var entries: [Labels: Entry] = [:]
    var byName: [String: Set<Labels>] = [:]
    var byOwner: [CheckID: Set<Labels>] = [:]
    var dropped: UInt64 = 0
    var retention: Duration
  }

  private let state: Mutex<State>
  private let limit: Int

  /// - Parameters:
  ///   - retention: how far back the longest range of any rule looks, lookback included.
  ///   - limit: series at most; samples of further ones are dropped and counted.
  init(retention: Duration, limit: Int = 50_000) {
    state = Mutex(State(retention: retention))
    self.limit = limit
  }

  /// Samples left out because the limit of series was reached.
  var dropped: UInt64 { state.withLock { $0.dropped } }

  /// Takes all that a check says now; those of its series that are not among it end.
  func replace(_ samples: [MetricSample], of owner: CheckID, at now: Timestamp, expiresAt: Timestamp) {
    state.withLock { state in
      var said: Set<Labels> = []
      for sample in samples {
        let labels = sample.fullLabels
        if state.append(sample, labels, owner, at: now, expiresAt: expiresAt, limit: limit) { said.insert(labels) }
      }
      for labels in (state.byOwner[owner] ?? []).subtracting(said) { state.end(labels, at: now) }
      state.byOwner[owner] = said
    }
  }

  /// The check stands as it did: its series live on until then.
  func extend(_ owner: CheckID, until moment: Timestamp) {
    state.withLock { state in
      for labels in state.byOwner[owner] ?? [] { state.entries[labels]?.expiresAt = moment }
    }
  }

  /// The check is no more: its series end.
  func end(_ owner: CheckID, at now: Timestamp) {
    state.withLock { state in
      for labels in state.byOwner.removeValue(forKey: owner) ?? [] { state.end(labels, at: now) }
    }
  }

  /// Looks back that far from now on.
  func keep(_ span: Duration) { state.withLock { $0.retention = span } }

  /// Says every live series again, ends those that are late, and forgets those that nothing looks back on any more.
  func tick(at now: Timestamp) {
    state.withLock { state in
      let oldest = (now - state.retention).milliseconds
      for (labels, entry) in state.entries {
        if entry.isLive, entry.expiresAt < now {
          state.end(labels, at: now)
        } else if entry.isLive, let last = entry.samples.last {
          entry.samples.append(Sample(time: now.milliseconds, value: last.value), keepingAfter: oldest)
        } else if let last = entry.samples.last, last.time <= oldest {
          state.forget(labels)
        }
      }
    }
  }

  /// Every series that has a value now, in no order.
  func live() -> [LiveSeries] {
    state.withLock { state in
      state.entries.values.compactMap { entry in
        guard entry.isLive, let last = entry.samples.last else { return nil }
        return LiveSeries(metric: entry.metric, labels: entry.labels, value: last.value)
      }
    }
  }

  func select(_ request: SeriesRequest) -> any SeriesSelection {
    state.withLock { state in
      var found = SeriesBlock(symbols: state.symbols)
      for labels in state.candidates(request.matchers) {
        guard let entry = state.entries[labels], request.matchers.allSatisfy({ $0.matches(labels) }) else { continue }
        let samples = entry.samples.slice(after: request.after, through: request.through)
        if !samples.isEmpty { found.append(entry.symbols, request.latestOnly ? samples.suffix(1) : samples[...]) }
      }
      return found
    }
  }

  func series(matching matchers: [LabelMatcher], after: Int64, through: Int64) -> [Series] {
    state.withLock { state in
      state.candidates(matchers).compactMap { labels in
        guard let entry = state.entries[labels], matchers.allSatisfy({ $0.matches(labels) }) else { return nil }
        let samples = entry.samples.slice(after: after, through: through)
        return samples.isEmpty ? nil : Series(labels: labels, samples: samples)
      }
    }
  }
}

extension SeriesStore.State {
  /// False when the limit of series leaves no room for it.
  mutating func append(
    _ sample: MetricSample, _ labels: Labels, _ owner: CheckID, at now: Timestamp, expiresAt: Timestamp, limit: Int
  ) -> Bool {
    let entry: SeriesStore.Entry
    if let known = entries[labels] {
      entry = known
    } else {
      guard entries.count < limit else {
        dropped += 1
        return false
      }
      entry = SeriesStore.Entry(sample.metric, labels, symbols.symbols(of: labels), owner: owner, expiresAt: expiresAt)
      entries[labels] = entry
      byName[sample.metric.name + sample.suffix, default: []].insert(labels)
    }
    entry.samples.append(Sample(time: now.milliseconds, value: sample.value), keepingAfter: (now - retention).milliseconds)
    entry.expiresAt = expiresAt
    entry.isLive = true
    entry.owner = owner
    return true
  }

  mutating func end(_ labels: Labels, at now: Timestamp) {
    guard let entry = entries[labels], entry.isLive else { return }
    entry.isLive = false
    entry.samples.append(Sample(time: now.milliseconds, value: .staleMarker), keepingAfter: .min)
  }

  mutating func forget(_ labels: Labels) {
    guard let entry = entries.removeValue(forKey: labels) else { return }
    byOwner[entry.owner]?.remove(labels)
    if let name = labels[Labels.metricName] { byName[name]?.remove(labels) }
  }

  func candidates(_ matchers: [LabelMatcher]) -> Set<Labels> {
    let name = matchers.first { $0.name == Labels.metricName && $0.kind == .equal }
    return name.map { byName[$0.value] ?? [] } ?? Set(entries.keys)
  }
}

extension MetricSample {
  fileprivate var fullLabels: Labels {
    Labels((labels.map { (name: $0.key, value: $0.value) }) + [(name: Labels.metricName, value: metric.name + suffix)])
  }
}
