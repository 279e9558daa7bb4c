import Testing

@testable import Lookout

@Suite("Looks at who may see what", .timeLimit(.minutes(1)))
struct AccessChecksTests {
  private func checks(_ odoo: OdooAtHand, _ change: (inout Configuration.Target) -> Void = { _ in }) -> [String: Check] {
    var target = odoo.target()
    target.odoo.websocketURL = odoo.second
    change(&target)
    let slot = WorkerSlot(odoo: odoo.url.origin, share: 1, longestRequest: .seconds(120))
    let all = AccessChecks(
      target: target, client: odoo.client, session: odoo.session(), viewer: odoo.session("seller"), slot: slot, now: Timeline.system().now
    ).all
    return Dictionary(uniqueKeysWithValues: all.map { ($0.id.check, $0) })
  }

  private func short(_ verdict: Verdict?) -> String {
    guard let verdict else { return "none" }
    return verdict.level.word + (verdict.reason.map { " \($0.rawValue)" } ?? "") + (verdict.isUnknown ? " unknown" : "")
  }

  @Test("a healthy Odoo refuses strangers, shows sellers what they need, and has nothing open")
  func healthy() async throws {
    try await withOdooStandIn { odoo in
      for (name, check) in checks(odoo) {
        let verdict = await check.verdict()
        #expect(verdict.level == .pass, "\(name): \(verdict)")
      }
      #expect(!odoo.log.contains(" ERROR "))
    }
  }

  @Test(
    "each door that stands open is seen",
    arguments: [
      ("public_dashboards", "anonymous_access", "warn exposed"),
      ("public_dashboards?route=/crm/strategic/dashboard/export", "anonymous_access", "warn exposed"),
      ("open_databases", "exposure", "warn exposed"), ("menus_missing", "menus", "warn access_denied"),
      ("access_denied", "viewer_access", "warn access_denied"), ("websocket_down", "websocket", "warn"),
      ("empty_reply", "anonymous_access", "warn empty_reply unknown"), ("empty_reply", "exposure", "warn empty_reply unknown"),
      ("http_500?route=/crm", "viewer_access", "warn http_status unknown"),
    ] as [(String, String, String)])
  func open(fault: String, check: String, verdict: String) async throws {
    try await withOdooStandIn { odoo in
      let all = checks(odoo)
      await odoo.turnOn(fault)
      let judged = await all[check]?.verdict()
      #expect(short(judged).hasPrefix(verdict), "\(judged as Any)")
    }
  }

  @Test("a viewer who is a manager may too much, and is named for it")
  func manager() async throws {
    try await withOdooStandIn { odoo in
      let look = ViewerLook(odoo: odoo.target().odoo, timeout: .seconds(10)) { [session = odoo.session()] in await session.send($0) }
      guard case .access(let sight) = await look.look().seen else { return #expect(Bool(false)) }
      let verdict = AccessJudgement.verdict(on: sight)
      #expect(verdict.reason == .exposed && verdict.sentence.contains("sales manager"))
    }
  }

  @Test("what is accepted warns no more, and is measured nevertheless")
  func accepted() async throws {
    try await withOdooStandIn { odoo in
      await odoo.turnOn("open_databases")
      let check = checks(odoo) { $0.checks.acceptedExposures = Set(ExposureSight.Thing.allCases) }["exposure"]
      let sight = try #require(await check?.look())
      let open = sight.samples.filter { $0.metric == .exposed && $0.value == 1 }.compactMap { $0.labels["what"] }
      let verdict = short(await check?.verdict())
      #expect(Set(open) == ["database_manager", "database_list", "tracebacks"] && verdict == "pass")
      #expect(sight.samples.contains { $0.metric == .serverInfo && $0.labels == ["name": "Python", "version": "3.11.2"] })
    }
  }

  @Test("strangers' requests stop at the first that is not answered")
  func stopsEarly() async throws {
    try await withOdooStandIn { odoo in
      await odoo.turnOn("empty_reply")
      let look = AnonymousLook(odoo: odoo.target().odoo, timeout: .seconds(10), today: { "2026-11-28" }) { await odoo.client.perform($0) }
      guard case .access(let sight) = await look.look().seen else { return #expect(Bool(false)) }
      #expect(sight.questions.count == 1)
    }
  }

  @Test(
    "what an answer says of rights", .needsCaptures,
    arguments: [
      ("patched-20-dash-data-nosession", .refused), ("patched-30-export-nosession", .refused),
      ("patched-45-strategic-export-nosession", .refused),
      ("patched-21-dash-data-session", .granted), ("patched-32-export-csv", .granted), ("r-sales0-export", .refused),
      ("r-sales0-strategic-dashboard-data", .refused), ("r-nosales-dashboard-overdue", .refused), ("r-portal2-web", .refused),
      ("patched-50-404", .absent), ("f-dbdown-login", .failed(.databaseSelector, "Odoo does not reach its database")),
      ("patched-04-login-page", .refused), ("patched-10-web-authed", .granted),
      ("l-real", .failed(.emptyReply, "nothing came")), ("f-raise-json", .failed(.rpcError, "builtins.ValueError")),
      ("pristine-21-dash-data-session", .granted), ("f-raise-http", .failed(.httpStatus, "HTTP 500")),
    ] as [(String, AccessSight.Reply)])
  func replies(name: String, reply: AccessSight.Reply) throws {
    #expect(AccessSight.Reply(try OdooCapture.exchange(name)) == reply)
  }

  @Test("a menu that does not come is named")
  func menus() {
    let body = Array(#"{"root": {"children": [1]}, "1": {"name": "CRM"}, "2": 7}"#.utf8)
    #expect(MenuNames.missing(["CRM"], in: body) == nil && MenuNames.missing(["CRM", "Sales"], in: body) == ["Sales"])
    #expect(MenuNames.missing(["CRM"], in: Array("<html>".utf8)) == ["CRM"])
  }
}

@Suite("Looks at the dashboards' filters and exports", .timeLimit(.minutes(1)))
struct DashboardLookTests {
  private func verdict(_ name: String, _ odoo: OdooAtHand) async -> Verdict? {
    await OdooChecks(target: odoo.target(), client: odoo.client, session: odoo.session(), now: Timeline.system().now).all
      .first { $0.id.check == name }?.verdict()
  }

  @Test("on a healthy Odoo every look passes, and asks for the month that runs")
  func healthy() async throws {
    try await withOdooStandIn { odoo in
      for check in OdooChecks(target: odoo.target(), client: odoo.client, session: odoo.session(), now: Timeline.system().now).all {
        let verdict = await check.verdict()
        #expect(verdict.level == .pass, "\(check.id): \(verdict)")
      }
      let today = Timeline.system().now().date
      #expect(odoo.log.contains("/crm/dashboard/export?date_from=\(today.prefix(8))01&date_to=\(today)&format=xlsx"))
    }
  }

  @Test(
    "faults",
    arguments: [
      ("filters_ignored", "dashboard_data", Reason.unexpectedData),
      ("data_error?route=/crm/dashboard/export", "dashboard_export_xlsx", .emptyData),
      ("data_error?route=/crm/dashboard/export", "dashboard_export", .emptyData),
      ("access_denied", "dashboard_data", .accessDenied), ("empty_kpis", "dashboard_data", .emptyData),
    ])
  func faults(fault: String, check: String, reason: Reason) async throws {
    try await withOdooStandIn { odoo in
      await odoo.turnOn(fault)
      let verdict = await self.verdict(check, odoo)
      #expect(verdict?.level == .fail && verdict?.reason == reason, "\(verdict as Any)")
    }
  }
}
