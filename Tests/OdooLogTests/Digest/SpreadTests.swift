import Testing

@testable import OdooLog

@Suite struct SpreadTests {
  private func spread(_ values: [UInt64], unit: Double = 1) -> Spread {
    var counts = [UInt64](repeating: 0, count: Spread.bucketCount)
    for value in values { counts[Spread.bucket(value)] += 1 }
    return Spread(counts[...], unit: unit)
  }

  @Test("each value lies in a bucket whose upper end it does not exceed, and by less than an eighth")
  func buckets() {
    var generator = SeededGenerator(state: 7)
    let values = (0..<1_000).map(UInt64.init) + (0..<5_000).map { _ in UInt64.random(in: 0..<(1 << 24), using: &generator) }
    for value in values {
      let highest = Spread.highest(in: Spread.bucket(value))
      #expect(highest >= value && Double(highest - value) <= Double(value) / 8 + 0.01)
    }
    #expect(Spread.bucket(.max) == Spread.bucketCount - 1)
  }

  @Test("buckets rise without a gap")
  func order() {
    for bucket in 1..<(Spread.bucketCount - 1) {
      #expect(Spread.bucket(Spread.highest(in: bucket)) == bucket)
      #expect(Spread.bucket(Spread.highest(in: bucket - 1) + 1) == bucket)
    }
  }

  @Test("a quantile is that of the sorted values, but for the width of its bucket", arguments: [0.01, 0.5, 0.9, 0.95, 0.99, 1])
  func quantiles(share: Double) throws {
    var generator = SeededGenerator(state: 3)
    let values = (0..<10_000).map { _ in UInt64.random(in: 0..<100_000, using: &generator) }.sorted()
    let exact = Double(values[max(0, Int((share * 10_000).rounded(.up)) - 1)])
    let found = try #require(spread(values, unit: 0.5).quantile(share))
    #expect(found >= exact * 0.5 && found <= exact * 0.5 * 1.13)
  }

  @Test("of nothing there is no quantile, and odd shares are those next to them")
  func edges() {
    #expect(spread([]).quantile(0.5) == nil && spread([]).count == 0)
    #expect(spread([5]).quantile(-1) == 5 && spread([5]).quantile(7) == 5)
  }

  @Test("what does not exceed a bound is counted up to it")
  func cumulative() {
    #expect(spread([1, 2, 3, 100, 5_000]).cumulative([0, 2, 7, 5_119, 1e9]) == [0, 2, 3, 5, 5])
  }
}
