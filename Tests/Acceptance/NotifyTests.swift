import Foundation
import Glibc
import Testing

/// Routes and receivers of one's own, and Alertmanager's API, with the built program.
@Suite(.serialized, .needsProgram, .sharedCluster)
struct NotifyTests {
  private static let routes = """
    route:
      receiver: quiet
      group_by: [alertname]
      group_wait: 0s
      group_interval: 1s
      routes: [{matchers: [alertname=OdooDown], receiver: pager}]
    receivers:
    - name: quiet
    - name: pager
      webhook_configs: [{url: 'http://127.0.0.1:PORT/pager', http_config: {authorization: {credentials_file: pager.token}}}]
    """

  @Test("a reload exchanges routes and receivers; what the old receiver was told is given up, and the new one told")
  func reload() async throws {
    try await withInstallation { installation in
      try await installation.agent.becomesHealthy()
      let file = URL(fileURLWithPath: "\(installation.folder)/am.yml")
      try Data(Self.routes.replacing("PORT", with: "\(installation.receiver.port)").utf8).write(to: file)
      try Data("s3cret\n".utf8).write(to: URL(fileURLWithPath: "\(installation.folder)/pager.token"))
      try installation.reconfigure { text in
        text.split(separator: "\n").map { $0.hasPrefix("notify:") ? "notify: {file: am.yml}" : String($0) }.joined(separator: "\n")
      }
      installation.agent.signal(SIGHUP)
      try await eventually("the configuration is reloaded") { installation.agent.printed.contains("the configuration was reloaded") }
      #expect(installation.agent.printed.contains("a receiver is gone"))
      try await installation.odoo.turnOn("stopped")
      #expect(try await installation.message().headline == "firing OdooDown")
      let delivery = try #require(installation.receiver.accepted.first)
      #expect(delivery.path == "/pager" && delivery.headers["authorization"] == "Bearer s3cret")
      #expect(!installation.agent.printed.contains("s3cret"))
    }
  }

  @Test("Alertmanager's own scenarios come out right", .enabled(if: Scenarios.program != nil, "no acceptance data: set ACCEPTANCE_DATA"))
  func scenarios() async throws {
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("notify").path
    let result = try await run(
      ["python3", try #require(Scenarios.program), "--cmd", "env LOOKOUT_BIN=\(try Built.path()) \(script) {config} {dir} {port}"],
      in: "/tmp",
      within: .seconds(200))
    #expect("\(result.status)" == "exited(0)", "\(result.output)")
  }
}

private enum Scenarios {
  static let program: String? = {
    var package = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { package.deleteLastPathComponent() }
    let given = ProcessInfo.processInfo.environment["ACCEPTANCE_DATA"] ?? package.deletingLastPathComponent().path + "/shared"
    let path = given + "/alertmanager/run.py"
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }()
}
