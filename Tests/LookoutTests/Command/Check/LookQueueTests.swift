import Testing

@testable import Lookout

@Suite("The queue of a round's looks")
struct LookQueueTests {
  private let now = notifyStart
  private let slot = WorkerSlot(odoo: "http://o", share: 0.02, longestRequest: .seconds(120))

  private func check(_ name: String, costly: Bool = false) -> Check {
    Check(id: id(name), component: .page, interval: .seconds(15), cost: costly ? .costly(slot) : .cheap) {
      Sight(seen: .agent(AgentSight()))
    }
  }

  private func id(_ name: String) -> CheckID { CheckID(target: "crm", check: name) }
  private func queue(_ checks: [Check]) -> LookQueue { LookQueue(checks, first: Set(checks.map(\.id)), at: now) }
  private func names(_ checks: [Check]) -> [String] { checks.map(\.id.check) }

  @Test("cheap looks are taken together, costly ones of a slot one after the other and without a rest")
  func order() {
    var queue = queue([check("a"), check("x", costly: true), check("b"), check("y", costly: true)])
    #expect(names(queue.takeDue(at: now)) == ["a", "x", "b"])
    #expect(names(queue.takeDue(at: now)).isEmpty)
    queue.end(id("x"), isAbandoned: false)
    #expect(names(queue.takeDue(at: now)) == ["y"])
    #expect(!queue.isIdle && queue.underWay == [id("a"), id("b"), id("y")])
    for name in ["a", "b", "y"] { queue.end(id(name), isAbandoned: false) }
    #expect(queue.isIdle)
  }

  @Test("no more than eight cheap looks are under way")
  func bound() {
    var queue = queue((0..<20).map { check("c\($0)") })
    #expect(queue.takeDue(at: now).count == 8)
    queue.end(id("c3"), isAbandoned: false)
    #expect(names(queue.takeDue(at: now)) == ["c8"])
    #expect(queue.waiting == 11)
  }

  @Test("after a request that was given up its slot is asked for nothing more")
  func abandoned() {
    var queue = queue([check("x", costly: true), check("y", costly: true)])
    _ = queue.takeDue(at: now)
    queue.end(id("x"), isAbandoned: true)
    queue.grant(Wish(check: id("y"), at: now, kind: .look(.unconditional)))
    #expect(queue.takeDue(at: now).isEmpty && queue.isIdle)
    #expect(queue.missing(id("y")) == .slotIsTaken)
  }

  @Test("a wish for later waits for its moment, one for a look under way for that look's end")
  func wishes() {
    var queue = queue([check("a")])
    _ = queue.takeDue(at: now)
    queue.grant(Wish(check: id("a"), at: now + .milliseconds(800)))
    #expect(queue.takeDue(at: now + .seconds(1)).isEmpty)
    queue.end(id("a"), isAbandoned: false)
    #expect(queue.takeDue(at: now).isEmpty && queue.nextDue(after: now) == now + .milliseconds(800))
    #expect(names(queue.takeDue(at: now + .milliseconds(800))) == ["a"])
  }

  @Test("what is not asked for is looked at only when wished for, and other kinds of wish are none")
  func unasked() {
    var queue = LookQueue([check("a"), check("b")], first: [id("a")], at: now)
    #expect(names(queue.takeDue(at: now)) == ["a"])
    queue.grant(Wish(check: id("b"), at: now, kind: .spare))
    queue.grant(Wish(check: id("nobody"), at: now))
    #expect(queue.takeDue(at: now).isEmpty)
    queue.grant(Wish(check: id("b"), at: now))
    #expect(names(queue.takeDue(at: now)) == ["b"])
  }
}
