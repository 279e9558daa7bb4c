import PromQL

/// Random series of all kinds that matter: counters with resets, gauges with infinities, buckets, gaps, late starts and early ends.
struct FuzzSeries {
  /// 2023-11-14T22:13:20Z.
  static let start: Int64 = 1_700_000_000_000
  static let end = start + 3_600_000
  static let step: Int64 = 15_000

  private var generator: SeededGenerator
  private(set) var all: [Series] = []

  init(seed: UInt64) {
    generator = SeededGenerator(state: seed)
    for job in ["api", "db"] {
      for instance in ["a:1", "b:2", "c:3"] { addTarget([("job", job), ("instance", instance)]) }
    }
    addOthers()
    // In the order in which blocks have them.
    all = all.sorted { precedes($0.labels, $1.labels) }
  }

  private mutating func addTarget(_ target: [(String, String)]) {
    for code in ["200", "404", "500"] { add("http_requests_total", target + [("code", code)], counter()) }
    add("temperature", target + [("room", generator.pick(["x", "y", ""]))], gauge())
    add("up", target, values { generator in generator.chance(85) ? 1 : 0 })
    var below = Array(repeating: 0.0, count: 241)
    for bound in ["0.1", "0.5", "1", "2.5", "+Inf"] {
      let more = counter(isSteady: true)
      below = zip(below, more).map { $0 + ($1 ?? 0) }
      add("latency_bucket", target + [("le", bound)], below.map { value in generator.chance(3) ? nil : value })
    }
    add("team_info", target + [("team", generator.pick(["red", "blue"]))], values { _ in 1 })
  }

  private mutating func addOthers() {
    add("constant", [("v", "1")], values { _ in 42 })
    add("constant", [("v", "2")], values { _ in 0 })
    add("sparse", [("s", "1")], values { generator in generator.chance(6) ? Double(Int.random(in: -9...9, using: &generator)) : nil })
    add("special", [("s", "nan")], values { generator in generator.pick([.nan, 1, -1, .infinity, -.infinity, 0, -0.0]) })
    // None of the very smallest: Go's logarithms of them are wrong on x86-64.
    add("special", [("s", "large")], values { generator in generator.pick([1e308, -1e308, 1e300, 1e-300]) })
    add("special", [("s", "dates")], values { generator in Double(Int.random(in: -2_000_000_000...4_000_000_000, using: &generator)) })
  }

  private mutating func add(_ name: String, _ labels: [(String, String)], _ values: [Double?]) {
    let samples = values.enumerated().compactMap { index, value in
      value.map { Sample(time: Self.start + Int64(index) * Self.step, value: $0) }
    }
    guard !samples.isEmpty else { return }
    all.append(Series(labels: Labels(labels.map { (name: $0.0, value: $0.1) } + [(name: "__name__", value: name)]), samples: samples))
  }

  private mutating func values(_ value: (inout SeededGenerator) -> Double?) -> [Double?] {
    let first = generator.chance(20) ? Int.random(in: 1...120, using: &generator) : 0
    let last = generator.chance(20) ? Int.random(in: 121...239, using: &generator) : 240
    return (0...240).map { index in
      index < first || index > last || generator.chance(4) ? nil : value(&generator)
    }
  }

  private mutating func counter(isSteady: Bool = false) -> [Double?] {
    var total = Double(Int.random(in: 0...50, using: &generator))
    let all = (0...240).map { _ -> Double? in
      total =
        !isSteady && generator.chance(4)
        ? Double(Int.random(in: 0...5, using: &generator)) : total + Double(generator.pick([0, 0, 1, 2, 7]))
      return total
    }
    guard !isSteady else { return all }
    var next = -1
    return values { _ in 0 }.map { value in
      next += 1
      return value == nil ? nil : all[next]
    }
  }

  private mutating func gauge() -> [Double?] {
    var value = Double.random(in: -20...60, using: &generator)
    return values { generator in
      value += Double.random(in: -5...5, using: &generator)
      return (value * 1000).rounded() / 1000
    }
  }

  private func precedes(_ left: Labels, _ right: Labels) -> Bool {
    let (one, other) = (left.pairs, right.pairs)
    for index in 0..<min(one.count, other.count) {
      if one[index].name != other[index].name { return one[index].name < other[index].name }
      if one[index].value != other[index].value { return one[index].value < other[index].value }
    }
    return one.count < other.count
  }
}
