import Testing

@testable import Lookout

@Suite("Checks that nobody looks at")
struct UnobservedTests {
  private func row(_ check: String, _ cost: Check.Cost = .cheap) -> ExpectedCheck {
    ExpectedCheck(
      row: CheckRow(id: CheckID(target: "crm", check: check), component: .page, cost: cost, database: nil), since: servedNow)
  }

  private func unobserved(_ expected: [ExpectedCheck], _ findings: [Finding] = [], after seconds: Int64) -> [String] {
    Unobserved.checks(of: expected, findings: findings, at: servedNow + .seconds(seconds)).map(\.check)
  }

  @Test("a check that was never seen counts when its grace is over, a costly one after an hour")
  func never() {
    let expected = [row("page"), row("export", .costly(.test))]
    #expect(unobserved(expected, after: 60) == [])
    #expect(unobserved(expected, after: 61) == ["page"])
    #expect(unobserved(expected, after: 3600) == ["page"])
    #expect(unobserved(expected, after: 3601) == ["export", "page"])
  }

  @Test("a finding counts when it has been old news for as long, whatever it says", arguments: Level.allCases)
  func stale(level: Level) {
    let findings = [servedFinding("page", .page, level), servedFinding("export", .export, level)]
    let expected = [row("page"), row("export", .costly(.test))]
    // Fresh for 30 s.
    #expect(unobserved(expected, findings, after: 90) == [])
    #expect(unobserved(expected, findings, after: 91) == ["page"])
    #expect(unobserved(expected, findings, after: 3631) == ["export", "page"])
  }

  @Test("what is not in the table is not missed")
  func gone() {
    #expect(unobserved([], [servedFinding("page", .page)], after: 99_999) == [])
  }

  @Test("many are named by the first five")
  func inShort() {
    let checks = (1...7).map { CheckID(target: "crm", check: "c\($0)") }
    #expect(Unobserved.inShort(Array(checks.prefix(2))) == "crm/c1, crm/c2")
    #expect(Unobserved.inShort(checks) == "crm/c1, crm/c2, crm/c3, crm/c4, crm/c5 and 2 more")
  }
}
