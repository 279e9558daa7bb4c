import Glibc
import Testing

@testable import Lookout

/// What happens is told when it happens, not when the next look is due: these looks are due every few minutes.
@Suite(.serialized, .needsProgram, .sharedCluster)
struct EventTests {
  private static let rareLooks = Settings(
    checks: "{interval: 5m, costly_interval: 5m, worker_share: 1, timeout: 2s, costly_timeout: 8s, budgets: {page: 6s, dashboard: 5s}}")

  @Test("Odoo's process ends")
  func processEnds() async throws {
    try await withInstallation(Self.rareLooks) { installation in
      try await installation.agent.becomesHealthy()
      await installation.odoo.program.kill()
      let message = try await installation.message(within: .seconds(60))
      #expect(message.headline == "firing OdooDown")
    }
  }

  @Test("Odoo is stopped in an orderly way: that is told, and that it was")
  func plannedStop() async throws {
    try await withInstallation(Self.rareLooks) { installation in
      try await installation.agent.becomesHealthy()
      try await installation.odoo.turnOn("stopped")
      let message = try await installation.message(within: .seconds(60))
      #expect(message.headline == "firing OdooDown")
      #expect(message.alerts.first?.annotations["finding"]?.contains("; Odoo was stopped in an orderly way at 20") == true)
      #expect(message.alerts.first?.annotations["evidence"]?.contains("planned=stop since 20") == true)
      try await installation.odoo.turnOff("stopped")
    }
  }

  @Test("PostgreSQL closes its connections")
  func databaseStops() async throws {
    try await withInstallation(Self.rareLooks) { installation in
      try await installation.agent.becomesHealthy()
      await installation.cluster.stop(mode: .immediate)
      let message = try? await installation.message(within: .seconds(60))
      try await installation.cluster.start()
      #expect(message?.headline == "firing PostgreSQLDown")
    }
  }

  @Test("an error stands in Odoo's log: the route that failed is looked at, and the message names the dashboard, not the log")
  func errorIsLogged() async throws {
    try await withInstallation(Self.rareLooks) { installation in
      try await installation.agent.becomesHealthy()
      try await installation.odoo.turnOn("rpc_error", "?route=/crm/dashboard/data")
      // A user meets the error.
      _ = try await installation.odoo.call("/crm/dashboard/data", session: try await installation.odoo.logIn())
      let message = try await installation.message(within: .seconds(60))
      #expect(message.headline == "firing DashboardBroken")
      #expect(message.alerts.first?.labels["check"] == "dashboard_data")
    }
  }
}

/// What the agent's looks cost Odoo is bounded, however slow Odoo is.
extension EventTests {
  @Test("users' own requests spare the agent's looks")
  func passive() async throws {
    let checks = "{interval: 1s, costly_interval: 2s, worker_share: 1, budgets: {page: 6s, dashboard: 5s}}"
    try await withInstallation(Settings(checks: checks)) { installation in
      try await installation.agent.becomesHealthy()
      let session = try await installation.odoo.logIn()
      var own = 0
      try await always("the check stays fresh without a look of its own", for: .seconds(12)) {
        _ = try await installation.odoo.call("/crm/dashboard/data", session: session)
        own = installation.odoo.requests(on: "/crm/dashboard/data?lookout")
        return try await installation.agent.health()["dashboard_data"]?.status == "pass"
      }
      let later = installation.odoo.requests(on: "/crm/dashboard/data?lookout")
      #expect(later - own <= 1)
      // And when users are gone, it looks for itself again.
      try await eventually("the agent looks again") { installation.odoo.requests(on: "/crm/dashboard/data?lookout") > later }
    }
  }

  @Test("answers that take 30 s hold one worker at a time, and for no more than the agent's share; other requests go on")
  func slowAnswers() async throws {
    let checks = "{interval: 1s, costly_interval: 1s, worker_share: 0.1, timeout: 3s, costly_timeout: 4s}"
    try await withInstallation(Settings(checks: checks, workers: 4)) { installation in
      try await installation.agent.becomesHealthy()
      try await installation.odoo.turnOn("slow", "?seconds=30")
      try await eventually("a dashboard is given up") { try await installation.agent.health().status == "fail" }
      // Given up after 4 s, the request goes on in Odoo: until its line is logged nothing costly is asked for, and then the slot rests.
      try await always("one request is under way, and nothing else suffers", for: .seconds(40)) {
        let health = try await installation.agent.health()
        let isWell = ["odoo_health", "login_page", "page", "session"].allSatisfy { health[$0]?.status == "pass" }
        let struck = try await installation.odoo.struck(by: "slow")
        return isWell && struck == 1
      }
    }
  }
}
