import Testing

@testable import Lookout

@Suite struct StandingTests {
  private func standing(
    _ findings: [Finding], expected: [ExpectedCheck] = [], at now: Timestamp = servedNow, of component: Component? = nil
  ) -> Standing {
    Standing(CheckStanding.all(findings: findings, expected: expected, now: now), of: component)
  }

  @Test("all pass: pass, with no root")
  func allPass() {
    let standing = standing([servedFinding("a", .page), servedFinding("b", .log)])
    #expect(standing.level == .pass)
    #expect(standing.root == nil)
    #expect(standing.headline == "pass: all 2 checks pass")
  }

  @Test("the root is the cause's own finding, and its sentence is the headline")
  func root() {
    let standing = standing(databaseDownFindings)
    #expect(standing.level == .fail)
    #expect(standing.root?.check.check == "connect")
    #expect(standing.headline == "fail: postgresql: no connection to PostgreSQL")
  }

  @Test("a component's verdict is its own, its root may lie below it")
  func scope() {
    let page = standing(databaseDownFindings, of: .page)
    #expect(page.level == .fail)
    #expect(page.checks.map(\.check.check) == ["login_page"])
    #expect(page.sentence == "no connection to PostgreSQL")
    #expect(standing(databaseDownFindings, of: .process).level == .pass)
    #expect(standing(databaseDownFindings, of: .export).level == .warn)
  }

  @Test("a cause that explains more goes first, the deeper one of two that explain as many")
  func leadingCause() {
    let lone = servedFinding("assets", .page, .fail, cause: .page, since: servedNow - .seconds(9000))
    #expect(standing(databaseDownFindings + [lone]).root?.component == .postgresql)
    let tie = [servedFinding("a", .module, .fail, cause: .module), servedFinding("b", .network, .fail, cause: .network)]
    #expect(standing(tie).root?.component == .network)
    #expect(standing(tie.reversed()).root?.component == .network)
  }

  @Test("a root that has no finding of its own is told by the check that names it")
  func rootWithoutFinding() {
    let standing = standing([servedFinding("a", .page, .fail, cause: .host, sentence: "the page is slow")])
    #expect(standing.headline == "fail: page: the page is slow")
  }

  @Test("components that are not Odoo itself warn at most", arguments: Component.allCases)
  func folding(_ component: Component) {
    let failing: Set<Component> = [
      .network, .proxy, .process, .workers, .postgresql, .database, .registry, .module, .page, .dashboard,
    ]
    let standing = standing([servedFinding("a", component, .fail, cause: component)])
    #expect(standing.level == (failing.contains(component) ? .fail : .warn))
    #expect(standing.checks.first?.level == .fail)
  }

  @Test("nothing to look at is a warning, not health")
  func nothing() {
    #expect(standing([]).headline == "warn: no check is set up")
    #expect(standing(databaseDownFindings, of: .backup).headline == "warn: no check looks at the component backup")
  }

  @Test("what is not observed yet warns for 60 s after the check began, then fails")
  func unobserved() {
    let start = servedNow - .seconds(10)
    let expected = [expectedCheck("login_page", .page, since: start)]
    #expect(standing([], expected: expected, at: start + .seconds(60)).level == .warn)
    let late = standing([], expected: expected, at: start + .milliseconds(60_001))
    #expect(late.level == .fail)
    #expect(late.root?.reason == .notObserved)
    #expect(late.root?.sentence == "not observed yet, 60 s after the check began")
  }

  @Test("an expected check is one entry, by its finding or as one that is not observed yet")
  func expected() {
    let expected = [expectedCheck("size", .database, since: servedNow), expectedCheck("cron", .cron, since: servedNow)]
    let checks = standing([servedFinding("size", .database)], expected: expected).checks
    #expect(checks.map(\.check.check) == ["size", "cron"] && checks.map(\.level) == [.pass, .warn])
  }

  @Test("a costly check may have to wait for its slot: for an hour that is a warning")
  func costlyUnobserved() {
    let row = CheckRow(id: CheckID(target: "crm", check: "data"), component: .dashboard, cost: .costly(.test), database: nil)
    let expected = [ExpectedCheck(row: row, since: servedNow)]
    #expect(standing([], expected: expected, at: servedNow + .seconds(3600)).level == .warn)
    #expect(standing([], expected: expected, at: servedNow + .seconds(3601)).level == .fail)
  }

  @Test("a component without a check of its own is told by those that blame it")
  func blamed() {
    let blaming = servedFinding("page", .page, .fail, cause: .database)
    #expect(standing([blaming], of: .database).level == .fail)
    #expect(standing([blaming, servedFinding("statements", .database)], of: .database).level == .pass)
  }

  @Test(
    "an old finding warns, and fails after as long again",
    arguments: [(30_000, Level.pass), (30_001, .warn), (60_000, .warn), (60_001, .fail)] as [(Int64, Level)])
  func stale(_ age: Int64, _ level: Level) {
    let standing = standing([servedFinding("a", .page)], at: servedNow + .milliseconds(age))
    #expect(standing.level == level)
    #expect((standing.checks.first?.reason == .notObserved) == (level > .pass))
  }

  @Test(
    "a costly check that waits for its slot is old news for an hour before that is a failure, a cheap one for a minute",
    arguments: [(Check.Cost.cheap, 60), (.costly(WorkerSlot(odoo: "http://o", share: 0.04, longestRequest: .seconds(120))), 3600)])
  func waiting(_ cost: Check.Cost, _ grace: Int) {
    let finding = servedFinding("a", .dashboard)
    let row = CheckRow(id: finding.check, component: .dashboard, cost: cost, database: nil)
    for (late, level) in [(grace, Level.warn), (grace + 1, .fail)] {
      let now = finding.freshUntil + .seconds(late)
      #expect(standing([finding], expected: [ExpectedCheck(row: row, since: servedNow)], at: now).level == level)
    }
  }

  @Test("an old failure keeps its reason and cause, and says that it is old")
  func staleFailure() throws {
    let old = servedFinding("a", .page, .fail, reason: .notJSON, cause: .process, sentence: "no JSON")
    let check = try #require(standing([old], at: servedNow + .seconds(45)).checks.first)
    #expect((check.level, check.reason, check.cause) == (.fail, .notJSON, .process))
    #expect(check.sentence == "not observed for 45 s, which is 15 s too long; before that: no JSON")
    #expect(check.since == old.since)
  }

  @Test("a finding that never grows old does not overflow")
  func forever() {
    let eternal = Finding(
      check: CheckID(target: "crm", check: "a"), component: .page, database: nil, verdict: Verdict(level: .pass, sentence: ""), cause: nil,
      since: servedNow, observedAt: servedNow, freshUntil: Timestamp(milliseconds: .max))
    #expect(standing([eternal], at: servedNow + .seconds(1_000_000)).level == .pass)
  }

  @Test("spans are written in whole units", arguments: [(-5, "0 s"), (119, "119 s"), (120, "2 min"), (7200, "2 h"), (172_800, "2 d")])
  func spans(_ seconds: Int, _ text: String) {
    #expect(Duration.seconds(seconds).roughly == text)
  }
}
