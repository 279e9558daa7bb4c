import Testing

@testable import OdooLog

@Suite struct TimeLineTests {
  private func line(_ moments: [Int64]) -> TimeLine {
    var line = TimeLine()
    for moment in moments { line.count(moment) { $0.records &+= 1 } }
    return line
  }

  @Test("moments of a minute share a slot, and those before the first get one too")
  func slots() {
    let line = line([120_000, 179_999, 180_000, 60_001])
    #expect(line.slots.map(\.records) == [1, 2, 1])
    #expect(line.width == 60_000 && line.start(of: 0) == 60_000)
  }

  @Test("slots become wider as the log goes on, and nothing is lost", arguments: 1...30)
  func widens(seed: UInt64) {
    var generator = SeededGenerator(state: seed)
    let span = Int64(1) << Int64.random(in: 16...46, using: &generator)
    let moments = (0..<2_000).map { _ in Int64.random(in: -span...span, using: &generator) }
    let line = line(moments)
    #expect(line.slots.count <= TimeLine.mostSlots)
    #expect(line.slots.map(\.records).reduce(0, +) == 2_000)
    for slot in line.slots.indices {
      let range = line.start(of: slot)..<line.start(of: slot + 1)
      #expect(line.slots[slot].records == UInt64(moments.count { range.contains($0) }))
    }
  }

  @Test("the ends of time do no harm")
  func extremes() {
    #expect(line([-62_167_219_200_000, 253_402_300_799_000, 0]).slots.map(\.records).reduce(0, +) == 3)
  }
}
