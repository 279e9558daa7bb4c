import Testing

/// promtool as the client, as it would ask a Prometheus.
@Suite(.serialized, .needsProgram, .sharedCluster)
struct PrometheusAPITests {
  @Test("promtool's queries are answered: instant, range, series, labels", .needsPeer("promtool"))
  func promtool() async throws {
    let promtool = try #require(Tool.peer("promtool"))
    try await withInstallation { installation in
      try await installation.agent.becomesHealthy()
      let server = "http://127.0.0.1:\(installation.agent.port)"
      func ask(_ words: String...) async throws -> String {
        let result = try await run([promtool, "query"] + words, in: installation.folder)
        #expect(result.status.isSuccess, "\(words): \(result.errors)")
        return result.output
      }
      #expect(try await ask("instant", server, "postgresql_up or lookout_check_status{check=\"postgresql\"}").contains("=> 0 @["))
      #expect(try await ask("instant", server, "sum(probe_success) > bool 0").contains("{} => 1 @["))
      #expect(try await ask("range", "--step=5s", server, "count(lookout_check_status)").contains("{} =>"))
      #expect(try await ask("series", "--match=probe_success", server).contains("__name__=\"probe_success\""))
      let checks = try await ask("labels", server, "check")
      #expect(checks.split(separator: "\n").contains("odoo_health"), "\(checks)")
      let refused = try await run([promtool, "query", "instant", server, "sum("], in: installation.folder)
      #expect(!refused.status.isSuccess && refused.errors.contains("parse error"), "\(refused.errors)")
    }
  }

  @Test("what fires shows under /api/v1/alerts and /api/v1/rules")
  func alerts() async throws {
    try await withInstallation { installation in
      try await installation.agent.becomesHealthy()
      try await installation.odoo.turnOn("stopped")
      _ = try await installation.message()
      let alerts = try await installation.agent.page("/api/v1/alerts").text
      #expect(alerts.contains(#""alertname":"OdooDown""#) && alerts.contains(#""state":"firing""#), "\(alerts)")
      let rules = try await installation.agent.page("/api/v1/rules?rule_name[]=OdooDown").text
      #expect(rules.contains(#"{"state":"firing","name":"OdooDown","query":"#) && !rules.contains(#""name":"DashboardSlow""#), "\(rules)")
    }
  }
}
