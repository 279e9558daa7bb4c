import Testing

@testable import Lookout

@Suite("One round of looks", .timeLimit(.minutes(1)))
struct CheckRoundTests {
  private let time = HandMovedTime()
  private let looks = Board<[String]>([])

  private func check(_ name: String, _ component: Component, cost: Check.Cost = .cheap, _ levels: Level...) -> Check {
    let left = Board(levels)
    return Check(id: CheckID(target: "crm", check: name), component: component, interval: .seconds(15), cost: cost) { [looks] in
      looks.update { $0.append(name) }
      var level = Level.pass
      left.update { levels in
        level = levels.first ?? .pass
        if levels.count > 1 { levels.removeFirst() }
      }
      return Sight(seen: .level(level))
    }
  }

  private func round(
    _ checks: [Check], selected: [String]? = nil, compared: Set<CheckID> = [], limit: Duration = .seconds(60)
  ) -> CheckRound {
    let timeline = time.timeline
    let asked = checks.map(\.id).filter { selected?.contains($0.check) ?? true }
    return CheckRound(
      checks: checks, selected: Set(asked), compared: compared, timeline: timeline, deadline: timeline.now() + limit)
  }

  private func standing(_ outcome: CheckRound.Outcome) -> [String] { outcome.findings.values.map(\.inShort).sorted() }

  @Test("each check is looked at once while all pass")
  func passing() async {
    let outcome = await round([check("a", .page, .pass), check("b", .log, .pass), check("x", .dashboard, cost: .costly(.test), .pass)])
      .run()
    #expect(standing(outcome) == ["a pass", "b pass", "x pass"])
    #expect(looks.latest.sorted() == ["a", "b", "x"] && outcome.missing.isEmpty && outcome.observations.count == 3)
  }

  @Test("a cheap failure is looked at a second time before it is said, and one that does not last is none")
  func confirmation() async throws {
    let checks = [check("a", .process, .fail, .pass)]
    async let outcome = round(checks).run()
    try await time.sleeper(until: notifyStart + Diagnosis.confirmAfter)
    time.advance(by: Diagnosis.confirmAfter)
    #expect(await standing(outcome) == ["a pass"])
    #expect(looks.latest == ["a", "a"])
  }

  @Test("what lies below a failure is looked at though nobody asked for it, and is its cause")
  func cause() async {
    let checks = [check("page", .page, .fail), check("postgresql", .postgresql, .fail), check("log", .log, .pass)]
    let time = time
    let passing = Task {
      while !Task.isCancelled {
        time.advance(by: .milliseconds(10))
        for _ in 0..<20 { await Task.yield() }
      }
    }
    let outcome = await round(checks, selected: ["page"], limit: .seconds(36_000)).run()
    passing.cancel()
    #expect(standing(outcome) == ["page fail postgresql", "postgresql fail postgresql"])
    #expect(!looks.latest.contains("log"))
  }

  @Test("what has not answered when the time is over is missing; what has is said, confirmed or not")
  func deadline() async throws {
    let never = Check(id: CheckID(target: "crm", check: "never"), component: .page, interval: .seconds(15)) {
      try? await Task.sleep(for: .seconds(3600))
      return Sight(seen: .agent(AgentSight()))
    }
    let checks = [never, check("postgresql", .postgresql, .fail)]
    async let outcome = round(checks).run()
    try await time.sleeper(until: notifyStart + Diagnosis.confirmAfter)
    time.advance(by: .seconds(60))
    let found = await outcome
    #expect(standing(found) == ["postgresql fail postgresql"])
    #expect(found.missing == [never.id: .underWay])
  }

  @Test("a check that compares is looked at again when all else is done")
  func comparing() async {
    let checks = [check("statements", .database, .pass, .warn), check("x", .dashboard, cost: .costly(.test), .pass)]
    let outcome = await round(checks, compared: [checks[0].id]).run()
    #expect(looks.latest.filter { $0 == "statements" }.count == 2 && looks.latest.last == "statements")
    #expect(standing(outcome) == ["statements warn database", "x pass"])
  }

  @Test(
    "a costly look that was given up, or waited in vain for a login, leaves the others of its slot unasked",
    arguments: [Sight(seen: .level(.pass), isAbandoned: true), Sight(seen: .level(.fail, .timeout))])
  func abandoned(sight: Sight) async {
    let given = Check(id: CheckID(target: "crm", check: "x"), component: .dashboard, interval: .seconds(15), cost: .costly(.test)) { sight }
    let outcome = await round([given, check("y", .export, cost: .costly(.test), .pass)]).run()
    #expect(outcome.missing == [CheckID(target: "crm", check: "y"): .slotIsTaken])
    #expect(looks.latest.isEmpty)
  }

  @Test("nothing to look at is an outcome too")
  func nothing() async {
    let outcome = await round([]).run()
    #expect(outcome.findings.isEmpty && outcome.missing.isEmpty)
  }
}
