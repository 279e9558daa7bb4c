import Testing

extension FaultTests {
  @Test("a session that expires once is renewed with one login, and nobody hears of it")
  func sessionExpires() async throws {
    try await withInstallation { installation in
      try await installation.agent.becomesHealthy()
      let before = installation.odoo.logins
      try await installation.odoo.turnOn("session_expired", "?seconds=0")
      try await always("all checks pass", for: .seconds(6)) {
        let health = try await installation.agent.health()
        return health.status == "pass" && health.notPassing.isEmpty
      }
      #expect(installation.odoo.logins == before + 1)
      #expect(installation.receiver.deliveries.isEmpty)
    }
  }

  @Test("a refused login is told as one: of the page and the dashboards nothing is known, and nobody is told that they are broken")
  func refusedLogin() async throws {
    try await withInstallation(Settings(password: "wrong")) { installation in
      let health = try await eventually("nothing is known of the page") {
        let health = try await installation.agent.health()
        return health["page"]?.reason == "login_failed" ? health : nil
      }
      #expect(health["page"]?.status == "warn" && health["page"]?.cause == "session" && health["session"]?.status == "fail")
      #expect(health.status == "warn")
      let metrics = try await installation.agent.metrics()
      #expect(metrics.all("probe_success", ["check": "page"]).isEmpty && metrics.all("probe_duration_seconds", ["check": "page"]).isEmpty)
      #expect(metrics.value("probe_success", ["check": "session"]) == 0 && metrics.value("probe_success", ["check": "login_page"]) == 1)
      let message = try await installation.message(within: .seconds(180))
      #expect(message.names == ["LookoutCannotLogIn"])
      #expect(message.alerts.first?.annotations["reason"] == "login_failed")
      #expect(try await installation.agent.page("/runbook").text.contains("id=\"lookoutcannotlogin\""))
    }
  }
}
