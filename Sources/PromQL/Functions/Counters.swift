extension Window {
  /// What was gained in the range (per second), extrapolated to its edges; a counter's resets are made good. Nil where the samples do not tell.
  ///
  /// Source: promql/functions.go, extrapolatedRate.
  func extrapolatedGain(isCounter: Bool, isRate: Bool = false) -> Double? {
    if extent != nil { return extendedGain(isCounter: isCounter).map { isRate ? $0 / seconds : $0 } }
    let countedSince = isCounter ? sinceStart : nil
    guard samples.count > 1 || countedSince != nil else { return nil }
    var gained = last.value - first.value
    if isCounter { addLostToResets(&gained) }
    var sampled = seconds(from: first.time, to: last.time)
    let spacing = samples.count > 1 ? sampled / Double(samples.count - 1) : 0
    // A gap of up to a tenth more than the usual spacing hides no start or end of the series.
    let threshold = spacing * 1.1
    var before = seconds(from: start, to: first.time)
    if let countedSince {
      before = 0
      sampled = seconds(from: countedSince, to: last.time)
      gained += first.value
    } else {
      if before >= threshold { before = spacing / 2 }
      if isCounter && gained > 0 && first.value >= 0 {
        // Counters start at zero: go back no further than where the slope meets it.
        before = min(before, sampled * (first.value / gained))
      }
    }
    var after = seconds(from: last.time, to: end)
    if after >= threshold { after = spacing / 2 }
    let factor = sampled == 0 ? 1 : (sampled + before + after) / sampled
    return gained * (isRate ? factor / seconds : factor)
  }

  /// When the first sample's counting began, where that is in the range.
  private var sinceStart: Int64? {
    guard let since = startTimes.first, since != 0, since > start, since < first.time else { return nil }
    return since
  }

  /// One by one, as Prometheus does: with values near the edge of what fits the order decides what overflows.
  @inline(__always)
  private func addLostToResets(_ gained: inout Double) {
    guard startTimes.isEmpty else {
      for index in 1..<samples.count where isReset(index) { gained += samples[index - 1].value }
      return
    }
    var previous = samples[0].value
    for sample in samples {
      if sample.value < previous { gained += previous }
      previous = sample.value
    }
  }

  /// Whether counting began anew between a sample and the one before it.
  private func isReset(_ index: Int) -> Bool {
    if samples[index].value < samples[index - 1].value { return true }
    guard !startTimes.isEmpty else { return false }
    let (before, since) = (startTimes[startTimes.startIndex + index - 1], startTimes[startTimes.startIndex + index])
    let (previous, time) = (samples[index - 1].time, samples[index].time)
    // Not known, impossible, or OpenTelemetry's way to say that it is not known.
    if since == 0 || since >= time || since < previous { return false }
    if since > previous { return true }
    // A delta begins where the one before ended; a counter whose start is not known begins there as well.
    return before != 0 && before < previous
  }

  /// Whether some sample's counting began before the sample before it ended, as neither counters nor deltas have it.
  var hasOverlappingStarts: Bool {
    guard startTimes.count > 1 else { return false }
    return (1..<samples.count).contains { index in
      let (before, since) = (startTimes[startTimes.startIndex + index - 1], startTimes[startTimes.startIndex + index])
      return since != 0 && since < samples[index - 1].time && since != before
    }
  }

  /// From the last sample but one to the last.
  func instantGain(isRate: Bool) -> Double? {
    guard samples.count > 1 else { return nil }
    let previous = samples[samples.count - 2]
    let interval = last.time - previous.time
    guard interval != 0 else { return nil }
    let gained = isRate && isReset(samples.count - 1) ? last.value : last.value - previous.value
    return isRate ? gained / (Double(interval) / 1000) : gained
  }

  @inline(__always)
  private func seconds(from: Int64, to: Int64) -> Double { Double(to - from) / 1000 }

  fileprivate func countResets(from first: Int) -> Int {
    first + 1 < samples.count ? ((first + 1)..<samples.count).count { isReset($0) } : 0
  }
}

func resets(_ window: Window) -> Double? {
  guard let samples = window.anchored else { return nil }
  return Double(window.countResets(from: window.samples.count - samples.count))
}
