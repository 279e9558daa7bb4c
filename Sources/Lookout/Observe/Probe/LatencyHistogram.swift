import Synchronization

/// How long a check's looks have taken since the agent began, so that percentiles and service levels survive between scrapes. The usual
/// budgets, 1, 2, 3 and 5 s, are buckets exactly.
final class LatencyHistogram: Sendable {
  static let bounds = [0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30]

  private struct State {
    var counts = [Double](repeating: 0, count: LatencyHistogram.bounds.count + 1)
    var sum = 0.0
  }

  private let state = Mutex(State())

  /// Counts one look; returns all that was counted.
  func observe(_ seconds: Double) -> [MetricSample] {
    state.withLock { state in
      state.counts[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] += 1
      state.sum += seconds
      return Self.samples(state)
    }
  }

  private static func samples(_ state: State) -> [MetricSample] {
    var total = 0.0
    var samples: [MetricSample] = []
    for (count, bound) in zip(state.counts, bounds.map { Optional($0) } + [nil]) {
      total += count
      samples.append(
        MetricSample(metric: .probeHistogram, suffix: "_bucket", labels: ["le": bound.map { $0.formatted() } ?? "+Inf"], value: total))
    }
    samples.append(MetricSample(metric: .probeHistogram, suffix: "_sum", labels: [:], value: state.sum))
    samples.append(MetricSample(metric: .probeHistogram, suffix: "_count", labels: [:], value: total))
    return samples
  }
}

extension Check {
  /// The same check, whose looks are counted where they measure a time that has a budget.
  func counted(in histogram: LatencyHistogram) -> Check {
    looking {
      var sight = await look()
      guard let seconds = sight.samples.first(where: { $0.metric == .probeDuration })?.value else { return sight }
      sight.samples += histogram.observe(seconds)
      return sight
    }
  }

  /// The same check with labels of its target.
  func labelled(_ labels: [String: String]) -> Check {
    guard !labels.isEmpty else { return self }
    return looking {
      var sight = await look()
      sight.labels.merge(labels) { own, _ in own }
      return sight
    }
  }
}
