import Glibc
import Testing

/// What was seen is told, and what was written is counted: once, whatever happens to the agent and to those whom it tells.
@Suite(.serialized, .needsProgram, .sharedCluster)
struct LossTests {
  @Test(
    "a message that a crash interrupts arrives after the restart, every copy with the same key, and is accepted once",
    arguments: [WebhookReceiver.Mood.refusing, .hanging, .answering(500)])
  func crashBeforeDelivery(mood: WebhookReceiver.Mood) async throws {
    try await withInstallation(Settings(webhookTimeout: "2s")) { installation in
      try await installation.agent.becomesHealthy()
      installation.receiver.mood = mood
      try await installation.odoo.turnOn("stopped")
      try await eventually("an attempt to deliver fails") {
        let metrics = try await installation.agent.metrics()
        return metrics.value("lookout_notification_failures_total") ?? 0 >= 1 && metrics.value("lookout_outbox_pending") == 1
      }
      await installation.agent.kill()
      installation.receiver.mood = .answering(200)
      try await installation.agent.start()
      let message = try await installation.message()
      #expect(message.headline == "firing OdooDown")
      try await always("no second copy is accepted", for: .seconds(4)) { installation.receiver.accepted.count == 1 }
      let keys = Set(installation.receiver.deliveries.map(\.idempotencyKey))
      #expect(keys.count == 1)
      #expect(!keys.contains(""))
    }
  }

  @Test("a restart while an alert fires tells nothing again, and its end is told though it came while the agent was down")
  func restartWhileFiring() async throws {
    try await withInstallation { installation in
      try await installation.agent.becomesHealthy()
      try await installation.odoo.turnOn("rpc_error", "?route=/crm/dashboard/data")
      #expect(try await installation.message().headline == "firing DashboardBroken")
      // Killed between the receiver's answer and its own note of it, an agent tells again under the same key: that is not what is meant here.
      try await Task.sleep(for: .seconds(1))
      try await installation.agent.restart()
      try await eventually("the restarted agent has judged") {
        try await installation.agent.metrics().value("lookout_alerts", ["state": "firing"]) ?? 0 >= 1
      }
      try await always("nothing is told again", for: .seconds(5)) { installation.receiver.deliveries.count == 1 }
      await installation.agent.kill()
      try await installation.odoo.turnOff("rpc_error")
      try await installation.agent.start()
      #expect(try await installation.message(after: 1).headline == "resolved DashboardBroken")
      try await always("nothing else is told", for: .seconds(5)) { installation.receiver.deliveries.count == 2 }
      #expect(Set(installation.receiver.deliveries.map(\.idempotencyKey)).count == 2)
    }
  }

  @Test("killed at any moment, the agent tells each fault once and each end once")
  func crashesAtAnyMoment() async throws {
    try await withInstallation { installation in
      try await installation.agent.becomesHealthy()
      for round in 1...4 {
        try await installation.odoo.turnOn("stopped")
        try await crash(installation.agent)
        try await eventually("fault \(round) is told") { try told(installation) == 2 * round - 1 }
        try await installation.odoo.turnOff("stopped")
        try await crash(installation.agent)
        try await eventually("end \(round) is told") { try told(installation) == 2 * round }
      }
      try await always("nothing else is told", for: .seconds(4)) { try told(installation) == 8 }
      var seen: Set<String> = []
      let headlines = try installation.receiver.accepted.filter { seen.insert($0.idempotencyKey).inserted }.map { try $0.message.headline }
      #expect(headlines == (1...4).flatMap { _ in ["firing OdooDown", "resolved OdooDown"] })
    }
  }

  /// Kills it somewhere between the first look and the delivery, and starts it again.
  private func crash(_ agent: AgentProcess) async throws {
    try await Task.sleep(for: .milliseconds(Int.random(in: 0...2500)))
    try await agent.restart()
  }

  /// Messages that a receiver counts that knows keys: copies are one.
  private func told(_ installation: Installation) throws -> Int { Set(installation.receiver.accepted.map(\.idempotencyKey)).count }
}
