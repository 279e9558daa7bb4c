import Testing

@testable import PromQL

@Suite("The samples of a series")
struct SampleHistoryTests {
  private func read(_ history: SampleHistory, after: Int64 = .min, through: Int64 = .max) -> [Sample] {
    var buffer = SampleBuffer()
    history.append(to: &buffer, after: after, through: through)
    return Array(buffer.samples)
  }

  /// Equal by bits: NaN and stale markers too.
  private func same(_ left: [Sample], _ right: [Sample]) -> Bool {
    left.count == right.count && zip(left, right).allSatisfy { $0.time == $1.time && $0.value.bitPattern == $1.value.bitPattern }
  }

  @Test("an empty one has nothing")
  func empty() {
    let history = SampleHistory()
    #expect(history.last == nil && history.latest(after: .min, through: .max) == nil && read(history).isEmpty)
  }

  @Test("samples come in order; the same again is known, another value at that time and an earlier time are refused")
  func policy() {
    var history = SampleHistory()
    #expect(history.append(Sample(time: 10, value: 1)) == .appended)
    #expect(history.append(Sample(time: 10, value: 1)) == .known)
    #expect(history.append(Sample(time: 10, value: 2)) == .conflicting)
    #expect(history.append(Sample(time: 9, value: 1)) == .late)
    #expect(history.append(Sample(time: 11, value: .staleMarker)) == .appended)
    #expect(history.append(Sample(time: 11, value: .staleMarker)) == .known)
    #expect(history.append(Sample(time: 11, value: .nan)) == .conflicting)
    history.replaceLast(5)
    #expect(same(read(history), [Sample(time: 10, value: 1), Sample(time: 11, value: 5)]))
  }

  @Test("what is written in few bits comes back bit by bit, whatever the values and steps")
  func exact() {
    var random = SystemRandomNumberGenerator()
    let odd: [Double] = [
      0, -0.0, 1, -1, .nan, .staleMarker, .infinity, -.infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude, 0x1p52, 0x1p53, -0x1p52,
      0.1,
      Double(bitPattern: .max), 127, 128, 255, 524_288, 1e15,
    ]
    let steps: [Int64] = [1, 15_000, 14_937, 15_064, 15_065, 14_936, 30_000, 600_000, 1 << 40]
    for _ in 0..<200 {
      var history = SampleHistory()
      var plain: [Sample] = []
      var (time, value) = (Int64.random(in: -1_000_000...1_700_000_000_000, using: &random), 0.0)
      let kind = Int.random(in: 0...4, using: &random)
      for _ in 0..<300 {
        time += kind == 0 ? 15_000 : steps.randomElement(using: &random) ?? 1
        switch Int.random(in: 0...(kind + 1), using: &random) {
        case 0: break
        case 1: value += Double(Int.random(in: -300...300, using: &random))
        case 2: value = Double.random(in: -1...1, using: &random)
        case 3: value = odd.randomElement(using: &random) ?? 0
        default: value = Double(bitPattern: UInt64.random(in: 0 ... .max, using: &random))
        }
        plain.append(Sample(time: time, value: value))
        history.append(plain[plain.count - 1])
      }
      guard same(read(history), plain), same(history.samples, plain), history.count == plain.count else {
        Issue.record("kind \(kind) differs")
        return
      }
    }
  }

  @Test("agrees with a plain array over random ranges, also while old samples are forgotten")
  func ranges() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<30 {
      var history = SampleHistory()
      var plain: [Sample] = []
      var time: Int64 = 0
      let retention = Int64.random(in: 100...20_000, using: &random)
      for _ in 0..<1000 {
        time += Int64.random(in: 1...20, using: &random)
        plain.append(Sample(time: time, value: Double(Int.random(in: 0...3, using: &random))))
        history.append(plain[plain.count - 1])
        history.forget(through: time - retention)
        let after = time - Int64.random(in: -10...retention, using: &random)
        let through = time - Int64.random(in: -10...retention, using: &random)
        let expected = plain.filter { $0.time > max(after, time - retention) && $0.time <= through }
        let latest = history.latest(after: max(after, time - retention), through: through)
        guard same(read(history, after: max(after, time - retention), through: through), expected), latest == expected.last else {
          Issue.record("differs at \(time), \(after)…\(through) with retention \(retention)")
          return
        }
      }
      #expect(history.count <= Int(retention) + 128)
      let kept = plain.filter { $0.time > time - retention }
      #expect(same(Array(history.samples.suffix(kept.count)), kept))
    }
  }

  @Test("gauges that stay and counters that count take two bytes a sample or less where they are written in few bits")
  func size() {
    var random = SystemRandomNumberGenerator()
    for kind in 0...2 {
      var history = SampleHistory()
      var value = 1.0
      for index in 0..<10_000 {
        if kind == 1 { value += Double(Int.random(in: 0...20, using: &random)) }
        if kind == 2, index % 4 == 0 { value = Double(Int.random(in: 0...1, using: &random)) }
        // The tick comes some milliseconds late.
        history.append(Sample(time: Int64(index) * 15_000 + Int64.random(in: 0...9, using: &random), value: value))
      }
      let written = history.byteCount - 64 * MemoryLayout<Sample>.stride
      #expect(Double(written) / 10_000 <= (kind == 1 ? 3 : 2), "\(kind): \(Double(written) / 10_000)")
    }
  }

  @Test("what is no history is refused, and wrong bits give wrong samples and nothing worse")
  func hostile() {
    var history = SampleHistory()
    for index in 0..<400 { history.append(Sample(time: Int64(index), value: Double(index) * 0.1)) }
    var bytes: [UInt8] = []
    history.write(to: &bytes)
    var reader = ByteReader(bytes)
    #expect(SampleHistory(reading: &reader).map { same(read($0), read(history)) } == true && reader.position == bytes.count)
    for length in stride(from: 0, to: bytes.count, by: 7) {
      var reader = ByteReader(Array(bytes.prefix(length)))
      #expect(SampleHistory(reading: &reader) == nil)
    }
    var random = SystemRandomNumberGenerator()
    for _ in 0..<2000 {
      var damaged = bytes
      for _ in 0..<3 { damaged[Int.random(in: damaged.indices, using: &random)] = UInt8.random(in: 0 ... .max, using: &random) }
      var reader = ByteReader(damaged)
      if let read = SampleHistory(reading: &reader) { _ = read.samples.count + self.read(read, after: 3, through: 300).count }
    }
  }
}

@Suite("A table of series")
struct SeriesTableTests {
  @Test("places of removed series are used again, and a copy does not change")
  func removing() throws {
    var table = SeriesTable()
    for name in ["a", "b", "c"] {
      let index = table.insert(["__name__": name])
      table.change(index) { $0.append(Sample(time: 1, value: 1)) }
    }
    let copy = table
    let gone = try #require(table.index(of: ["__name__": "b"]))
    table.remove(gone)
    #expect(table.count == 2 && table.index(of: ["__name__": "b"]) == nil)
    #expect(table.insert(["__name__": "d"]) == gone && table.last(of: gone) == nil)
    #expect(copy.count == 3 && copy.labels(of: gone) == ["__name__": "b"] && copy.last(of: gone) != nil)
    let all = try LabelMatcher("__name__", .matches, ".+")
    #expect(Set(table.matching([all]).compactMap { table.labels(of: $0)["__name__"] }) == ["a", "c", "d"])
    #expect(table.matching([try LabelMatcher("__name__", .equal, "b")]).isEmpty)
  }

  @Test("labels that come and go do not fill the memory")
  func churn() {
    var table = SeriesTable()
    for index in 0..<200_000 {
      let place = table.insert(["__name__": "m", "l": "\(index)"])
      if index % 100 != 99 { table.remove(place) }
      if index % 1000 == 999 { for place in Array(table.indices).dropFirst() { table.remove(place) } }
    }
    #expect(table.select(SeriesRequest(matchers: [], after: 0, through: 1)).symbols.texts.count < 70_000)
  }

  @Test("what is written is read again")
  func bytes() throws {
    var table = SeriesTable()
    for number in 0..<20 {
      let index = table.insert(["__name__": "m\(number % 3)", "é": "\(number)"])
      for time in 0..<200 { table.change(index) { $0.append(Sample(time: Int64(time), value: Double(time * number))) } }
    }
    var bytes: [UInt8] = []
    table.write(to: &bytes)
    var reader = ByteReader(bytes)
    let again = try #require(SeriesTable(reading: &reader))
    #expect(again.count == 20)
    for index in table.indices {
      let other = try #require(again.index(of: table.labels(of: index)))
      #expect(again.history(of: other).samples == table.history(of: index).samples)
    }
    var short = ByteReader(Array(bytes.dropLast()))
    #expect(SeriesTable(reading: &short) == nil)
  }
}
