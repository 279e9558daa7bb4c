import PromQL
import Testing

@testable import Lookout

@Suite("The ring of samples")
struct SampleRingTests {
  private func ring(_ times: [Int64], keepingAfter oldest: Int64 = .min) -> SampleRing {
    var ring = SampleRing()
    for time in times { ring.append(Sample(time: time, value: Double(time)), keepingAfter: oldest) }
    return ring
  }

  private func times(_ ring: SampleRing) -> [Int64] { ring.slice(after: .min, through: .max).map(\.time) }

  @Test("an empty one has neither a last sample nor a slice")
  func empty() {
    #expect(SampleRing().last == nil)
    #expect(SampleRing().slice(after: .min, through: .max).isEmpty)
  }

  @Test("a slice begins after its first moment and ends with its last")
  func slices() {
    let ring = ring([10, 20, 30, 40])
    #expect(ring.slice(after: 10, through: 30).map(\.time) == [20, 30])
    #expect(ring.slice(after: 9, through: 10).map(\.time) == [10])
    #expect(ring.slice(after: 40, through: 50).isEmpty && ring.slice(after: 30, through: 10).isEmpty)
    #expect(ring.slice(after: 11, through: 19).isEmpty)
  }

  @Test("a sample no newer than the last replaces its value: no moment twice, and time never runs backwards")
  func replacing() {
    var ring = ring([10, 20])
    ring.append(Sample(time: 20, value: 7), keepingAfter: .min)
    ring.append(Sample(time: 5, value: 8), keepingAfter: .min)
    #expect(times(ring) == [10, 20])
    #expect(ring.last == Sample(time: 20, value: 8))
  }

  @Test("what is too old is dropped when something new comes")
  func dropping() {
    var ring = ring([10, 20, 30])
    ring.append(Sample(time: 40, value: 0), keepingAfter: 20)
    #expect(times(ring) == [30, 40])
    ring.append(Sample(time: 50, value: 0), keepingAfter: 45)
    #expect(times(ring) == [50])
  }

  @Test("agrees with a plain array over a hundred thousand random appends and slices")
  func random() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<50 {
      var ring = SampleRing()
      var plain: [Sample] = []
      var time: Int64 = 0
      let retention = Int64.random(in: 1...400, using: &random)
      for _ in 0..<2000 {
        time += Int64.random(in: -3...20, using: &random)
        let sample = Sample(time: time, value: Double.random(in: 0...1, using: &random))
        ring.append(sample, keepingAfter: time - retention)
        plain.removeAll { $0.time <= time - retention }
        if let last = plain.last, last.time >= time { plain[plain.count - 1].value = sample.value } else { plain.append(sample) }
        let after = time - Int64.random(in: -10...500, using: &random)
        let through = time - Int64.random(in: -10...500, using: &random)
        let expected = plain.filter { $0.time > after && $0.time <= through }
        guard ring.slice(after: after, through: through) == expected, ring.last == plain.last else {
          Issue.record("differs at \(time) with retention \(retention)")
          return
        }
      }
    }
  }
}
