import Testing

@testable import Lookout

@Suite("A schedule of many watches")
struct SchedulePartsTests {
  private let start = notifyStart
  private var parts = ScheduleParts(spread: .zero)

  private func check(_ target: String, _ name: String, odoo: String? = nil, every seconds: Int = 60) -> Check {
    let cost = odoo.map { Check.Cost.costly(WorkerSlot(odoo: $0, share: 0.04, longestRequest: .seconds(120))) } ?? .cheap
    return Check(id: CheckID(target: target, check: name), component: .dashboard, interval: .seconds(seconds), cost: cost) {
      Sight(seen: .agent(AgentSight()))
    }
  }

  private mutating func due(at seconds: Double) -> [ScheduleParts.Granted] { parts.takeDue(at: start + .seconds(seconds)).due }

  private mutating func names(at seconds: Double) -> [String] { due(at: seconds).map(\.look.check.id.description).sorted() }

  private mutating func end(_ looks: [ScheduleParts.Granted], at seconds: Double) -> [Duration?] {
    looks.map { parts.end($0, startedAt: start, endedAt: start + .seconds(seconds), by: Sight(seen: .agent(AgentSight()))) }
  }

  @Test("databases of one Odoo share its slot, those of another have another")
  mutating func slots() {
    parts.change("a", to: [check("a", "data", odoo: "x")], at: start)
    parts.change("b", to: [check("b", "data", odoo: "x")], at: start)
    parts.change("c", to: [check("c", "data", odoo: "y")], at: start)
    let first = due(at: 0)
    #expect(first.map(\.look.check.id.target).sorted() == ["a", "c"])
    #expect(names(at: 1) == [])
    #expect(end(first, at: 0.4) == [.seconds(60), .seconds(60)])
    #expect(parts.nextDue == start + .seconds(10.4))
    #expect(names(at: 10.4) == ["b/data"])
  }

  @Test("a watch that is exchanged keeps nothing of before, and looks of before are not told any more")
  mutating func exchanged() {
    parts.change("a", to: [check("a", "one", odoo: "x"), check("a", "two")], at: start)
    let before = due(at: 0)
    // Odoo has moved: the watch is part of another schedule now.
    parts.change("a", to: [check("a", "two", odoo: "y")], at: start + .seconds(1))
    #expect(names(at: 1) == ["a/two"])
    #expect(end(before, at: 2) == [nil, nil])
    parts.grant(Wish(check: CheckID(target: "a", check: "one"), at: start + .seconds(2)), at: start + .seconds(2))
    #expect(names(at: 2) == [])
    parts.change("a", to: [], at: start + .seconds(3))
    #expect(parts.nextDue == nil && names(at: 600) == [])
  }

  @Test("of a long list every check is looked at, and wished for, like any other; their beginnings stay spread")
  mutating func longList() {
    parts = ScheduleParts(spread: .milliseconds(50))
    let checks = (0..<100).map { check("p\($0)", "probe") }
    parts.change(" probes", to: checks, at: start)
    #expect(names(at: 0) == ["p0/probe"])
    #expect(due(at: 2.5).count == 50)
    let rest = due(at: 5)
    #expect(rest.count == 49)
    let last = CheckID(target: "p99", check: "probe")
    _ = end(rest, at: 5.1)
    parts.grant(Wish(check: last, at: start + .seconds(6)), at: start + .seconds(6))
    #expect(parts.nextDue == start + .seconds(6) && names(at: 6) == ["p99/probe"])
    parts.change(" probes", to: Array(checks.prefix(10)), at: start + .seconds(7))
    #expect(due(at: 600).count == 10)
  }
}
