import PromQL
import Synchronization

/// The series that rules and pages look back on, in memory; it behaves as a scraped target does. Two things write: an observation when it
/// is made, and the tick, which appends the last value of every live series again. A series that ends gets a stale marker.
///
/// What rules make is kept beside it, as on a Prometheus that scrapes this agent: other rules read it, `/metrics` does not show it (a
/// Prometheus with the same rule files makes these series itself, and would have them twice), and the tick does not say it again.
final class SeriesStore: SeriesSource, Sendable {
  /// Who says a series' values.
  fileprivate enum Owner {
    /// From `expiresAt` on the check is too late with that.
    case check(CheckID, Metric, expiresAt: Timestamp)
    case rule(RuleKey)
    /// Nobody any more: it is from before the restart.
    case nobody
  }

  /// What the store knows of a series beside its samples.
  fileprivate struct Standing {
    var owner: Owner
    var isLive = true
  }

  /// What the store calls a rule.
  typealias RuleKey = String

  fileprivate struct State {
    var table = SeriesTable()
    /// By the series' index.
    var standings: [Standing?] = []
    var byCheck: [CheckID: Set<SeriesTable.Index>] = [:]
    /// What each rule made at its latest evaluation.
    var byRule: [RuleKey: Set<SeriesTable.Index>] = [:]
    var dropped: UInt64 = 0
    var refused: UInt64 = 0
    var retention: Duration
    var limit: Int
  }

  private let state: Mutex<State>

  /// - Parameters:
  ///   - retention: how far back the longest range of any rule looks, lookback included.
  ///   - limit: series at most; samples of further ones are dropped and counted.
  init(retention: Duration, limit: Int = 50_000) {
    state = Mutex(State(retention: retention, limit: limit))
  }

  /// Samples left out because the limit of series was reached.
  var dropped: UInt64 { state.withLock { $0.dropped } }

  /// Samples that were refused: older than the last of their series, another value at the same moment from a rule, or from a rule for a
  /// series that a check or another rule has.
  var refused: UInt64 { state.withLock { $0.refused } }

  /// Takes all that a check says now; those of its series that are not among it end.
  func replace(_ samples: [MetricSample], of owner: CheckID, at now: Timestamp, expiresAt: Timestamp) {
    state.withLock { state in
      var said: Set<SeriesTable.Index> = []
      for sample in samples {
        if let index = state.say(sample, owner, at: now, expiresAt: expiresAt) { said.insert(index) }
      }
      for index in (state.byCheck[owner] ?? []).subtracting(said) { state.end(index, at: now) }
      state.byCheck[owner] = said
    }
  }

  /// Takes all that a rule makes now; those of its series that are not among it end.
  func record(_ samples: [RecordedSample], of rule: RuleKey, at moment: Timestamp) {
    state.withLock { state in
      var made: Set<SeriesTable.Index> = []
      for sample in samples {
        if let index = state.record(sample, of: rule, at: moment) { made.insert(index) }
      }
      for index in (state.byRule[rule] ?? []).subtracting(made) { state.end(index, at: moment) }
      state.byRule[rule] = made.isEmpty ? nil : made
    }
  }

  /// The series of all other rules end: these are gone.
  func keepRules(_ rules: Set<RuleKey>, at now: Timestamp) {
    state.withLock { state in
      for rule in Set(state.byRule.keys).subtracting(rules) {
        for index in state.byRule.removeValue(forKey: rule) ?? [] { state.end(index, at: now) }
      }
    }
  }

  /// The check stands as it did: its series live on until then.
  func extend(_ owner: CheckID, until moment: Timestamp) {
    state.withLock { state in
      for index in state.byCheck[owner] ?? [] {
        guard case .check(owner, let metric, _) = state.standings[index]?.owner else { continue }
        state.standings[index]?.owner = .check(owner, metric, expiresAt: moment)
      }
    }
  }

  /// The check is no more: its series end.
  func end(_ owner: CheckID, at now: Timestamp) {
    state.withLock { state in
      for index in state.byCheck.removeValue(forKey: owner) ?? [] { state.end(index, at: now) }
    }
  }

  /// Looks back that far from now on, and keeps no more series than that.
  func keep(_ span: Duration, limit: Int) { state.withLock { ($0.retention, $0.limit) = (span, limit) } }

  /// Says every live series again, ends those that are late, and forgets what nothing looks back on any more.
  func tick(at now: Timestamp) { state.withLock { $0.tick(at: now) } }

  /// Every series that has a value now, in no order; not those that rules make.
  func live() -> [LiveSeries] {
    state.withLock { state in
      state.standings.indices.compactMap { index in
        guard let standing = state.standings[index], standing.isLive, case .check(_, let metric, _) = standing.owner,
          let last = state.table.last(of: index)
        else { return nil }
        return LiveSeries(metric: metric, labels: state.table.labels(of: index), value: last.value)
      }
    }
  }

  func select(_ request: SeriesRequest) -> any SeriesSelection {
    // What is written from now on is written to another copy.
    state.withLock { $0.table }.select(request)
  }

  func series(matching matchers: [LabelMatcher], after: Int64, through: Int64) -> [Series] {
    let table = state.withLock { $0.table }
    return table.matching(matchers).compactMap { index in
      let samples = table.history(of: index).samples.filter { $0.time > after && $0.time <= through }
      return samples.isEmpty ? nil : Series(labels: table.labels(of: index), samples: samples)
    }
  }

  /// The latest value that a series had, however long ago.
  func latest(_ labels: Labels) -> Sample? {
    let table = state.withLock { $0.table }
    return table.index(of: labels).flatMap { table.history(of: $0).samples.last { !$0.value.isStaleMarker } }
  }

  /// All series as they are now.
  var table: SeriesTable { state.withLock { $0.table } }

  /// Takes up the series of an earlier process, which all ended at that moment: nobody knows what was between.
  func takeUp(_ table: SeriesTable, endedAt moment: Timestamp) {
    state.withLock { state in
      state.table = table
      state.standings = Array(repeating: nil, count: (table.indices.max() ?? -1) + 1)
      for index in table.indices {
        state.standings[index] = Standing(owner: .nobody)
        state.end(index, at: moment)
      }
    }
  }
}

extension SeriesStore.State {
  /// Nil when the limit of series leaves no room for it.
  private mutating func index(_ labels: Labels, _ owner: SeriesStore.Owner) -> SeriesTable.Index? {
    if let known = table.index(of: labels) { return known }
    guard table.count < limit else {
      dropped += 1
      return nil
    }
    let index = table.insert(labels)
    while standings.count <= index { standings.append(nil) }
    standings[index] = SeriesStore.Standing(owner: owner)
    return index
  }

  /// Nil when the limit of series leaves no room for it. Of two words at one moment the later counts.
  fileprivate mutating func say(
    _ sample: MetricSample, _ owner: CheckID, at now: Timestamp, expiresAt: Timestamp
  ) -> SeriesTable.Index? {
    let said = SeriesStore.Owner.check(owner, sample.metric, expiresAt: expiresAt)
    guard let index = index(sample.fullLabels, said) else { return nil }
    write(sample.value, to: index, at: now)
    standings[index] = SeriesStore.Standing(owner: said)
    return index
  }

  /// Nil for what is refused.
  fileprivate mutating func record(_ sample: RecordedSample, of rule: SeriesStore.RuleKey, at moment: Timestamp) -> SeriesTable.Index? {
    guard let index = index(sample.labels, .rule(rule)), let standing = standings[index] else { return nil }
    let isOwn: Bool
    if case .rule(rule) = standing.owner { isOwn = true } else { isOwn = !standing.isLive }
    guard isOwn else {
      refused += 1
      return nil
    }
    switch table.change(index, { $0.append(Sample(time: moment.milliseconds, value: sample.value)) }) {
    case .appended, .known: break
    case .conflicting, .late:
      refused += 1
      // The series goes on by what it has.
      return standing.isLive ? index : nil
    }
    standings[index] = SeriesStore.Standing(owner: .rule(rule))
    return index
  }

  private mutating func write(_ value: Double, to index: SeriesTable.Index, at now: Timestamp) {
    let outcome = table.change(index) { history in
      let outcome = history.append(Sample(time: now.milliseconds, value: value))
      if case .conflicting = outcome { history.replaceLast(value) }
      return outcome
    }
    if case .late = outcome { refused += 1 }
  }

  fileprivate mutating func end(_ index: SeriesTable.Index, at now: Timestamp) {
    guard standings[index]?.isLive == true else { return }
    standings[index]?.isLive = false
    guard let last = table.last(of: index), !last.value.isStaleMarker else { return }
    // A marker is never lost, for without it the series would seem to go on.
    let moment = max(now, Timestamp(milliseconds: last.time))
    write(.staleMarker, to: index, at: moment)
  }

  fileprivate mutating func tick(at now: Timestamp) {
    let oldest = (now - retention).milliseconds
    for index in standings.indices {
      guard let standing = standings[index], let last = table.last(of: index) else { continue }
      if case .check(_, _, let expiresAt) = standing.owner, standing.isLive {
        if expiresAt < now { end(index, at: now) } else { write(last.value, to: index, at: now) }
      } else if last.time <= oldest {
        forget(index)
        continue
      }
      table.change(index) { $0.forget(through: oldest) }
    }
  }

  private mutating func forget(_ index: SeriesTable.Index) {
    switch standings[index]?.owner {
    case .check(let check, _, _): byCheck[check]?.remove(index)
    case .rule(let rule): byRule[rule]?.remove(index)
    case .nobody, nil: break
    }
    standings[index] = nil
    table.remove(index)
  }
}

extension MetricSample {
  fileprivate var fullLabels: Labels {
    Labels((labels.map { (name: $0.key, value: $0.value) }) + [(name: Labels.metricName, value: metric.name + suffix)])
  }
}
