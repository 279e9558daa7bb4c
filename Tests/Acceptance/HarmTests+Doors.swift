import Foundation
import Glibc
import Subprocess
import Testing

@testable import Lookout

/// Prometheus' own checker, where the programs to compare with are at hand.
enum Promtool {
  static let path: String? = {
    let environment = ProcessInfo.processInfo.environment
    let peers = environment["PEERS"] ?? (environment["TMPDIR"] ?? "/tmp") + "/lookout-peers"
    return FileManager.default.isExecutableFile(atPath: "\(peers)/bin/promtool") ? "\(peers)/bin/promtool" : nil
  }()
}

extension Trait where Self == ConditionTrait {
  static var needsPromtool: Self { .enabled(if: Promtool.path != nil, "there is no promtool in $PEERS/bin: run `make peers`") }
}

/// The doors of the agent: its pages, and how it ends.
extension HarmTests {
  @Test("uptime monitors read the verdict on Odoo from the status of /health, all of it or one component")
  func healthPages() async throws {
    try await withInstallation { installation in
      let agent = installation.agent
      try await agent.becomesHealthy()
      let well = try await agent.page("/health")
      #expect(well.status == 200)
      #expect(well.headers["content-type"] == "application/health+json")
      #expect(try await agent.health().status == "pass")
      #expect(try await agent.page("/livez").status == 200)
      #expect(try await agent.page("/readyz").status == 200)
      try await installation.odoo.turnOn("empty_kpis")
      try await eventually("/health fails") { try await agent.page("/health").status == 503 }
      for (component, status) in ["dashboard": 503, "process": 200, "page": 200, "postgresql": 200, "nothing": 404] {
        #expect(try await agent.page("/health/\(component)").status == status, "component \(component)")
      }
      // The agent itself is as well as before.
      #expect(try await agent.page("/livez").status == 200)
      #expect(try await agent.page("/readyz").status == 200)
    }
  }

  @Test("promtool finds nothing to complain about in /metrics, while all is well and during a fault", .needsPromtool)
  func metricsPage() async throws {
    let promtool = try #require(Promtool.path)
    try await withInstallation { installation in
      try await installation.agent.becomesHealthy()
      for fault in ["", "stopped"] {
        if !fault.isEmpty {
          try await installation.odoo.turnOn(fault)
          _ = try await installation.message()
        }
        let page = try await installation.agent.page("/metrics")
        #expect(page.status == 200)
        #expect(page.headers["content-type"]?.hasPrefix("text/plain; version=0.0.4") == true)
        try Data(page.body).write(to: URL(fileURLWithPath: "\(installation.folder)/metrics.txt"))
        let check = try await run(["sh", "-c", #"exec "$1" check metrics <metrics.txt"#, "sh", promtool], in: installation.folder)
        #expect(check.status.isSuccess, "\(check.output)\(check.errors)")
        #expect(check.errors.isEmpty && check.output.isEmpty, "\(check.output)\(check.errors)")
      }
      let open = try await installation.agent.page("/metrics", headers: ["Accept: application/openmetrics-text; version=1.0.0"])
      #expect(open.headers["content-type"]?.hasPrefix("application/openmetrics-text; version=1.0.0") == true)
      #expect(open.text.hasSuffix("\n# EOF\n"))
    }
  }

  @Test("promtool accepts the rules that ship, and their tests pass", .needsPromtool)
  func shippedRules() async throws {
    let promtool = try #require(Promtool.path)
    let alerts = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Alerts").path
    try await withFolder { folder in
      for (what, pattern) in ["check": "*.rules.yml", "test": "*.test.yml"] {
        let result = try await run(["sh", "-c", #"cd "$2" && exec "$1" \#(what) rules \#(pattern)"#, "sh", promtool, alerts], in: folder)
        #expect(result.status.isSuccess, "\(result.output)\(result.errors)")
      }
    }
  }

  @Test(
    "the agent ends within two seconds of SIGTERM or SIGINT, though Odoo, PostgreSQL and the receiver hang", arguments: [SIGTERM, SIGINT])
  func ending(signal: CInt) async throws {
    try await withInstallation { installation in
      try await installation.agent.becomesHealthy()
      installation.receiver.mood = .hanging
      try await installation.odoo.turnOn("hanging")
      installation.cluster.freeze()
      defer { installation.cluster.thaw() }
      try await eventually("a message hangs at the receiver") { !installation.receiver.deliveries.isEmpty }
      try await expectEnd(of: installation.agent, on: signal)
    }
  }

  @Test("the agent ends within two seconds though nobody has answered its first login yet")
  func endingWithoutSession() async throws {
    try await withInstallation(running: false) { installation in
      try await installation.odoo.turnOn("hanging")
      try await installation.agent.start()
      try await eventually("a login hangs") { installation.agent.printed.contains("watching") }
      try await Task.sleep(for: .seconds(1))
      try await expectEnd(of: installation.agent, on: SIGTERM)
    }
  }

  @Test("no password and no token shows in what the agent prints, serves or sends")
  func secrets() async throws {
    try await withInstallation(Settings(password: "wr0ng-Passw0rd")) { installation in
      try await eventually("the login is refused") { try await installation.agent.health()["session"]?.reason == "login_failed" }
      try await eventually("nothing is known of the page") { try await installation.agent.health()["page"]?.status == "warn" }
      installation.receiver.mood = .answering(500)
      try await installation.odoo.turnOn("stopped")
      try await eventually("a message is refused") { !installation.receiver.deliveries.isEmpty }
      installation.receiver.mood = .answering(200)
      _ = try await installation.message()
      await installation.cluster.stop()
      try await eventually("postgresql fails") { try await installation.agent.health()["postgresql"]?.status == "fail" }
      var seen = installation.agent.printed
      for page in ["/", "/runbook", "/health", "/health/session", "/metrics", "/livez", "/readyz", "/nothing"] {
        seen += try await installation.agent.page(page).text
      }
      seen += installation.receiver.deliveries.map { String(decoding: $0.body, as: UTF8.self) }.joined()
      try await installation.cluster.start()
      for secret in ["wr0ng-Passw0rd", installation.cluster.lookout.password, Installation.token] { #expect(!seen.contains(secret)) }
      try await expectHealsWithRightPassword(installation)
    }
  }

  private func expectHealsWithRightPassword(_ installation: Installation) async throws {
    try await installation.odoo.turnOff("stopped")
    try Data("monitor\n".utf8).write(to: URL(fileURLWithPath: "\(installation.folder)/odoo.password"))
    try await eventually("the session is open") { try await installation.agent.health()["session"]?.status == "pass" }
  }
}
