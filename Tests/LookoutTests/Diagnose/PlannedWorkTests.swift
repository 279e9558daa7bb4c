import Testing

@testable import Lookout

@Suite("What fails while somebody is at work on Odoo")
struct PlannedWorkTests {
  private var scene = DiagnosisScene()

  private mutating func tell(_ operation: Lookout.Operation, target: String = "crm") -> [String] {
    scene.diagnosis.take(.operated(target: target, operation), at: scene.now).wished(after: scene.now)
  }

  /// A failure that is confirmed.
  private mutating func fail(_ check: String) {
    for _ in 0..<2 {
      scene.see(check, .fail)
      scene.wait(.milliseconds(800))
    }
    scene.wait(.seconds(15))
    scene.expire()
  }

  private func planned(_ check: String) -> String? {
    scene.diagnosis.findings.first { $0.check.check == check }?.verdict.evidence.first { $0.name == "planned" }?.value
  }

  private func sentence(_ check: String) -> String {
    scene.diagnosis.findings.first { $0.check.check == check }?.verdict.sentence ?? ""
  }

  private mutating func metric() -> [String: Double] {
    let step = scene.diagnosis.take(observed("log", .log, .log(LogSight()), at: scene.now), at: scene.now)
    let samples = step.published.flatMap(\.0.sight.samples).filter { $0.metric == .plannedWork }
    return Dictionary(uniqueKeysWithValues: samples.map { ($0.labels["what"] ?? "", $0.value) })
  }

  @Test("says so, and is told all the same; an orderly stop has the process looked at at once")
  mutating func stop() {
    let since = scene.now.rfc3339
    #expect(tell(.stop) == ["health +0"])
    fail("health")
    #expect(scene.standing == ["health fail process"])
    #expect(planned("health") == "stop since \(since)")
    #expect(sentence("health").hasSuffix("; Odoo was stopped in an orderly way at \(since), by its log"))
    // Each look says it once.
    scene.see("health", .fail)
    #expect(sentence("health").components(separatedBy: "orderly").count == 2)
  }

  @Test("for five minutes after a stop, one after the start that follows, two after the latest change of a module")
  mutating func windows() {
    #expect(metric() == ["stop": 0, "module_change": 0])
    _ = tell(.stop)
    scene.wait(.seconds(299))
    #expect(metric() == ["stop": 1, "module_change": 0])
    #expect(tell(.start) == [])
    scene.wait(.seconds(1))
    #expect(metric()["stop"] == 0)
    _ = tell(.stop)
    _ = tell(.start)
    scene.wait(.seconds(59))
    #expect(metric()["stop"] == 1)
    scene.wait(.seconds(1))
    #expect(metric()["stop"] == 0)
    for _ in 0..<3 {
      _ = tell(.moduleChange)
      scene.wait(.seconds(119))
      #expect(metric() == ["stop": 0, "module_change": 1])
    }
    scene.wait(.seconds(1))
    #expect(metric()["module_change"] == 0)
  }

  @Test("what failed before was not of that work, nor is PostgreSQL's failure, nor another Odoo's")
  mutating func others() {
    fail("page")
    _ = tell(.moduleChange)
    scene.see("page", .fail)
    #expect(scene.standing == ["page fail page"] && planned("page") == nil)
    fail("postgresql")
    #expect(scene.standing.contains("postgresql fail postgresql") && planned("postgresql") == nil)
    fail("health")
    #expect(planned("health")?.hasPrefix("module_change since ") == true)
    scene = DiagnosisScene()
    _ = tell(.stop, target: "shop")
    fail("health")
    #expect(planned("health") == nil)
  }

  @Test("a start alone, or one after the window, opens none")
  mutating func startAlone() {
    _ = tell(.start)
    #expect(metric()["stop"] == 0)
    _ = tell(.stop)
    scene.wait(.seconds(301))
    _ = tell(.start)
    #expect(metric()["stop"] == 0)
  }

  @Test("where the log cannot be read, nothing is said of work on Odoo")
  mutating func unreadable() {
    let sight = LogSight(unreadable: "gone")
    let step = scene.diagnosis.take(observed("log", .log, .log(sight), at: scene.now), at: scene.now)
    #expect(step.published.flatMap(\.0.sight.samples).allSatisfy { $0.metric != .plannedWork })
  }
}
