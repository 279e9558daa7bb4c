import Testing

@testable import Lookout

/// Where the time of an answer went, by Odoo's log: of the built program, following a log that is being written.
@Suite(.serialized, .needsProgram, .sharedCluster)
struct AnswerTimeTests {
  private static let check = "dashboard_data"

  private func phase(_ name: String, _ metrics: Metrics) -> Double? {
    metrics.value("odoo_answer_seconds", ["check": Self.check, "phase": name])
  }

  @Test("a slow answer's time is SQL where Odoo computes, and queue where it waits for the only worker")
  func phases() async throws {
    let checks =
      "{interval: 5s, costly_interval: 1s, worker_share: 1, timeout: 8s, costly_timeout: 20s, budgets: {page: 9s, dashboard: 9s}}"
    try await withInstallation(Settings(checks: checks, workers: 1)) { installation in
      try await installation.agent.becomesHealthy()
      try await eventually("a quick answer is split") {
        let metrics = try await installation.agent.metrics()
        return metrics.value("odoo_answer_queries", ["check": Self.check]) ?? 0 > 0 && self.phase("queue", metrics) ?? 9 < 1
      }
      try await installation.odoo.turnOn("slow", "?seconds=2&route=/crm/dashboard/data")
      try await eventually("a slow one's time is SQL") {
        self.phase("sql", try await installation.agent.metrics()) ?? 0 > 1.5
      }
      try await installation.odoo.turnOff("slow")
      try await installation.odoo.turnOn("slow", "?seconds=3&route=/crm/dashboard/performers")
      let session = try await installation.odoo.logIn()
      try await eventually("another's time is waiting for the worker") {
        async let user = installation.odoo.call("/crm/dashboard/performers", session: session)
        _ = try await user
        let metrics = try await installation.agent.metrics()
        return self.phase("queue", metrics) ?? 0 > 0.5 && self.phase("sql", metrics) ?? 9 < 0.5
      }
    }
  }
}
