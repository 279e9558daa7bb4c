import Testing

@testable import Lookout

@Suite("The diagnosis of a failure")
struct DiagnosisTests {
  private var scene = DiagnosisScene()

  @Test("a first failure is looked at a second time after 0.8 s, everything below it at once, and nothing is said meanwhile")
  mutating func firstFailure() {
    let step = scene.see("page", .fail)
    #expect(step.wished(after: scene.now) == ["health +0", "page +800", "postgresql +0", "session +0"])
    #expect(step.published.isEmpty && !step.hasChanged)
    #expect(scene.diagnosis.findings.allSatisfy { $0.level == .pass })
    #expect(scene.diagnosis.deadline == scene.now + .seconds(15))
  }

  @Test("when all awaited looks have come, all is said in one step, each with its cause")
  mutating func effectWithCause() {
    scene.see("page", .fail)
    #expect(scene.see("session", .fail).wished(after: scene.now) == ["session +800"])
    scene.see("health", .pass)
    #expect(scene.see("postgresql", .fail).wished(after: scene.now) == ["postgresql +800"])
    scene.wait(.milliseconds(800))
    scene.see("page", .fail)
    scene.see("session", .fail)
    #expect(scene.said == [])
    let last = scene.see("postgresql", .fail)
    #expect(last.said == ["health pass", "page fail postgresql", "postgresql fail postgresql", "session fail postgresql"])
    #expect(last.hasChanged && scene.diagnosis.deadline == nil)
  }

  @Test("a blip that is over at the second look is never said")
  mutating func blip() {
    scene.see("postgresql", .fail)
    scene.wait(.milliseconds(800))
    let step = scene.see("postgresql", .pass)
    #expect(step.said == ["postgresql pass"] && !step.hasChanged)
    #expect(scene.diagnosis.deadline == nil)
  }

  @Test("a look that began before it was wished for does not answer the wish")
  mutating func tooEarly() {
    let before = scene.now
    scene.wait(.seconds(1))
    scene.see("postgresql", .fail)
    scene.wait(.milliseconds(700))
    #expect(scene.see("postgresql", .fail, startedAt: before).published.isEmpty)
    scene.wait(.milliseconds(100))
    #expect(scene.see("postgresql", .fail).said == ["postgresql fail postgresql"])
  }

  @Test("a costly failure is not repeated; what is below it answers for it")
  mutating func costly() {
    let step = scene.see("dashboard", .fail)
    #expect(step.wished(after: scene.now) == ["health +0", "postgresql +0", "session +0"])
    scene.see("health", .pass)
    scene.see("session", .pass)
    #expect(scene.see("postgresql", .pass).said == ["dashboard fail dashboard", "health pass", "postgresql pass", "session pass"])
  }

  @Test("what is known to fail is not looked at again: a later effect joins its cause")
  mutating func laterEffect() {
    scene.see("postgresql", .fail)
    scene.wait(.milliseconds(800))
    #expect(scene.see("postgresql", .fail).said == ["postgresql fail postgresql"])
    #expect(scene.see("dashboard", .fail).wished(after: scene.now) == ["health +0", "session +0"])
    scene.see("health", .pass)
    #expect(scene.see("session", .pass).said.contains("dashboard fail postgresql"))
  }

  @Test("a look below that hangs holds things up for 15 s, then all is said that is known")
  mutating func hanging() {
    scene.see("page", .fail)
    scene.see("health", .pass)
    scene.see("session", .pass)
    scene.wait(.milliseconds(800))
    scene.see("page", .fail)
    scene.wait(.milliseconds(14_199))
    #expect(scene.expire().published.isEmpty && scene.said.isEmpty)
    scene.wait(.milliseconds(1))
    #expect(scene.expire().said == ["health pass", "page fail page", "session pass"])
    #expect(scene.diagnosis.deadline == nil)
    #expect(scene.expire().published.isEmpty)
  }

  @Test("a failure that comes while others are looked into joins them, and is confirmed as they are")
  mutating func joining() {
    scene.see("page", .fail)
    scene.wait(.milliseconds(400))
    #expect(scene.see("dashboard", .fail).published.isEmpty)
    scene.see("session", .pass)
    scene.see("postgresql", .pass)
    #expect(scene.see("health", .fail).wished(after: scene.now) == ["health +800"])
    scene.wait(.milliseconds(400))
    scene.see("page", .fail)
    #expect(scene.said == [])
    scene.wait(.milliseconds(400))
    let last = scene.see("health", .fail)
    #expect(last.said == ["dashboard fail process", "health fail process", "page fail process", "postgresql pass", "session pass"])
  }

  @Test("a check that passed within an inquiry and fails before its end is confirmed too")
  mutating func failsLater() {
    scene.see("page", .fail)
    scene.see("health", .pass)
    scene.wait(.milliseconds(500))
    #expect(scene.see("health", .fail).wished(after: scene.now).contains("health +800"))
    scene.wait(.milliseconds(300))
    scene.see("page", .fail)
    scene.see("session", .pass)
    scene.see("postgresql", .pass)
    #expect(scene.said == [])
    scene.wait(.milliseconds(500))
    // It was a blip: what failed beside it is looked at once more.
    #expect(scene.see("health", .pass).said == [])
    #expect(scene.see("page", .fail).said == ["health pass", "page fail page", "postgresql pass", "session pass"])
  }

  @Test("a failure whose second look is not due when time is over is not said before that look")
  mutating func unconfirmedAtDeadline() {
    scene.see("page", .fail)
    scene.see("postgresql", .pass)
    scene.see("session", .pass)
    scene.wait(.milliseconds(800))
    scene.see("page", .fail)
    scene.wait(.milliseconds(14_000))
    scene.see("agent", .warn)
    scene.see("session", .fail)
    scene.wait(.milliseconds(200))
    #expect(scene.expire().said == ["agent warn agent", "page fail page", "postgresql pass"])
    #expect(scene.diagnosis.deadline != nil)
    scene.wait(.milliseconds(600))
    scene.see("session", .pass)
    #expect(scene.standing == ["agent warn agent", "page fail page"])
  }

  @Test("a warning looks below, but needs no second look of its own")
  mutating func warning() {
    #expect(scene.see("page", .warn).wished(after: scene.now) == ["health +0", "postgresql +0", "session +0"])
    scene.see("health", .pass)
    scene.see("session", .pass)
    #expect(scene.see("postgresql", .pass).said.contains("page warn page"))
    #expect(scene.see("page", .pass).said == ["page pass"])
  }

  @Test("a warning that becomes a failure is confirmed; a warning below is no cause")
  mutating func worsening() {
    #expect(scene.see("postgresql", .warn).said == ["postgresql warn postgresql"])
    #expect(scene.see("page", .fail).wished(after: scene.now) == ["health +0", "page +800", "postgresql +0", "session +0"])
    for check in ["health", "session"] { scene.see(check, .pass) }
    scene.see("postgresql", .warn)
    scene.wait(.milliseconds(800))
    scene.see("page", .fail)
    #expect(scene.standing == ["page fail page", "postgresql warn postgresql"])
    #expect(scene.see("postgresql", .fail).wished(after: scene.now) == ["postgresql +800"])
    scene.wait(.milliseconds(800))
    scene.see("postgresql", .fail)
    #expect(scene.standing == ["page fail postgresql", "postgresql fail postgresql"])
  }

  @Test("what fails on for another reason is said at once, and since then")
  mutating func otherReason() {
    scene.see("postgresql", .fail, .connect)
    scene.wait(.milliseconds(800))
    scene.see("postgresql", .fail, .connect)
    let first = scene.now
    scene.wait(.seconds(15))
    #expect(!scene.see("postgresql", .fail, .connect).hasChanged)
    #expect(scene.diagnosis.findings.first { $0.check.check == "postgresql" }?.since == first)
    scene.wait(.seconds(15))
    let step = scene.see("postgresql", .fail, .timeout)
    #expect(step.hasChanged && step.said == ["postgresql fail postgresql"])
    let finding = scene.diagnosis.findings.first { $0.check.check == "postgresql" }
    #expect(finding?.since == scene.now && finding?.freshUntil == scene.now + .seconds(45))
  }

  @Test("targets have nothing to do with each other")
  mutating func targets() {
    var scene = DiagnosisScene(targets: ["crm", "shop"])
    let step = scene.see("page", .fail)
    #expect(step.wishes.allSatisfy { $0.check.target == "crm" })
    scene.see("postgresql", .fail, target: "shop")
    for check in ["health", "session", "postgresql"] { scene.see(check, .pass) }
    scene.wait(.milliseconds(800))
    scene.see("page", .fail)
    scene.see("postgresql", .fail, target: "shop")
    #expect(scene.standing == ["page fail page", "shop/postgresql fail postgresql"])
    #expect(!scene.see("postgresql", .pass, target: "shop").said.isEmpty)
  }

  @Test("a check that was in no table is taken as it comes")
  mutating func unknownCheck() {
    let step = scene.diagnosis.take(observed("new", .mail, .level(.pass), at: scene.now), at: scene.now)
    #expect(step.said == ["new pass"])
  }
}
