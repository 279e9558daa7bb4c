import Testing

@testable import Lookout

@Suite("The diagnosis of a recovery")
struct DiagnosisRecoveryTests {
  /// PostgreSQL is down, page and dashboard with it, and all is said.
  private var scene: DiagnosisScene

  init() {
    scene = DiagnosisScene()
    for check in ["postgresql", "page", "dashboard"] { scene.see(check, .fail) }
    for check in ["health", "session"] { scene.see(check, .pass) }
    scene.wait(.milliseconds(800))
    for check in ["postgresql", "page"] { scene.see(check, .fail) }
    scene.wait(.seconds(15))
  }

  @Test("the scene: effects with their cause")
  func begin() {
    #expect(scene.standing == ["dashboard fail postgresql", "page fail postgresql", "postgresql fail postgresql"])
    #expect(scene.diagnosis.deadline == nil)
  }

  @Test("cause and effects are said to be over in one step")
  mutating func together() {
    let step = scene.see("postgresql", .pass)
    #expect(step.wished(after: scene.now) == ["dashboard +0", "page +0"])
    #expect(step.published.isEmpty && scene.diagnosis.deadline == scene.now + .seconds(10))
    scene.wait(.milliseconds(50))
    #expect(scene.see("page", .pass).published.isEmpty)
    let last = scene.see("dashboard", .pass)
    #expect(last.said == ["dashboard pass", "page pass", "postgresql pass"] && last.hasChanged)
    #expect(scene.standing.isEmpty)
  }

  @Test("a look that began during the fault and fails after its end says nothing: it is taken again")
  func lateFailure() {
    var scene = DiagnosisScene()
    scene.see("health", .fail)
    for check in ["postgresql"] { scene.see(check, .pass) }
    scene.wait(.milliseconds(800))
    scene.see("health", .fail)
    #expect(scene.standing == ["health fail process"])
    let during = scene.now
    scene.wait(.seconds(5))
    scene.see("health", .pass)
    scene.wait(.seconds(3))
    let late = scene.see("dashboard", .fail, .timeout, startedAt: during)
    #expect(late.published.isEmpty && late.wished(after: scene.now) == ["dashboard +0"] && scene.standing.isEmpty)
    scene.wait(.seconds(1))
    #expect(scene.diagnosis.deadline == nil)
    #expect(scene.see("dashboard", .fail).wished(after: scene.now).contains("session +0"))
  }

  @Test("an effect that had just failed and was not told yet when its cause recovered is taken again with the others")
  func untoldEffect() {
    var scene = DiagnosisScene()
    scene.see("health", .fail)
    scene.see("postgresql", .pass)
    scene.wait(.milliseconds(800))
    scene.see("health", .fail)
    scene.wait(.seconds(8))
    scene.see("dashboard", .fail, .timeout)
    #expect(scene.standing == ["health fail process"])
    scene.wait(.milliseconds(100))
    #expect(scene.see("health", .pass).wished(after: scene.now) == ["dashboard +0"])
    scene.wait(.seconds(5))
    scene.see("dashboard", .pass)
    for check in ["session", "page", "postgresql"] { scene.see(check, .pass) }
    scene.wait(.seconds(10))
    scene.expire()
    #expect(!scene.said.contains { $0.hasPrefix("dashboard fail") } && scene.standing.isEmpty)
  }

  @Test("an effect that is still broken is looked at again and again; after 10 s it is told as a trouble of its own")
  mutating func staysBroken() {
    scene.see("postgresql", .pass)
    scene.see("page", .pass)
    #expect(scene.see("dashboard", .fail).wished(after: scene.now) == ["dashboard +3000"])
    scene.wait(.seconds(3))
    #expect(scene.see("dashboard", .fail).wished(after: scene.now) == ["dashboard +3000"])
    scene.wait(.seconds(7))
    #expect(scene.expire().said == ["dashboard fail dashboard", "page pass", "postgresql pass"])
  }

  @Test("a cheap effect is looked at again after 0.8 s")
  mutating func cheapAgain() {
    scene.see("postgresql", .pass)
    scene.see("dashboard", .pass)
    #expect(scene.see("page", .fail).wished(after: scene.now) == ["page +800"])
    scene.wait(.milliseconds(800))
    #expect(scene.see("page", .pass).said == ["dashboard pass", "page pass", "postgresql pass"])
  }

  @Test("a cause that is down again before its effects recovered was never up")
  mutating func relapse() {
    scene.see("postgresql", .pass)
    scene.see("page", .fail)
    scene.wait(.seconds(1))
    scene.see("postgresql", .fail)
    scene.wait(.seconds(9))
    let step = scene.expire()
    #expect(!step.said.contains("postgresql pass") && !step.hasChanged)
    #expect(scene.standing == ["dashboard fail postgresql", "page fail postgresql", "postgresql fail postgresql"])
  }

  @Test("an effect may recover before its cause, which is said at once")
  mutating func effectFirst() {
    #expect(scene.see("page", .pass).said == ["page pass"])
    #expect(scene.see("postgresql", .pass).wished(after: scene.now) == ["dashboard +0"])
  }

  @Test("a failure that has nothing to do with it joins the inquiry and is confirmed")
  mutating func newFailure() {
    scene.see("postgresql", .pass)
    scene.see("health", .fail)
    scene.see("page", .pass)
    scene.see("dashboard", .pass)
    #expect(!scene.said.contains("postgresql pass"))
    scene.wait(.milliseconds(800))
    scene.see("health", .fail)
    #expect(scene.standing == ["health fail process"])
  }

  @Test("a check of the same component that still fails leaves the effects to it")
  mutating func twoOfAKind() {
    let second = observed("replica", .postgresql, .level(.fail), at: scene.now)
    _ = scene.diagnosis.take(second, at: scene.now)
    scene.wait(.milliseconds(800))
    _ = scene.diagnosis.take(observed("replica", .postgresql, .level(.fail), at: scene.now), at: scene.now)
    let step = scene.see("postgresql", .pass)
    #expect(step.said == ["postgresql pass"] && step.wishes.isEmpty)
    #expect(scene.standing == ["dashboard fail postgresql", "page fail postgresql", "replica fail postgresql"])
  }
}
