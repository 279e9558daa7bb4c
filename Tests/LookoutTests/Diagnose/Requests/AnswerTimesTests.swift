import OdooLog
import Testing

@testable import Lookout

/// An Odoo with a dashboard, an export and a log that can be read.
struct RequestScene {
  var diagnosis: Diagnosis
  var now = notifyStart
  static let data = "/crm/dashboard/data"
  static let export = "/crm/dashboard/export"

  init(logged: Bool = true) {
    let rows = [
      CheckRow(
        id: CheckID(target: "crm", check: "dashboard_data"), component: .dashboard, cost: .costly(.test), database: nil, budget: 2,
        route: Self.data),
      CheckRow(
        id: CheckID(target: "crm", check: "dashboard_export"), component: .export, cost: .costly(.test), database: nil, budget: 5,
        route: Self.export),
    ]
    let log = CheckRow(id: CheckID(target: "crm", check: "log"), component: .log, cost: .cheap, database: nil)
    diagnosis = Diagnosis(checks: rows + (logged ? [log] : []))
    if logged { see(log: LogSight()) }
  }

  mutating func see(log sight: LogSight) {
    _ = diagnosis.take(observed("log", .log, .log(sight), at: now), at: now)
  }

  /// An answer that ended now: the request was sent `waited` ago.
  @discardableResult
  mutating func answer(_ check: String = "dashboard_data", waited: Double, status: Int = 200) -> Diagnosis.Step {
    let isExport = check == "dashboard_export"
    var exchange =
      isExport
      ? HTTPExchange.made(status, "Lead,Sum\nA,7\n", type: "text/csv")
      : HTTPExchange.made(status, #"{"result": {"success": true, "data": {"kpis": {"a": 1}}}}"#)
    exchange.beganAt = now + .seconds(-waited)
    (exchange.phases.processing, exchange.phases.total) = (waited, waited)
    let expected: Lookout.Expectation = isExport ? .export : .object(["kpis"])
    let observation = Observation(
      check: CheckID(target: "crm", check: check), component: isExport ? .export : .dashboard, database: nil, interval: .seconds(60),
      lifetime: .seconds(180), budget: isExport ? 5 : 2, cost: .costly(.test), startedAt: now + .seconds(-waited), endedAt: now,
      sight: Sight(answer: exchange, expecting: expected))
    return diagnosis.take(observation, at: now)
  }

  /// A line that Odoo logged so long before now.
  mutating func line(
    _ route: String = Self.data, before: Double = 0, seconds: Double?, sql: Double = 0, queries: UInt64 = 400, status: UInt16 = 200,
    own: Bool = true, client: UInt64 = 1
  ) {
    let cost = seconds.map {
      RequestCost(duration: UInt64($0 * 1e6), sql: UInt64(sql * 1e6), python: UInt64(($0 - sql) * 1e6), queries: queries)
    }
    let request = RequestSeen(
      route: route, endedAt: (now + .seconds(-before)).milliseconds, status: status, cost: cost, isOwn: own, client: client)
    _ = diagnosis.take(.requestEnded(target: "crm", request), at: now)
  }

  /// What is said when the line has had its time.
  mutating func settle() -> Diagnosis.Step {
    now = now + RequestMatching.patience
    return diagnosis.expire(at: now)
  }
}

extension Diagnosis.Step {
  fileprivate var server: String? { published.first?.1.verdict.evidence.first { $0.name == "server" }?.value }

  fileprivate func value(_ metric: Metric, _ phase: String? = nil) -> Double? {
    published.first?.0.sight.samples.first { $0.metric == metric && $0.labels["phase"] == phase }?.value
  }
}

@Suite("Where the time of an answer went")
struct AnswerTimesTests {
  private var scene = RequestScene()

  @Test("is split by the line that Odoo logs of it into queue, SQL and Python, in the evidence and as metrics")
  mutating func split() {
    scene.line(before: 0.01, seconds: 0.3, sql: 0.2, queries: 402)
    #expect(scene.answer(waited: 1.1).published.count == 1)
    #expect(scene.diagnosis.deadline == scene.now + .milliseconds(500))
    let step = scene.settle()
    #expect(step.server == "queue 0.8 s, sql 0.2 s, python 0.1 s")
    #expect(step.value(.answerTime, "queue").map { abs($0 - 0.8) < 1e-6 } == true && step.value(.answerTime, "sql") == 0.2)
    #expect(step.value(.answerQueries) == 402 && step.value(.answerManyQueries) == 0)
    // What blackbox_exporter has is said still.
    #expect(step.value(.probeDuration) == 1.1 && step.published.first?.1.level == .pass)
    #expect(scene.diagnosis.deadline == nil && scene.settle().published.isEmpty)
  }

  @Test("more than 500 queries in one request are remarked, 500 are not")
  mutating func manyQueries() {
    scene.line(seconds: 0.9, queries: 501)
    scene.answer(waited: 1)
    let step = scene.settle()
    #expect(step.value(.answerManyQueries) == 1)
    #expect(step.published.first?.1.verdict.evidence.contains { $0.name == "n_plus_one" } == true)
    scene.now = scene.now + .seconds(60)
    scene.line(seconds: 0.9, queries: 500)
    scene.answer(waited: 1)
    #expect(scene.settle().value(.answerManyQueries) == 0)
  }

  @Test("the line may come after the answer, and with a verdict that is bad")
  mutating func lineAfterAnswer() {
    scene.answer(waited: 4)
    scene.line(before: 0.002, seconds: 3.5, sql: 3)
    let step = scene.settle()
    #expect(step.server == "queue 0.5 s, sql 3 s, python 0.5 s" && step.published.first?.1.verdict.reason == .tooSlow)
  }

  @Test("a line that may be another's splits nothing: other status, route, time, or nobody's mark")
  mutating func notIts() {
    let lines: [(inout RequestScene) -> Void] = [
      { $0.line(seconds: 0.3, status: 500) }, { $0.line("/crm/dashboard/overdue", seconds: 0.3) },
      // It began before the request was sent, or ended after the answer had come.
      { $0.line(seconds: 1.2) }, { $0.line(before: 0.9, seconds: 0.3) }, { $0.line(before: -0.2, seconds: 0.3) },
      { $0.line(seconds: 0.3, own: false) },
    ]
    for line in lines {
      line(&scene)
      scene.answer(waited: 1)
      #expect(scene.settle().published.isEmpty)
      scene.now = scene.now + .seconds(60)
    }
  }

  @Test("of two lines that may be, none is; unless one comes from where the agent's requests are known to come from")
  mutating func twoCandidates() {
    scene.line(before: 0.1, seconds: 0.2, client: 1)
    scene.line(before: 0.2, seconds: 0.2, client: 2)
    scene.answer(waited: 1)
    #expect(scene.settle().published.isEmpty)
    scene.now = scene.now + .seconds(60)
    scene.line(seconds: 0.2, client: 1)
    scene.answer(waited: 1)
    #expect(scene.settle().server != nil)
    scene.now = scene.now + .seconds(60)
    scene.line(before: 0.1, seconds: 0.2, client: 1)
    scene.line(before: 0.2, seconds: 0.4, client: 2)
    scene.answer(waited: 1)
    #expect(scene.settle().server == "queue 0.8 s, sql 0 s, python 0.2 s")
  }

  @Test("an export bears no mark: its line is known by the agent's address, once that is known")
  mutating func exports() {
    scene.line(RequestScene.export, seconds: 0.5, own: false, client: 7)
    scene.answer("dashboard_export", waited: 1)
    #expect(scene.settle().published.isEmpty)
    scene.now = scene.now + .seconds(60)
    scene.line(seconds: 0.2, client: 7)
    scene.answer(waited: 1)
    #expect(scene.settle().server != nil)
    scene.now = scene.now + .seconds(60)
    scene.line(RequestScene.export, seconds: 0.5, own: false, client: 7)
    // A user's.
    scene.line(RequestScene.export, seconds: 0.4, own: false, client: 8)
    scene.answer("dashboard_export", waited: 1)
    #expect(scene.settle().server == "queue 0.5 s, sql 0 s, python 0.5 s")
  }

  @Test("without times in the line, with a log that cannot be read, or without one, nothing is said")
  mutating func unknown() {
    scene.line(seconds: nil)
    scene.answer(waited: 1)
    #expect(scene.settle().published.isEmpty)
    scene.see(log: LogSight(unreadable: "gone"))
    scene.line(seconds: 0.3)
    scene.answer(waited: 1)
    #expect(scene.settle().published.isEmpty)
    var alone = RequestScene(logged: false)
    alone.line(seconds: 0.3)
    alone.answer(waited: 1)
    #expect(alone.diagnosis.deadline == nil)
  }

  @Test("a flood of requests costs no more than a split")
  mutating func flood() {
    scene.line(before: 0.5, seconds: 0.1)
    for _ in 0..<10_000 { scene.line(RequestScene.export, before: 0.1, seconds: 0.1, own: false) }
    scene.answer(waited: 1)
    #expect(scene.settle().published.isEmpty)
  }

  @Test("a later look is not given an earlier one's times")
  mutating func later() {
    scene.line(seconds: 0.3)
    scene.answer(waited: 1)
    scene.now = scene.now + .milliseconds(100)
    scene.answer(waited: 0.05)
    #expect(scene.settle().published.isEmpty)
  }

  @Test("what a line cannot be: more time in the worker than the client waited leaves no queue below zero")
  func noNegativeQueue() {
    let times = AnswerTimes(waited: 0.1, cost: RequestCost(duration: 105_000, sql: 5_000, python: 100_000, queries: 1))
    #expect(times.queue == 0)
  }
}
