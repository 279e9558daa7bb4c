import Logging
import PromQL
import Testing

@testable import Lookout

/// The way of a value with the rules that ship, a real state database and moments by hand.
struct PipelineScene {
  let store = SeriesStore(retention: .seconds(3600))
  let boards = Pipeline.Boards()
  let wishes = Wishlist()
  let notifier: Notifier
  let parts: Pipeline.Parts
  let plan: Pipeline.Plan
  var turn: PipelineTurn
  var now = notifyStart

  private static let components: [String: Component] = [
    "odoo_health": .process, "session": .session, "page": .page, "dashboard_data": .dashboard, "postgresql": .postgresql,
  ]

  init(_ directory: String, timeline: Timeline? = nil, restoring: Bool = false, rules: RuleSet? = nil) async throws {
    let rules = try rules ?? RuleSet.shipped()
    notifier = Notifier(
      try NotificationPlan(shippedFor: Receiver(name: "webhook", url: "http://127.0.0.1:9/hook")),
      database: try StateDatabase(directory: directory), externalURL: "http://127.0.0.1:9069", logger: Logger(label: "test"))
    let rows = Self.components.map { name, component in
      CheckRow(
        id: CheckID(target: "crm", check: name), component: component, cost: name == "dashboard_data" ? .costly(.test) : .cheap,
        database: nil)
    }
    let hand = notifyStart
    plan = Pipeline.Plan(checks: rows, evaluator: Evaluator(rules: rules))
    parts = Pipeline.Parts(
      store: store, notifier: notifier, wishes: wishes, boards: boards,
      timeline: timeline ?? Timeline(now: { hand }, sleep: { _ in }), logger: Logger(label: "test"))
    let restored = restoring ? try await notifier.restore().map { TrackedAlert(restoring: $0, at: notifyStart) } : []
    turn = PipelineTurn(parts, plan, alerts: restored, startedAt: notifyStart)
  }

  static func observation(_ check: String, _ level: Level, at now: Timestamp) -> Observation {
    let database = PostgresFacts(connectionsUsed: 3, connectionsLimit: 97, longestStatement: 0)
    let isDatabase = check == "postgresql"
    let sight: Seen =
      isDatabase ? .database(level == .fail ? .down(.unreachable("connection refused")) : .up(database)) : .level(level)
    return observed(
      check, components[check] ?? .agent, sight, at: now, cost: check == "dashboard_data" ? .costly(.test) : .cheap,
      samples: isDatabase ? [Metric.postgresUp.sample([:], level == .fail ? 0 : 1)] : [])
  }

  mutating func see(_ looks: [String: Level]) async {
    await turn.take(looks.sorted { $0.key < $1.key }.map { .observation(Self.observation($0.key, $0.value, at: now)) }, at: now)
  }

  mutating func seeAll(failing: Set<String> = []) async {
    await see(Self.components.mapValues { _ in .pass }.merging(failing.map { ($0, .fail) }) { $1 })
  }

  mutating func wait(_ span: Duration) { now = now + span }

  /// `DashboardBroken dashboard_data firing`.
  var alerts: [String] {
    boards.alerts.latest.map(\.alert).map { "\($0.name) \($0.labels["check"] ?? "") \($0.state.rawValue)" }.sorted()
  }

  /// The alerts of the messages that are to go out now, and takes the messages for delivered.
  func messages() async -> [[String]] {
    await notifier.takeAgain(at: now)
    var told: [[String]] = []
    for message in await notifier.begin(at: now).messages {
      told.append(message.notification.alerts.map { "\($0.name) \($0.labels["check"] ?? "") \($0.state.rawValue)" }.sorted())
      _ = await notifier.end(message, .delivered, at: now, jitter: 0)
    }
    return told
  }
}

@Suite("The way of a value", .timeLimit(.minutes(1)))
struct PipelineTests {
  @Test("a dashboard that breaks fires its alert in the very turn in which it is said, with reason and cause, and one message goes out")
  func dashboardBroken() async throws {
    try await withNotifyDirectory { directory in
      var scene = try await PipelineScene(directory)
      await scene.seeAll()
      #expect(scene.alerts == [])
      scene.wait(.seconds(7))
      await scene.see(["dashboard_data": .fail])
      #expect(scene.alerts == [] && Set(scene.wishes.take().map(\.check.check)) == ["odoo_health", "session", "postgresql"])
      scene.wait(.milliseconds(100))
      await scene.see(["odoo_health": .pass, "session": .pass, "postgresql": .pass])
      #expect(scene.alerts == ["DashboardBroken dashboard_data firing"])
      let alert = try #require(scene.boards.alerts.latest.first?.alert)
      #expect(alert.annotations["reason"] == "http_status" && alert.annotations["cause"] == "dashboard" && alert.firedAt == scene.now)
      #expect(await scene.messages() == [["DashboardBroken dashboard_data firing"]])
      #expect(await scene.messages() == [])
      let live = scene.store.live().first { $0.metric == .checkStatus && $0.labels["check"] == "dashboard_data" }
      #expect(live?.value == 2)
    }
  }

  @Test("PostgreSQL that is down with its effects is one message, and its recovery with theirs one more")
  func oneCauseOneMessage() async throws {
    try await withNotifyDirectory { directory in
      var scene = try await PipelineScene(directory)
      await scene.seeAll()
      scene.wait(.seconds(7))
      let broken: Set = ["postgresql", "page", "dashboard_data"]
      await scene.seeAll(failing: broken)
      scene.wait(.milliseconds(800))
      await scene.seeAll(failing: broken)
      #expect(scene.boards.findings.latest.filter { $0.level == .fail }.map(\.cause) == [.postgresql, .postgresql, .postgresql])
      #expect(await scene.messages() == [["PostgreSQLDown postgresql firing"]])
      for _ in 0..<10 {
        scene.wait(.seconds(15))
        await scene.seeAll(failing: broken)
        #expect(await scene.messages() == [])
      }
      scene.wait(.seconds(15))
      await scene.see(["postgresql": .pass])
      #expect(scene.alerts.count == 3)
      await scene.see(["page": .pass, "dashboard_data": .pass])
      #expect(scene.alerts == [])
      scene.wait(.seconds(30))
      #expect(await scene.messages() == [["PostgreSQLDown postgresql resolved"]])
    }
  }

  @Test("a blip leaves no trace: no alert, no message, no failing sample")
  func blip() async throws {
    try await withNotifyDirectory { directory in
      var scene = try await PipelineScene(directory)
      await scene.seeAll()
      scene.wait(.seconds(7))
      await scene.see(["odoo_health": .fail])
      scene.wait(.milliseconds(800))
      await scene.see(["odoo_health": .pass])
      #expect(scene.alerts == [])
      #expect(await scene.messages() == [])
      #expect(scene.store.live().filter { $0.metric == .checkStatus }.allSatisfy { $0.value == 0 })
    }
  }

  @Test("nothing is evaluated until every check was seen, or 30 s have passed")
  func warmUp() async throws {
    try await withNotifyDirectory { directory in
      var scene = try await PipelineScene(directory)
      await scene.see(["postgresql": .fail])
      scene.wait(.milliseconds(800))
      await scene.see(["postgresql": .fail])
      #expect(scene.alerts == [] && scene.boards.counts.latest.evaluations == 0)
      #expect(scene.turn.nextDue == notifyStart + .seconds(15))
      scene.wait(.milliseconds(29_200))
      await scene.see([:])
      #expect(scene.alerts == ["PostgreSQLDown postgresql firing"])
    }
  }

  @Test("an alert from before the restart is neither called over before its check was seen, nor told again")
  func restored() async throws {
    try await withNotifyDirectory { directory in
      var first = try await PipelineScene(directory)
      await first.seeAll()
      await first.seeAll(failing: ["dashboard_data"])
      #expect(await first.messages() == [["DashboardBroken dashboard_data firing"]])
      var second = try await PipelineScene(directory, restoring: true)
      await second.see(["odoo_health": .pass, "postgresql": .pass])
      #expect(second.alerts == ["DashboardBroken dashboard_data firing"])
      #expect(await second.messages() == [])
      await second.seeAll(failing: ["dashboard_data"])
      #expect(second.alerts == ["DashboardBroken dashboard_data firing"])
      #expect(await second.messages() == [])
      second.wait(.seconds(60))
      await second.seeAll()
      #expect(second.alerts == [])
      #expect(await second.messages() == [["DashboardBroken dashboard_data resolved"]])
    }
  }

  @Test("a restored alert whose trouble is over is called over when its check was seen")
  func restoredAndOver() async throws {
    try await withNotifyDirectory { directory in
      var first = try await PipelineScene(directory)
      await first.seeAll()
      await first.seeAll(failing: ["dashboard_data"])
      _ = await first.messages()
      var second = try await PipelineScene(directory, restoring: true)
      second.wait(.seconds(40))
      await second.seeAll()
      #expect(second.alerts == [])
      #expect(await second.messages() == [["DashboardBroken dashboard_data resolved"]])
    }
  }

  @Test("a group with an interval of its own keeps to it, whatever else is evaluated meanwhile; what reads a change is evaluated at once")
  func intervals() async throws {
    try await withNotifyDirectory { directory in
      let rules = try RuleSet.load(
        """
        groups:
        - {name: slow, interval: 40s, rules: [{record: slow, expr: time()}]}
        - {name: quick, interval: 5s, rules: [{record: quick, expr: time()}]}
        - {name: tick, rules: [{record: tick, expr: time()}]}
        - {name: reader, interval: 1h, rules: [{record: down, expr: pg_up == 0}]}
        """, file: "x.yml")
      var scene = try await PipelineScene(directory, rules: rules)
      await scene.seeAll()
      func moments(_ name: String) throws -> [Int64] {
        let series = scene.store.series(matching: [try LabelMatcher("__name__", .equal, name)], after: .min, through: .max)
        return series.flatMap(\.samples).filter { !$0.value.isStaleMarker }.map { ($0.time - notifyStart.milliseconds) / 1000 }
      }
      while scene.now < notifyStart + .seconds(61) {
        let due = scene.turn.nextDue
        scene.now = min(due, notifyStart + .seconds(61))
        await scene.see(scene.now == notifyStart + .seconds(45) ? ["postgresql": .pass, "page": .pass] : [:])
      }
      #expect(try moments("slow") == [0, 40] && moments("tick") == [0, 15, 30, 45, 60])
      #expect(try moments("quick") == Array(stride(from: 0, through: 60, by: 5)))
      await scene.see(["postgresql": .fail])
      scene.wait(.milliseconds(800))
      await scene.see(["postgresql": .fail])
      #expect(try moments("down") == [61])
      #expect(try moments("slow") == [0, 40])
    }
  }

  @Test("series live on by the tick, and end when their check is three intervals late")
  func tick() async throws {
    try await withNotifyDirectory { directory in
      var scene = try await PipelineScene(directory)
      await scene.seeAll()
      let count = scene.store.live().count
      for _ in 0..<3 {
        scene.wait(.seconds(15))
        await scene.see([:])
        #expect(scene.turn.nextDue == scene.now + .seconds(15))
      }
      #expect(scene.store.live().count == count && count > 0)
      scene.wait(.seconds(15))
      await scene.see([:])
      #expect(scene.store.live().isEmpty)
      #expect(scene.boards.counts.latest.failures == 0 && scene.boards.counts.latest.turnedAt == scene.now)
    }
  }

  @Test("the loop takes what is submitted, sleeps until something is due, and ends when it is told to")
  func loop() async throws {
    try await withNotifyDirectory { directory in
      let time = HandMovedTime()
      let scene = try await PipelineScene(directory, timeline: time.timeline)
      let pipeline = Pipeline(scene.parts, scene.plan)
      let task = Task { try await pipeline.run() }
      try await time.sleeper(until: notifyStart + .seconds(15))
      for check in ["odoo_health", "session", "page", "dashboard_data", "postgresql"] {
        pipeline.submit(.observation(PipelineScene.observation(check, .pass, at: time.now)))
      }
      time.advance(by: .seconds(15))
      try await time.sleeper(until: notifyStart + .seconds(30))
      #expect(scene.boards.findings.latest.count == 5 && scene.boards.counts.latest.turnedAt == time.now)
      pipeline.submit(.observation(PipelineScene.observation("page", .fail, at: time.now)))
      try await time.sleeper(until: notifyStart + .seconds(30))
      task.cancel()
      _ = await task.result
    }
  }
}

@Suite("The agent's look at itself", .timeLimit(.minutes(1)))
struct SelfCheckTests {
  @Test("checks that nobody looks at are a trouble, with their names; a costly one may wait for its slot for an hour")
  func unobserved() async throws {
    try await withNotifyDirectory { directory in
      let time = HandMovedTime()
      let scene = try await PipelineScene(directory)
      scene.boards.expect(scene.plan.checks, at: notifyStart)
      let check = SelfCheck(
        target: "crm", startedAt: notifyStart, store: scene.store, boards: scene.boards,
        effort: Board(Schedule.Effort()), reloads: Board(.init(loadedAt: notifyStart)),
        state: try StateDirectory(directory + "/own", logger: Logger(label: "test")), notifier: scene.notifier, timeline: time.timeline,
        heartbeats: Heartbeats(timeline: time.timeline), requests: RequestCounts())
      func look() async throws -> (troubles: [String], count: Double?) {
        let sight = await check.check(every: .seconds(15)).look()
        guard case .agent(let agent) = sight.seen else { throw SocketError(call: "look") }
        return (agent.troubles, sight.samples.first { $0.metric == .checksUnobserved }?.value)
      }
      #expect(try await look() == ([], 0))
      time.advance(by: .seconds(61))
      let early = try await look()
      #expect(early.troubles == ["nobody has looked for too long at crm/odoo_health, crm/page, crm/postgresql, crm/session"])
      #expect(early.count == 4)
      time.advance(by: .seconds(3600))
      #expect(try await look().count == 5)
    }
  }

  @Test("rules that fail, messages that wait and samples that were left out are troubles; the figures are there either way")
  func troubles() async throws {
    try await withNotifyDirectory { directory in
      let time = HandMovedTime()
      let scene = try await PipelineScene(directory)
      let store = SeriesStore(retention: .seconds(60), limit: 1)
      let effort = Board(Schedule.Effort())
      let check = SelfCheck(
        target: "crm", startedAt: notifyStart, store: store, boards: scene.boards, effort: effort,
        reloads: Board(.init(loadedAt: notifyStart)),
        state: try StateDirectory(directory + "/own", logger: Logger(label: "test")), notifier: scene.notifier, timeline: time.timeline,
        heartbeats: Heartbeats(timeline: time.timeline), requests: RequestCounts())
      guard case .agent(let well) = await check.check(every: .seconds(15)).look().seen else { throw SocketError(call: "look") }
      #expect(well.troubles == [])
      scene.boards.counts.update { $0.failing = [RuleID(file: "f", group: "g", name: "x", labels: [:]): "no such thing"] }
      await scene.notifier.take([firing("Down")], resolved: [], at: notifyStart)
      let samples = [Metric.postgresUp.sample(["a": "1"], 1), Metric.postgresUp.sample(["a": "2"], 1)]
      store.replace(samples, of: CheckID(target: "crm", check: "x"), at: notifyStart, expiresAt: notifyStart + .seconds(45))
      effort.update { $0.skipped = [CheckID(target: "crm", check: "x"): 3] }
      time.advance(by: .seconds(301))
      let sight = await check.check(every: .seconds(15)).look()
      guard case .agent(let ill) = sight.seen else { throw SocketError(call: "look") }
      #expect(ill.troubles.count == 3 && ill.troubles.first == "rule g/x cannot be evaluated: no such thing", "\(ill.troubles)")
      func value(_ metric: Metric) -> Double? { sight.samples.first { $0.metric == metric }?.value }
      #expect(value(.seriesDropped) == 1 && value(.liveSeries) == 1 && value(.checksSkipped) == 3 && value(.outboxOldest) == 301)
      #expect(value(.outboxPending) == 1 && value(.startTime) == notifyStart.seconds)
      #expect(value(.residentMemory).map { $0 > 1e6 } == true && value(.cpuSeconds).map { $0 > 0 } == true)
    }
  }
}
