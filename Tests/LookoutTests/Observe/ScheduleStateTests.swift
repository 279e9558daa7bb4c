import Testing

@testable import Lookout

@Suite("When which check falls due")
struct ScheduleStateTests {
  private static let slot = WorkerSlot(odoo: "http://crm:8069", share: 0.04, longestRequest: .seconds(120))
  private let start = notifyStart
  private var state = ScheduleState(spread: .zero)

  private func check(_ name: String, every seconds: Int = 60, costly: Bool = true) -> Check {
    Check(
      id: CheckID(target: "crm", check: name), component: .dashboard, interval: .seconds(seconds),
      cost: costly ? .costly(Self.slot) : .cheap
    ) { Sight(seen: .agent(AgentSight())) }
  }

  private func wish(_ name: String, _ kind: Wish.Kind, at moment: Timestamp) -> Wish {
    Wish(check: CheckID(target: "crm", check: name), at: moment, kind: kind)
  }

  private mutating func due(at seconds: Double) -> [ScheduledLook] { state.takeDue(at: start + .seconds(seconds)).due }

  /// Takes what is due then and ends it so much later; returns its name and the interval that it has in fact.
  @discardableResult
  private mutating func look(at seconds: Double, taking took: Double, isAbandoned: Bool = false) -> String? {
    let looks = due(at: seconds)
    guard looks.count == 1, let look = looks.first else { return looks.isEmpty ? nil : "several" }
    let interval = state.end(
      look, startedAt: start + .seconds(seconds), endedAt: start + .seconds(seconds + took), isAbandoned: isAbandoned)
    return "\(look.check.id.check) \((interval?.inSeconds ?? -1).formatted() as String)"
  }

  @Test("costly checks of one Odoo are looked at one at a time, the one that has waited longest first")
  mutating func oneAtATime() {
    state.change("crm", to: [check("a"), check("b"), check("health", every: 15, costly: false)], at: start)
    let first = due(at: 0)
    #expect(first.map(\.check.id.check) == ["a", "health"])
    #expect(due(at: 1).isEmpty)
    #expect(state.nextDue == start + .seconds(15))
    _ = state.end(first[0], startedAt: start, endedAt: start + .seconds(0.4), isAbandoned: false)
    // 0.4 s at 4 % of a worker: 10 s of rest.
    #expect(due(at: 10.3).isEmpty)
    #expect(due(at: 10.4).map(\.check.id.check) == ["b"])
  }

  @Test("a look that saw something wrong may ask for the next one sooner than its interval, never later")
  mutating func retry() {
    state.change("crm", to: [check("menus", every: 3600, costly: false), check("health", every: 15, costly: false)], at: start)
    for look in due(at: 0) {
      _ = state.end(look, startedAt: start, endedAt: start + .seconds(1), isAbandoned: false, retryAfter: .seconds(60))
    }
    #expect(due(at: 15).map(\.check.id.check) == ["health"])
    #expect(due(at: 60.9).map(\.check.id.check) != ["menus"] && due(at: 61).map(\.check.id.check) == ["menus"])
  }

  @Test("their rests add up: a check's interval is at least the round of all that share the slot")
  mutating func round() {
    state = ScheduleState(spread: .milliseconds(50))
    state.change("crm", to: [check("data"), check("strategic"), check("export", every: 600)], at: start)
    #expect(look(at: 0, taking: 27) == "data 675")
    #expect(look(at: 702, taking: 5.5) == "strategic 812.5")
    #expect(look(at: 845, taking: 18) == "export 1262.5")
    #expect(look(at: 1313, taking: 27) == "data 1262.5")
    // When answers are fast again, so are the looks.
    #expect(look(at: 2015, taking: 0.4) == "strategic 1135")
    #expect(look(at: 2026, taking: 0.4) == "data 470")
    #expect(look(at: 2037, taking: 0.4) == "export 600")
    #expect(look(at: 2086, taking: 0.4) == "strategic 60")
  }

  @Test("a request that was given up holds the slot until it must have ended, and its rest begins then")
  mutating func abandoned() {
    state.change("crm", to: [check("data"), check("strategic")], at: start)
    #expect(look(at: 0, taking: 60, isAbandoned: true) == "data 3000")
    #expect(due(at: 3119).isEmpty)
    #expect(due(at: 3120).map(\.check.id.check) == ["strategic"])
  }

  @Test("its line in Odoo's log frees the slot, with the rest for what it really took")
  mutating func released() {
    state.change("crm", to: [check("data"), check("strategic")], at: start)
    look(at: 0, taking: 60, isAbandoned: true)
    state.grant(wish("strategic", .release(took: .seconds(1)), at: start + .seconds(70)), at: start + .seconds(70))
    #expect(due(at: 71).isEmpty)
    state.grant(wish("data", .release(took: .seconds(70)), at: start + .seconds(72)), at: start + .seconds(72))
    #expect(due(at: 72 + 1749).isEmpty)
    #expect(due(at: 72 + 1750).map(\.check.id.check) == ["strategic"])
  }

  @Test(
    "who wished for a look while such a request went on has no haste any more when it has ended, and rests; later wishes have",
    arguments: [true, false])
  mutating func hasteIsOver(_ isLater: Bool) {
    state.change("crm", to: [check("data"), check("strategic")], at: start)
    look(at: 0, taking: 4, isAbandoned: true)
    state.grant(wish("strategic", .look(.unrested), at: start + .seconds(isLater ? 31 : 4)), at: start + .seconds(4))
    state.grant(wish("data", .release(took: .seconds(30)), at: start + .seconds(30)), at: start + .seconds(30))
    #expect(due(at: 31).map(\.check.id.check) == (isLater ? ["strategic"] : []))
    #expect(due(at: 30 + 749).isEmpty)
    #expect(due(at: 30 + 750).map(\.check.id.check) == (isLater ? [] : ["strategic"]))
  }

  @Test("a line in the log frees nothing that no look has given up")
  mutating func notAbandoned() {
    state.change("crm", to: [check("data"), check("strategic")], at: start)
    look(at: 0, taking: 4)
    state.grant(wish("data", .release(took: .zero), at: start), at: start + .seconds(5))
    #expect(due(at: 103).isEmpty)
    #expect(due(at: 104).map(\.check.id.check) == ["strategic"])
  }

  @Test("a wish for a costly look waits for the slot's rest, an urgent one for nothing but another look under way")
  mutating func wishes() {
    state.change("crm", to: [check("data", every: 3600), check("strategic", every: 3600)], at: start)
    #expect(look(at: 0, taking: 4) == "data 3600")
    state.grant(wish("data", .look(.none), at: start + .seconds(10)), at: start + .seconds(10))
    #expect(due(at: 103).isEmpty)
    state.grant(wish("data", .look(.unrested), at: start + .seconds(50)), at: start + .seconds(50))
    #expect(state.nextDue == start + .seconds(50))
    let rechecked = due(at: 50)
    #expect(rechecked.map(\.check.id.check) == ["data"])
    state.grant(wish("strategic", .look(.unrested), at: start + .seconds(51)), at: start + .seconds(51))
    #expect(due(at: 51).isEmpty && state.nextDue.map { $0 > start + .seconds(100) } == true)
    _ = state.end(rechecked[0], startedAt: start + .seconds(50), endedAt: start + .seconds(52), isAbandoned: false)
    #expect(due(at: 52).map(\.check.id.check) == ["strategic"])
  }

  @Test("while a request that was given up may hold a worker, only the end of the trouble lets another in")
  mutating func urgentAfterAbandoned() {
    state.change("crm", to: [check("data", every: 3600), check("strategic", every: 3600)], at: start)
    look(at: 0, taking: 60, isAbandoned: true)
    state.grant(wish("strategic", .look(.unrested), at: start + .seconds(61)), at: start + .seconds(61))
    #expect(due(at: 61).isEmpty)
    state.grant(wish("strategic", .look(.unconditional), at: start + .seconds(62)), at: start + .seconds(62))
    #expect(due(at: 62).map(\.check.id.check) == ["strategic"])
  }

  @Test("users' requests spare a look, but never for more than ten minutes")
  mutating func spared() {
    state.change("crm", to: [check("data")], at: start)
    look(at: 0, taking: 0.1)
    for second in stride(from: 30, through: 900, by: 30) {
      let now = start + .seconds(second)
      state.grant(wish("data", .spare, at: now + .seconds(60)), at: now)
      if second < 600 { #expect(due(at: Double(second) + 1).isEmpty) }
    }
    #expect(state.nextDue == start + .seconds(600))
    #expect(due(at: 600).map(\.check.id.check) == ["data"])
  }

  @Test("with other checks in its place, a look under way says nothing any more; its request holds the slot until it has ended")
  mutating func changed() {
    state.change("crm", to: [check("data"), check("gone")], at: start)
    let old = due(at: 0)
    state.change("crm", to: [check("data")], at: start + .seconds(5))
    #expect(due(at: 5).isEmpty)
    #expect(state.end(old[0], startedAt: start, endedAt: start + .seconds(6), isAbandoned: false) == nil)
    #expect(due(at: 155).isEmpty)
    let new = due(at: 156)
    #expect(new.map(\.check.id.check) == ["data"] && new.first?.generation != old.first?.generation)
    state.change("crm", to: [], at: start + .seconds(7))
    #expect(state.nextDue == nil && due(at: 100).isEmpty)
  }

  @Test("watches have nothing to do with each other, though their checks may name the same target")
  mutating func watches() {
    state.change("crm", to: [check("health", costly: false)], at: start)
    state.change("", to: [check("agent", costly: false)], at: start)
    state.change("crm", to: [], at: start)
    #expect(due(at: 0).map(\.check.id.check) == ["agent"])
  }

  @Test("what is running when it falls due again is skipped and counted")
  mutating func skipped() {
    state.change("crm", to: [check("health", every: 10, costly: false)], at: start)
    _ = due(at: 0)
    #expect(state.takeDue(at: start + .seconds(10)).skipped.map(\.check) == ["health"])
    #expect(state.nextDue == start + .seconds(20))
  }
}
