import Testing

@testable import Lookout

@Suite("The verdict of a round")
struct CheckReportTests {
  @Test(
    "what is not known outweighs a warning and yields to a failure",
    arguments: [
      ([.pass, .pass], .pass, 0), ([.pass, .warn], .warn, 1), ([.warn, .unknown], .unknown, 3), ([.unknown, .fail, .warn], .fail, 2),
      ([], .unknown, 3),
    ] as [([CheckReport.Status], CheckReport.Status, Int32)])
  func status(rows: [CheckReport.Status], status: CheckReport.Status, code: Int32) {
    let verdict = report(rows.enumerated().map { row("c\($0)", .page, $1) }).status
    #expect(verdict == status && verdict.exitCode == code)
  }

  @Test("trouble that /health only warns about fails where it was asked for by name")
  func weight() throws {
    let check = Check(id: CheckID(target: "crm", check: "dashboard_export"), component: .export, interval: .seconds(15)) {
      Sight(seen: .agent(AgentSight()))
    }
    let finding = Finding(
      check: check.id, component: .export, database: nil, verdict: Verdict(level: .fail, reason: .emptyData, sentence: "no figures"),
      cause: .export, since: notifyStart, observedAt: notifyStart, freshUntil: notifyStart)
    let outcome = CheckRound.Outcome(findings: [check.id: finding])
    for (words, status) in [([], .warn), (["dashboard_export"], .fail)] as [([String], CheckReport.Status)] {
      let asked = try CheckSelection(words, among: [check])
      let made = CheckReport(outcome, of: [check], asked: asked, limit: .seconds(60), from: notifyStart, to: notifyStart, notes: [])
      #expect(made.status == status && made.rows.map(\.status) == [.fail])
    }
  }

  @Test("the row to read first is the cause's own, also where only its effects were asked for")
  func root() {
    #expect(SomeReports.databaseDown.root?.check.check == "postgresql" && SomeReports.passing.root == nil)
    let effect = row("page", .page, .fail, cause: .postgresql)
    let cause = row("postgresql", .postgresql, .fail, "down", cause: .postgresql)
    #expect(report([effect], others: [cause]).root?.sentence == "down")
    #expect(report([effect]).root?.check.check == "page")
  }

  @Test("what was looked at for the cause alone is told only when it does not pass")
  func others() throws {
    let checks = ["page", "postgresql", "log"].map { name in
      Check(id: CheckID(target: "crm", check: name), component: Component(rawValue: name) ?? .agent, interval: .seconds(15)) {
        Sight(seen: .agent(AgentSight()))
      }
    }
    let findings = zip(checks, [Level.fail, .fail, .pass]).map { check, level in
      Finding(
        check: check.id, component: check.component, database: nil, verdict: Verdict(level: level, sentence: ""), cause: nil,
        since: notifyStart, observedAt: notifyStart, freshUntil: notifyStart)
    }
    let outcome = CheckRound.Outcome(findings: Dictionary(uniqueKeysWithValues: findings.map { ($0.check, $0) }))
    let made = CheckReport(
      outcome, of: checks, asked: try CheckSelection(["page"], among: checks), limit: .seconds(60), from: notifyStart, to: notifyStart,
      notes: [])
    #expect(made.rows.map(\.check.check) == ["page"] && made.others.map(\.check.check) == ["postgresql"])
  }
}

@Suite("The checks that were asked for")
struct CheckSelectionTests {
  private let table = [("crm", "page", Component.page), ("crm", "login_page", .registry), ("hr", "page", .page)].map {
    target, name, component in
    Check(id: CheckID(target: target, check: name), component: component, interval: .seconds(15)) { Sight(seen: .agent(AgentSight())) }
  }

  @Test(
    "are named by check, by target and check, or by component",
    arguments: [
      ([], ["crm/page", "crm/login_page", "hr/page"]), (["page"], ["crm/page", "hr/page"]), (["crm/page"], ["crm/page"]),
      (["registry", "hr/page"], ["crm/login_page", "hr/page"]),
    ] as [([String], [String])])
  func names(words: [String], found: [String]) throws {
    let selection = try CheckSelection(words, among: table)
    #expect(Set(selection.checks.map(\.description)) == Set(found) && selection.isNamed == !words.isEmpty)
  }

  @Test(
    "a name that names nothing is refused with what there is",
    arguments: [
      ("pgae", "there is no check 'pgae'; did you mean 'page'?"), ("zebra", "there is no check 'zebra'; there are login_page, page"),
      ("backup", "no check looks at the component backup here; there are login_page, page"),
    ])
  func unknown(word: String, message: String) {
    #expect { try CheckSelection([word], among: table) } throws: { "\($0)" == message }
  }
}

@Suite("The runbook on the command line")
struct RunbookQuoteTests {
  @Test("it says for every reason but those that are no fault what to do first", arguments: Reason.allCases)
  func firstAction(reason: Reason) throws {
    let action = try #require(Runbook.shipped.firstAction(for: reason))
    #expect(action.count > 10 && !action.contains("](") && !action.contains("**") && !action.contains("\n") && !action.contains("###"))
  }

  @Test("a runbook without the section, or a section without a first action, says nothing")
  func nothing() {
    #expect(Runbook("").firstAction(for: .dns) == nil)
    #expect(Runbook("### dns\n\nNo name.\n\n### tls\nFirst: renew [it](#x) **now**.\nThen rest.\n\nMore").firstAction(for: .dns) == nil)
    #expect(Runbook("### tls\nFirst: renew [it](#x) **now**.\nThen rest.\n\nMore").firstAction(for: .tls) == "renew it now. Then rest.")
    #expect(Runbook("### tls\nFirst: an [open bracket").firstAction(for: .tls) == "an [open bracket")
  }
}
