import Testing

@testable import Lookout

@Suite("Diagnoses of several targets")
struct DiagnosesTests {
  private var diagnoses = Diagnoses(checks: ["crm", "shop"].flatMap(DiagnosisScene.rows))
  private var now = notifyStart

  private mutating func see(_ target: String, _ check: String, _ level: Level) -> Diagnosis.Step {
    let component = DiagnosisScene.components[check] ?? .agent
    return diagnoses.take(.observation(observed(check, component, .level(level), at: now, target: target)), at: now)
  }

  private func level(_ target: String, _ check: String) -> Level? {
    diagnoses.finding(of: CheckID(target: target, check: check))?.level
  }

  @Test("what fails at one is not waited for at another, and is told when its own time is over")
  mutating func apart() {
    for target in ["crm", "shop"] { for check in DiagnosisScene.components.keys { _ = see(target, check, .pass) } }
    #expect(diagnoses.takeNews().map(\.target).sorted() == ["crm", "shop"] && diagnoses.takeNews().isEmpty)
    _ = see("crm", "page", .fail)
    #expect(diagnoses.deadline == now + Diagnosis.patience)
    now = now + .seconds(5)
    #expect(see("shop", "page", .pass).published.count == 1)
    #expect(level("shop", "page") == .pass && level("crm", "page") == .pass)
    now = now + .seconds(10)
    #expect(diagnoses.expire(at: now).count == 1 && diagnoses.expire(at: now).isEmpty)
    #expect(diagnoses.takeNews().map(\.target).sorted() == ["crm", "shop"])
  }

  @Test("a target that goes takes its checks and its deadline along; the others keep what is known of them")
  mutating func change() {
    _ = see("crm", "page", .pass)
    _ = see("shop", "page", .pass)
    _ = see("crm", "page", .fail)
    let gone = diagnoses.change(to: DiagnosisScene.rows(of: "shop"))
    #expect(Set(gone.map(\.target)) == ["crm"] && gone.count == DiagnosisScene.components.count)
    #expect(diagnoses.deadline == nil && level("crm", "page") == nil && level("shop", "page") == .pass)
    #expect(diagnoses.takeNews().first { $0.target == "crm" }?.findings.isEmpty == true)
  }

  @Test("the board has the findings of all, in the order of the checks, and forgets those of a target that is gone")
  mutating func board() {
    let board = FindingBoard()
    for target in ["shop", "crm"] { for check in ["page", "log"] { _ = see(target, check, .pass) } }
    for (target, findings) in diagnoses.takeNews() { board.post(findings, of: target) }
    #expect(board.latest.map(\.check.description) == ["crm/log", "crm/page", "shop/log", "shop/page"])
    _ = diagnoses.change(to: DiagnosisScene.rows(of: "shop"))
    for (target, findings) in diagnoses.takeNews() { board.post(findings, of: target) }
    #expect(board.latest.map(\.check.target) == ["shop", "shop"])
  }
}
