import PromQL
import Synchronization

/// The series of a test: those that it gives, as far as time has come, and those that its rules make.
final class RuleTestStore: SeriesSource {
  fileprivate struct Stored {
    let symbols: [Symbol]
    var samples: [Sample]
  }

  fileprivate struct State {
    let symbols = SymbolTable()
    var series: [Labels: Stored] = [:]
    var byRule: [RuleID: Set<Labels>] = [:]
    var through = Int64.min
  }

  private let state = Mutex(State())

  init(_ given: [SeriesNotation], every interval: Duration) {
    state.withLock { state in
      for notation in given {
        var samples: [Sample] = []
        for (index, value) in notation.values.enumerated() {
          if case .number(let value) = value { samples.append(Sample(time: Int64(index) * interval.milliseconds, value: value)) }
        }
        // Of a series that is given twice the last one counts.
        state.series[notation.labels] = Stored(symbols: state.symbols.symbols(of: notation.labels), samples: samples)
      }
    }
  }

  /// Lets samples be seen up to that moment.
  func advance(to moment: Timestamp) { state.withLock { $0.through = moment.milliseconds } }

  /// Takes what a rule makes now; what it made before and does not make any more ends.
  func record(_ samples: [RecordedSample], of rule: RuleID, at moment: Timestamp) {
    state.withLock { state in
      var made: Set<Labels> = []
      for sample in samples where made.insert(sample.labels).inserted { state.append(sample.labels, sample.value, at: moment) }
      for labels in (state.byRule[rule] ?? []).subtracting(made) { state.append(labels, .staleMarker, at: moment) }
      state.byRule[rule] = made
    }
  }

  func select(_ request: SeriesRequest) -> any SeriesSelection {
    state.withLock { state in
      var found = SeriesBlock(symbols: state.symbols)
      for (labels, stored) in state.series where request.matchers.allSatisfy({ $0.matches(labels) }) {
        let through = min(request.through, state.through)
        let samples = stored.samples.filter { $0.time > request.after && $0.time <= through }
        if !samples.isEmpty { found.append(stored.symbols, request.latestOnly ? samples.suffix(1) : samples[...]) }
      }
      return found
    }
  }
}

extension RuleTestStore.State {
  /// A sample that is no newer than the last is refused, as Prometheus refuses it.
  fileprivate mutating func append(_ labels: Labels, _ value: Double, at moment: Timestamp) {
    var stored = series[labels] ?? RuleTestStore.Stored(symbols: symbols.symbols(of: labels), samples: [])
    guard stored.samples.last.map({ $0.time < moment.milliseconds }) ?? true else { return }
    stored.samples.append(Sample(time: moment.milliseconds, value: value))
    series[labels] = stored
  }
}
