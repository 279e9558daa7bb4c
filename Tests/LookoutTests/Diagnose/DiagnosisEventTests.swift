import OdooLog
import Testing

@testable import Lookout

@Suite("What events make worth a look")
struct DiagnosisEventTests {
  private var scene = DiagnosisScene()

  private mutating func tell(_ event: Event) -> [String] {
    scene.diagnosis.take(event, at: scene.now).wishes.map { "\($0.check.check) \($0.kind.inShort) +\(($0.at - scene.now).milliseconds)" }
      .sorted()
  }

  private func request(_ seconds: Double?, status: UInt16 = 200, isOwn: Bool = false, route: String = "/crm/dashboard/data") -> Event {
    let cost = seconds.map { RequestCost(duration: UInt64($0 * 1e6), sql: 0, python: 0, queries: 400) }
    return .requestEnded(target: "crm", RequestSeen(route: route, endedAt: 0, status: status, cost: cost, isOwn: isOwn))
  }

  @Test("a lost connection and an ended process are looked at at once, and their failure is confirmed sooner")
  mutating func suspected() {
    let postgresql = CheckID(target: "crm", check: "postgresql")
    #expect(tell(.connectionLost(postgresql)) == ["postgresql look +0"])
    #expect(scene.see("postgresql", .fail).wished(after: scene.now) == ["postgresql +300"])
    #expect(tell(.processEnded(target: "crm")) == ["health look +0"])
    scene.wait(.milliseconds(300))
    #expect(scene.see("postgresql", .fail).said == ["postgresql fail postgresql"])
  }

  @Test("an event of long ago hastens nothing")
  mutating func longAgo() {
    _ = tell(.connectionLost(CheckID(target: "crm", check: "postgresql")))
    scene.see("postgresql", .pass)
    scene.wait(.seconds(6))
    #expect(scene.see("postgresql", .fail).wished(after: scene.now) == ["postgresql +800"])
  }

  @Test("of another target, or of a check that is none, an event says nothing")
  mutating func strangers() {
    #expect(tell(.connectionLost(CheckID(target: "shop", check: "postgresql"))) == [])
    #expect(tell(.processEnded(target: "shop")) == [])
    #expect(tell(request(0.3, route: "/crm/nothing")) == [])
  }

  @Test("a user's request that went well keeps the check of its route fresh and spares it a look")
  mutating func passive() throws {
    scene.wait(.seconds(40))
    let step = scene.diagnosis.take(request(0.3), at: scene.now)
    #expect(step.wishes.map(\.kind) == [.spare] && step.wishes.first?.at == scene.now + .seconds(60))
    #expect(step.refreshed.map { $0.0.check } == ["dashboard"] && step.refreshed.first?.until == scene.now + .seconds(300))
    let finding = try #require(scene.diagnosis.findings.first { $0.check.check == "dashboard" })
    #expect(finding.observedAt == scene.now && finding.freshUntil == scene.now + .seconds(300) && finding.level == .pass)
    #expect(step.published.isEmpty && !step.hasChanged)
  }

  @Test(
    "nothing follows from one that was slow, failed or not measured: the check's own look will tell",
    arguments: [(1.4, 200), (24, 200), (0.3, 500), (0.3, 303), (nil, 200)] as [(Double?, UInt16)])
  mutating func unhelpful(seconds: Double?, status: UInt16) {
    let step = scene.diagnosis.take(request(seconds, status: status), at: scene.now)
    #expect(step.wishes.isEmpty && step.refreshed.isEmpty)
  }

  @Test("a user's request heals nothing: Odoo logs 200 also for an answer with an error inside")
  mutating func noHealing() {
    scene.see("dashboard", .fail)
    for check in ["health", "session", "postgresql"] { scene.see(check, .pass) }
    #expect(tell(request(0.1)) == [])
    #expect(scene.standing == ["dashboard fail dashboard"])
  }

  @Test("the agent's own request frees its slot, with the time that it took")
  mutating func own() {
    #expect(tell(request(27.5, isOwn: true)) == ["dashboard release 27.5 +0"])
    #expect(tell(request(nil, isOwn: true)) == ["dashboard release 0 +0"])
  }

  @Test("an error in the log has the route looked at that failed with it, whatever that costs")
  mutating func failedRoute() {
    let sight = LogSight(recentErrors: 1, lastErrorRoute: "/crm/dashboard/data")
    let step = scene.diagnosis.take(observed("log", .log, .log(sight), at: scene.now), at: scene.now)
    #expect(step.wished(after: scene.now) == ["dashboard +0", "health +0", "page +0", "postgresql +0", "session +0"])
    #expect(step.wishes.filter { $0.kind == .look(.unrested) && $0.check.check == "dashboard" }.map(\.check.check) == ["dashboard"])
    for check in ["health", "page", "postgresql", "session"] { scene.see(check, .pass) }
    #expect(scene.diagnosis.deadline == scene.now + .seconds(5))
    #expect(scene.see("dashboard", .fail).said.contains("log warn dashboard"))
  }

  @Test("a costly look is waited for for five seconds; what it would have told is told later")
  mutating func impatience() {
    let sight = LogSight(recentErrors: 1, lastErrorRoute: "/crm/dashboard/data")
    _ = scene.diagnosis.take(observed("log", .log, .log(sight), at: scene.now), at: scene.now)
    for check in ["health", "page", "postgresql", "session"] { scene.see(check, .pass) }
    scene.wait(.milliseconds(4_999))
    #expect(scene.expire().said == [])
    scene.wait(.milliseconds(1))
    #expect(scene.expire().said.contains("log warn log"))
    #expect(scene.diagnosis.deadline == nil)
  }

  @Test("an error of no known route has nothing costly looked at")
  mutating func unknownRoute() {
    let step = scene.diagnosis.take(observed("log", .log, .log(LogSight(recentErrors: 1)), at: scene.now), at: scene.now)
    #expect(step.wished(after: scene.now) == ["health +0", "page +0", "postgresql +0", "session +0"])
  }
}

@Suite("The diagnosis by another table of checks")
struct DiagnosisChangeTests {
  private var scene = DiagnosisScene()

  private func rows(_ names: Set<String>) -> [CheckRow] {
    DiagnosisScene.rows(of: "crm").filter { names.contains($0.id.check) }
  }

  @Test("keeps what is known of the checks that stay, and tells which are gone")
  mutating func kept() {
    scene.see("postgresql", .fail)
    scene.wait(.milliseconds(800))
    scene.see("postgresql", .fail)
    let gone = scene.diagnosis.change(to: rows(["postgresql", "page"]))
    #expect(Set(gone.map(\.check)) == ["agent", "dashboard", "health", "log", "session"])
    #expect(scene.standing == ["postgresql fail postgresql"])
  }

  @Test("no longer waits for a check that is gone, and no longer calls it a cause")
  mutating func goneCause() {
    for check in ["postgresql", "page"] { scene.see(check, .fail) }
    for check in ["session", "health"] { scene.see(check, .pass) }
    scene.wait(.milliseconds(800))
    for check in ["postgresql", "page"] { scene.see(check, .fail) }
    #expect(scene.standing == ["page fail postgresql", "postgresql fail postgresql"])
    _ = scene.diagnosis.change(to: rows(["page", "session", "health"]))
    #expect(scene.standing == ["page fail page"])
    scene.see("session", .fail)
    _ = scene.diagnosis.change(to: rows(["page", "health"]))
    #expect(scene.expire().published.isEmpty)
  }

  @Test("an answer can blame a component that has no check of its own")
  mutating func blamed() {
    let exchange = HTTPExchange.answered(303, [("Location", "/web/database/selector")])
    let look = { observed("page", .page, .page(exchange, assets: []), at: $0) }
    _ = scene.diagnosis.take(look(scene.now), at: scene.now)
    for check in ["health", "session", "postgresql"] { scene.see(check, .pass) }
    scene.wait(.milliseconds(800))
    _ = scene.diagnosis.take(look(scene.now), at: scene.now)
    #expect(scene.standing == ["page fail database"])
  }
}

extension Wish.Kind {
  fileprivate var inShort: String {
    switch self {
    case .look(.none): "look"
    case .look(let haste): "look \(haste)"
    case .spare: "spare"
    case .release(let took): "release \(took.inSeconds.formatted() as String)"
    }
  }
}
