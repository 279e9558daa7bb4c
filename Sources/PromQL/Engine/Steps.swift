/// The instants of an evaluation, in milliseconds.
struct Steps {
  /// Beyond it no time is looked at, so that no sum of times and lengths overflows.
  static let latest: Int64 = 1 << 60
  /// The longest length of time, 292 years.
  static let longest: Int64 = 9_223_372_036_854

  let start: Int64
  let interval: Int64
  let count: Int

  init(start: Int64, interval: Int64, count: Int) {
    self.start = start
    self.interval = interval
    self.count = count
  }

  init(at time: Int64) {
    self.init(start: min(max(time, -Steps.latest), Steps.latest), interval: 1, count: 1)
  }

  /// From the first on, none after the last; empty where the last is before the first.
  init(from start: Int64, through end: Int64, interval: Int64) {
    let start = min(max(start, -Steps.latest), Steps.latest)
    let end = min(max(end, -Steps.latest), Steps.latest)
    let interval = min(max(1, interval), Steps.longest)
    self.init(start: start, interval: interval, count: end < start ? 0 : Int((end - start) / interval) + 1)
  }

  /// The last of them; before the first where there is none.
  var end: Int64 { start + Int64(count - 1) * interval }

  subscript(index: Int) -> Int64 { start + Int64(index) * interval }

  var first: Steps { Steps(start: start, interval: interval, count: min(1, count)) }
}
