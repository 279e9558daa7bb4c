import OdooLog
import Testing

@testable import Lookout

/// An Odoo seen from several sides: its workers, its second process, its proxy, its log.
private struct SidesScene {
  static let components: [String: Component] = [
    "odoo_health": .process, "websocket": .process, "proxy": .proxy, "login_page": .registry, "page": .page, "log": .log,
    "dashboard_data": .dashboard,
  ]
  var diagnosis: Diagnosis
  var now = notifyStart

  init(without missing: Set<String> = []) {
    let names = Self.components.keys.sorted().filter { !missing.contains($0) }
    diagnosis = Diagnosis(
      checks: names.map { name in
        let isDashboard = name == "dashboard_data"
        return CheckRow(
          id: CheckID(target: "crm", check: name), component: Self.components[name] ?? .agent, cost: isDashboard ? .costly(.test) : .cheap,
          database: nil, timeout: .seconds(10), route: isDashboard ? "/crm/dashboard/data" : nil)
      })
    for name in names { name == "log" ? log([:]) : see(name, nil) }
  }

  /// Nil for a right answer.
  mutating func see(_ name: String, _ reason: Reason?, began: Double = 0) {
    var exchange = HTTPExchange.made(200, #"{"status": "pass"}"#)
    if let reason { exchange = .unanswered(reason, "made") }
    exchange.beganAt = now + .seconds(-began)
    let expected: Lookout.Expectation = name == "websocket" ? .websocket : .health
    let look = observed(
      name, Self.components[name] ?? .agent, .answer(exchange, expected), at: now + .seconds(-began), until: now,
      cost: name == "dashboard_data" ? .costly(.test) : .cheap)
    _ = diagnosis.take(look, at: now)
  }

  /// A failure that a second look confirms; each took ten seconds.
  mutating func fail(_ names: [String], _ reason: Reason, second: Reason? = nil, between: (inout Self) -> Void = { _ in }) {
    for name in names { see(name, reason, began: 10) }
    if diagnosis.rows[CheckID(target: "crm", check: "websocket")] != nil { see("websocket", second) }
    now = now + .milliseconds(800)
    between(&self)
    now = now + .seconds(10)
    for name in names { see(name, reason, began: 10) }
    now = now + .seconds(5)
    _ = diagnosis.expire(at: now)
  }

  mutating func log(_ seconds: [String: Double]) {
    let samples = seconds.map { MetricSample(metric: .requestDuration, suffix: "_sum", labels: ["route": $0.key], value: $0.value) }
    _ = diagnosis.take(observed("log", .log, .log(LogSight()), at: now, samples: samples), at: now)
  }

  mutating func requestEnds(after seconds: Double) {
    let cost = RequestCost(duration: UInt64(seconds * 1e6), sql: 0, python: 0, queries: 1)
    let request = RequestSeen(route: "/crm/dashboard/data", endedAt: now.milliseconds, status: 200, cost: cost, isOwn: false)
    _ = diagnosis.take(.requestEnded(target: "crm", request), at: now)
  }

  /// `odoo_health saturated workers`: what does not pass.
  var standing: [String] {
    diagnosis.findings.filter { $0.level != .pass }
      .map { "\($0.check.check) \($0.verdict.reason?.rawValue ?? "") \($0.cause?.rawValue ?? "")" }.sorted()
  }

  func sentence(_ name: String) -> String { diagnosis.findings.first { $0.check.check == name }?.verdict.sentence ?? "" }
}

@Suite("Busy workers, hanging ones, and the proxy before them")
struct SaturationTests {
  @Test("the second process answers and the workers do not: they are busy, and the cause of all that waits for them")
  func saturated() {
    var scene = SidesScene()
    scene.log(["/crm/dashboard/data": 10, "/web": 1])
    scene.now = scene.now + .seconds(150)
    scene.log(["/crm/dashboard/data": 99, "/web": 2])
    scene.fail(["odoo_health", "login_page", "page"], .timeout)
    #expect(scene.standing == ["login_page timeout workers", "odoo_health saturated workers", "page timeout workers"])
    #expect(scene.sentence("odoo_health").contains("; /crm/dashboard/data took 98 % of their time in the last 3 min"))
    let finding = scene.diagnosis.findings.first { $0.check.check == "odoo_health" }
    #expect(finding?.verdict.evidence.contains(Evidence(name: "route", value: "/crm/dashboard/data")) == true)
    #expect(finding?.verdict.isRight == false && finding?.level == .fail)
  }

  @Test("when nothing answers, not the second process either, Odoo hangs")
  func hangs() {
    var scene = SidesScene()
    scene.fail(["odoo_health", "page"], .timeout, second: .timeout)
    #expect(scene.standing.contains("odoo_health timeout process") && scene.standing.contains("page timeout process"))
  }

  @Test("refused connections are no busy workers, whatever else answers")
  func refused() {
    var scene = SidesScene()
    scene.fail(["odoo_health"], .connect)
    #expect(scene.standing == ["odoo_health connect process"])
  }

  @Test("without a second process, a worker that ends its request while ours waits tells as much; a quick request meanwhile does not")
  func requestsEnd() {
    for (seconds, reason) in [(12.0, "saturated workers"), (0.1, "timeout process")] {
      var scene = SidesScene(without: ["websocket"])
      scene.fail(["odoo_health"], .timeout) { scene in
        scene.now = scene.now + .seconds(5)
        scene.requestEnds(after: seconds)
        scene.now = scene.now + .seconds(-5)
      }
      #expect(scene.standing == ["odoo_health \(reason)"], "\(seconds)")
    }
  }

  @Test("what was said first stays said: neither the end of a hang nor a pause of the signs makes a second message")
  func staysSaid() {
    var scene = SidesScene(without: ["websocket"])
    scene.fail(["odoo_health"], .timeout)
    // The hang ends: what it held ends with it.
    scene.now = scene.now + .seconds(5)
    scene.requestEnds(after: 30)
    scene.now = scene.now + .seconds(5)
    scene.see("odoo_health", .timeout, began: 10)
    #expect(scene.standing == ["odoo_health timeout process"])
    scene = SidesScene()
    scene.fail(["odoo_health"], .timeout)
    scene.see("websocket", .timeout)
    scene.now = scene.now + .seconds(20)
    scene.see("odoo_health", .timeout, began: 10)
    #expect(scene.standing.contains("odoo_health saturated workers"))
  }

  @Test("a request that ended just before the look was given up proves nothing: the look's own might have been next")
  func endedTooLate() {
    var scene = SidesScene(without: ["websocket"])
    scene.fail(["odoo_health"], .timeout) { scene in
      scene.now = scene.now + .seconds(9.5)
      scene.requestEnds(after: 30)
      scene.now = scene.now + .seconds(-9.5)
    }
    #expect(scene.standing == ["odoo_health timeout process"])
  }

  @Test("where the log tells of no route, the agent's own request that was given up is named")
  func ownRequest() {
    var scene = SidesScene()
    scene.see("dashboard_data", .timeout, began: 10)
    scene.now = scene.now + .seconds(20)
    _ = scene.diagnosis.expire(at: scene.now)
    scene.fail(["odoo_health"], .timeout)
    #expect(scene.sentence("odoo_health").hasSuffix("the agent's own request for /crm/dashboard/data was given up and may hold one"))
  }

  @Test("when the workers are free again, what waited for them recovers with them")
  func recovery() {
    var scene = SidesScene()
    scene.fail(["odoo_health", "page"], .timeout)
    #expect(scene.standing == ["odoo_health saturated workers", "page timeout workers"])
    scene.now = scene.now + .seconds(1)
    scene.see("odoo_health", nil)
    // It is not told before its effects.
    #expect(scene.standing.count == 2)
    scene.see("page", nil)
    #expect(scene.standing == [])
  }

  @Test("the proxy fails and Odoo does not: the proxy is the cause; and it is none where Odoo itself fails")
  func proxy() {
    var scene = SidesScene()
    scene.fail(["proxy", "page"], .httpStatus)
    #expect(scene.standing == ["page http_status proxy", "proxy http_status proxy"])
    scene = SidesScene()
    scene.fail(["proxy", "page", "odoo_health"], .timeout)
    #expect(scene.standing == ["odoo_health saturated workers", "page timeout workers", "proxy timeout workers"])
    scene = SidesScene()
    scene.fail(["proxy", "page", "odoo_health"], .connect)
    #expect(scene.standing == ["odoo_health connect process", "page connect process", "proxy connect process"])
  }

  @Test("without a certificate that holds, the proxy is what fails, not Odoo; without a name the network is")
  func beforeOdoo() {
    var scene = SidesScene(without: ["proxy", "websocket"])
    scene.fail(["odoo_health", "page"], .tls)
    #expect(scene.standing == ["odoo_health tls proxy", "page tls proxy"])
    scene = SidesScene(without: ["proxy", "websocket"])
    scene.fail(["odoo_health", "page"], .dns)
    #expect(scene.standing == ["odoo_health dns network", "page dns network"])
  }

  @Test("a slow answer that waited for its worker longer than it took it is late for want of workers; it was right all the same")
  func slowByQueue() throws {
    var scene = RequestScene()
    scene.line(before: 0.01, seconds: 0.3, sql: 0.2)
    scene.answer(waited: 6)
    #expect(scene.diagnosis.findings.first?.verdict.reason == .tooSlow)
    _ = scene.settle()
    let verdict = try #require(scene.diagnosis.findings.first { $0.check.check == "dashboard_data" }?.verdict)
    #expect(verdict.reason == .saturated && verdict.level == .fail && verdict.isRight)
    #expect(verdict.sentence.hasPrefix("the answer was right, but waited 5.7 s for a worker, which took 0.3 s"))
    #expect(scene.diagnosis.findings.first { $0.check.check == "dashboard_data" }?.cause == .workers)
    scene.now = scene.now + .seconds(60)
    scene.line(before: 0.01, seconds: 5.5, sql: 0.2)
    scene.answer(waited: 6)
    _ = scene.settle()
    #expect(scene.diagnosis.findings.first { $0.check.check == "dashboard_data" }?.verdict.reason == .tooSlow)
  }
}

@Suite("Which route takes the workers' time")
struct WorkerTimeTests {
  private func look(_ seconds: [String: Double], at moment: Double, unreadable: String? = nil) -> Observation {
    let samples = seconds.map { MetricSample(metric: .requestDuration, suffix: "_sum", labels: ["route": $0.key], value: $0.value) }
    return observed("log", .log, .log(LogSight(unreadable: unreadable)), at: notifyStart + .seconds(moment), samples: samples)
  }

  @Test("is told of the last minutes, not of all time; of little time nothing is told")
  func recent() {
    var time = WorkerTime()
    #expect(time.holder(of: "crm") == nil)
    time.note(look(["/web": 5_000], at: 0))
    #expect(time.holder(of: "crm") == nil)
    time.note(look(["/web": 5_001], at: 15))
    #expect(time.holder(of: "crm") == nil)
    time.note(look(["/web": 5_010, "/crm/dashboard/data": 30], at: 30))
    #expect(time.holder(of: "crm") == WorkerTime.Holder(route: "/crm/dashboard/data", share: 0.75, span: .seconds(30)))
    for minute in 1...10 { time.note(look(["/web": 5_010 + 10 * Double(minute), "/crm/dashboard/data": 30], at: 60 * Double(minute))) }
    #expect(time.holder(of: "crm")?.route == "/web" && time.holder(of: "crm")?.share == 1)
    #expect(time.holder(of: "shop") == nil)
  }

  @Test("a log that cannot be read, or is counted anew, names nobody")
  func anew() {
    var time = WorkerTime()
    time.note(look(["/web": 5_000], at: 0))
    time.note(look([:], at: 15, unreadable: "gone"))
    time.note(look(["/web": 1], at: 30))
    #expect(time.holder(of: "crm") == nil)
  }
}
