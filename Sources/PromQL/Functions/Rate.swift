extension Window {
  /// What a counter has gained, resets made good and extrapolated to the edges of the range; nil below two samples.
  ///
  /// Source: promql/functions.go, extrapolatedRate.
  var increase: Double? {
    guard let first = samples.first, let last = samples.last, samples.count > 1 else { return nil }
    let gained = gain(from: first, to: last)
    let sampled = seconds(from: first.time, to: last.time)
    let spacing = sampled / Double(samples.count - 1)
    // A gap of up to a tenth more than the usual spacing hides no start or end of the series.
    let threshold = spacing * 1.1
    var before = seconds(from: start, to: first.time)
    var after = seconds(from: last.time, to: end)
    if before >= threshold { before = spacing / 2 }
    if after >= threshold { after = spacing / 2 }
    if gained > 0 && first.value >= 0 {
      // Counters start at zero: go back no further than where the slope meets it.
      before = min(before, sampled * (first.value / gained))
    }
    return sampled == 0 ? gained : gained * ((sampled + before + after) / sampled)
  }

  private func gain(from first: Sample, to last: Sample) -> Double {
    zip(samples, samples.dropFirst()).reduce(last.value - first.value) { gained, pair in
      pair.1.value < pair.0.value ? gained + pair.0.value : gained
    }
  }

  private func seconds(from: Int64, to: Int64) -> Double {
    (Double(to) - Double(from)) / 1000
  }
}
