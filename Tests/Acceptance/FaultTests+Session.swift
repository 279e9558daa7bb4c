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
}
