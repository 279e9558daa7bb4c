import PromQL

/// The latest samples of one series, oldest first. Grows to what the retention needs and then turns in place.
struct SampleRing: Sendable {
  private var slots: [Sample] = []
  private var start = 0
  private var count = 0

  var last: Sample? { count == 0 ? nil : self[count - 1] }

  private subscript(index: Int) -> Sample { slots[(start + index) % slots.count] }

  /// A sample no newer than the last replaces it: at one moment a series has one value, and time never runs backwards.
  mutating func append(_ sample: Sample, keepingAfter oldest: Int64) {
    while count > 0, self[0].time <= oldest {
      start = (start + 1) % slots.count
      count -= 1
    }
    if let last, last.time >= sample.time {
      slots[(start + count - 1) % slots.count].value = sample.value
      return
    }
    if count == slots.count { grow() }
    slots[(start + count) % slots.count] = sample
    count += 1
  }

  /// Those with `after < time <= through`.
  func slice(after: Int64, through: Int64) -> [Sample] {
    let from = firstIndex(laterThan: after)
    let to = firstIndex(laterThan: through)
    return from < to ? (from..<to).map { self[$0] } : []
  }

  private func firstIndex(laterThan time: Int64) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle].time <= time { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private mutating func grow() {
    let ordered = (0..<count).map { self[$0] }
    let filler = Sample(time: 0, value: 0)
    slots = ordered + Array(repeating: filler, count: max(8, count / 2))
    start = 0
  }
}
