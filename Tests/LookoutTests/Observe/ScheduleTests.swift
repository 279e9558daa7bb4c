import Testing

@testable import Lookout

@Suite("The schedule of looks", .timeLimit(.minutes(1)))
struct ScheduleTests {
  private let time = HandMovedTime()
  private let wishes = Wishlist()
  private let effort = Board(Schedule.Effort())
  /// `a begins`, `a ends 1.5`: the span is the observation's interval.
  private let news = Mailbox<String>()
  private let start = notifyStart

  /// A check whose looks take no time, or wait for the test's word.
  private func check(_ name: String, every seconds: Int, cost: Check.Cost = .cheap, until gate: Mailbox<Void>? = nil) -> Check {
    Check(id: CheckID(target: "crm", check: name), component: .page, interval: .seconds(seconds), cost: cost) { [news] in
      news.put("\(name) begins")
      if let gate { _ = try? await gate.take() }
      return Sight(seen: .agent(AgentSight()))
    }
  }

  private func slot(_ share: Double) -> Check.Cost { .costly(WorkerSlot(odoo: "http://o", share: share, longestRequest: .seconds(120))) }

  private func run(_ checks: [Check], _ body: () async throws -> Void) async throws {
    let schedule = Schedule(
      wishes: wishes, effort: effort, timeline: time.timeline, spread: .zero,
      tell: { [news] noticed in
        guard case .observation(let seen) = noticed else { return }
        news.put("\(seen.check.check) ends \(seen.interval.inSeconds.formatted() as String)")
      })
    schedule.change("crm", to: checks)
    let task = Task { await schedule.run() }
    try await body()
    task.cancel()
    _ = await task.result
  }

  private func take(_ count: Int) async throws -> [String] {
    var taken: [String] = []
    for _ in 0..<count { taken.append(try await news.take()) }
    return taken
  }

  private func wish(_ name: String, at moment: Timestamp) {
    wishes.post([Wish(check: CheckID(target: "crm", check: name), at: moment)])
  }

  @Test("each check is looked at once at the beginning and then when its interval is over")
  func due() async throws {
    try await run([check("a", every: 10), check("b", every: 15)]) {
      #expect(Set(try await take(4)) == ["a begins", "a ends 10", "b begins", "b ends 15"])
      try await time.sleeper(until: start + .seconds(10))
      time.advance(by: .seconds(10))
      #expect(try await take(2) == ["a begins", "a ends 10"])
      try await time.sleeper(until: start + .seconds(15))
      time.advance(by: .seconds(5))
      #expect(try await take(2) == ["b begins", "b ends 15"])
      try await time.sleeper(until: start + .seconds(20))
      #expect(news.all.isEmpty && effort.latest.skipped.isEmpty)
    }
  }

  @Test("ticks that were missed are not made up for")
  func missed() async throws {
    try await run([check("a", every: 10)]) {
      _ = try await take(2)
      try await time.sleeper(until: start + .seconds(10))
      time.advance(by: .seconds(95))
      #expect(try await take(2) == ["a begins", "a ends 10"])
      try await time.sleeper(until: start + .seconds(105))
      #expect(news.all.isEmpty)
    }
  }

  @Test("a look that is still under way is not taken twice; what fell due meanwhile is counted")
  func skipping() async throws {
    let gate = Mailbox<Void>()
    try await run([check("a", every: 10, until: gate)]) {
      _ = try await take(1)
      for tick in 1...3 {
        try await time.sleeper(until: start + .seconds(10 * tick))
        time.advance(by: .seconds(10))
      }
      try await time.sleeper(until: start + .seconds(40))
      #expect(effort.latest.skipped == [CheckID(target: "crm", check: "a"): 3] && news.all.isEmpty)
      gate.put(())
      #expect(try await take(1) == ["a ends 10"])
      time.advance(by: .seconds(10))
      #expect(try await take(1) == ["a begins"])
    }
  }

  @Test("a check that is slow does not hold up another one")
  func independent() async throws {
    try await run([check("slow", every: 10, until: Mailbox()), check("a", every: 10)]) {
      #expect(Set(try await take(3)) == ["slow begins", "a begins", "a ends 10"])
      try await time.sleeper(until: start + .seconds(10))
      time.advance(by: .seconds(10))
      #expect(try await take(2) == ["a begins", "a ends 10"])
    }
  }

  @Test("a wish hastens a look, never delays one")
  func wished() async throws {
    try await run([check("a", every: 10)]) {
      _ = try await take(2)
      wish("a", at: start)
      #expect(try await take(2) == ["a begins", "a ends 10"])
      wish("a", at: start + .seconds(3))
      wish("a", at: start + .seconds(60))
      wish("nobody", at: start)
      try await time.sleeper(until: start + .seconds(3))
      time.advance(by: .seconds(3))
      #expect(try await take(2) == ["a begins", "a ends 10"])
      try await time.sleeper(until: start + .seconds(13))
    }
  }

  @Test("what is wished for while a look is under way is looked at when that one ends, and does not count as skipped")
  func wishedMeanwhile() async throws {
    let gate = Mailbox<Void>()
    try await run([check("a", every: 10, until: gate)]) {
      #expect(try await take(1) == ["a begins"])
      wish("a", at: start)
      gate.put(())
      #expect(try await take(2) == ["a ends 10", "a begins"])
      gate.put(())
      #expect(try await take(1) == ["a ends 10"])
      try await time.sleeper(until: start + .seconds(10))
      #expect(news.all.isEmpty && effort.latest.skipped.isEmpty)
    }
  }

  @Test("a wish for later, made while a look is under way, is granted then")
  func wishedForLater() async throws {
    let gate = Mailbox<Void>()
    try await run([check("a", every: 10, until: gate)]) {
      _ = try await take(1)
      wish("a", at: start + .seconds(2))
      gate.put(())
      #expect(try await take(1) == ["a ends 10"])
      try await time.sleeper(until: start + .seconds(2))
      time.advance(by: .seconds(2))
      #expect(try await take(1) == ["a begins"])
    }
  }

  @Test("a costly check rests until its answers have taken no more than their share, and says how long that is")
  func rest() async throws {
    let gate = Mailbox<Void>()
    try await run([check("a", every: 60, cost: slot(0.04), until: gate)]) {
      _ = try await take(1)
      try await time.sleeper(until: start + .seconds(60))
      time.advance(by: .seconds(4))
      gate.put(())
      #expect(try await take(1) == ["a ends 100"])
      try await time.sleeper(until: start + .seconds(104))
      #expect(effort.latest.workerSeconds == ["crm": 4])
      time.advance(by: .seconds(100))
      #expect(try await take(1) == ["a begins"])
      gate.put(())
      #expect(try await take(1) == ["a ends 60"])
      try await time.sleeper(until: start + .seconds(164))
    }
  }

  @Test("the longest rest is an hour; a cheap check needs none, however slow it was")
  func longestRest() async throws {
    let gates = [Mailbox<Void>(), Mailbox<Void>()]
    try await run([check("cheap", every: 60, until: gates[1]), check("costly", every: 60, cost: slot(0.001), until: gates[0])]) {
      _ = try await take(2)
      time.advance(by: .seconds(30))
      for gate in gates { gate.put(()) }
      #expect(Set(try await take(2)) == ["costly ends 3600", "cheap ends 60"])
      try await time.sleeper(until: start + .seconds(60))
      time.advance(by: .seconds(30))
      #expect(try await take(1) == ["cheap begins"])
    }
  }

  @Test("cancelling ends the looks under way, and they say nothing more")
  func cancelled() async throws {
    let gate = Mailbox<Void>()
    try await run([check("a", every: 10, until: gate)]) { _ = try await take(1) }
    #expect(news.all.isEmpty)
  }
}
