import Foundation
import Testing

/// What only the log tells, from the line to the message.
@Suite(.serialized, .needsProgram, .sharedCluster)
struct LogFindingTests {
  private static let ownLog = Settings(logFile: "own.log", files: ["own.log": ""])

  private static func error(_ exception: String, pid: Int = 4711) -> String {
    """
    2026-03-01 10:00:00,123 \(pid) ERROR crm odoo.http: Exception during request handling.\u{20}
    Traceback (most recent call last):
      File "/opt/odoo/custom-addons/shop/models/figures.py", line 12, in data
        return self.total['secret']
    \(exception)
    2026-03-01 10:00:00,223 \(pid) INFO crm werkzeug: 127.0.0.1 - - [01/Mar/2026 10:00:00] "POST /crm/dashboard/data HTTP/1.1" 500 - 135 0.052 0.040

    """
  }

  private func append(_ text: String, _ installation: Installation) throws {
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: "\(installation.folder)/own.log"))
    defer { try? file.close() }
    try file.seekToEnd()
    try file.write(contentsOf: Data(text.utf8))
  }

  private func groups(_ installation: Installation, _ state: String) async throws -> Double? {
    try await installation.agent.metrics().value("odoo_log_error_groups", ["kind": "failure", "state": state])
  }

  @Test("a new error is a finding within a second, with its fingerprint and request; a crash makes it neither new again nor uncounted")
  func newError() async throws {
    try await withInstallation(Self.ownLog) { installation in
      try await installation.agent.becomesHealthy()
      let start = ContinuousClock.now
      try append(Self.error("KeyError: 'secret'"), installation)
      try await eventually("the new error is a finding", within: .seconds(5)) {
        try await installation.agent.health()["log_new_errors"]?.reason == "new_error"
      }
      #expect(ContinuousClock.now - start < .seconds(1))
      let page = try await installation.agent.page("/health").text
      #expect(page.contains("fingerprint") && page.contains("shop/models/figures.py:12 in data, request /crm/dashboard/data"))
      #expect(!page.contains("'secret'"))
      try await eventually("it is counted") { try await groups(installation, "new") == 1 }
      try await installation.agent.restart()
      try append(Self.error("KeyError: 'secret'") + Self.error("ValueError: x"), installation)
      try await eventually("only the other one is new") {
        try await installation.agent.metrics().value("odoo_log_new_error_groups_total") == 2
      }
      #expect(try await groups(installation, "new") == 2)
      #expect(try await installation.agent.metrics().value("odoo_log_errors_total") == 3)
    }
  }

  @Test("a worker that was killed is one message, which says by what; PostgreSQL's end takes none along")
  func workerKilled() async throws {
    try await withInstallation(Self.ownLog) { installation in
      try await installation.agent.becomesHealthy()
      let line = "2026-03-01 10:00:00,123 4711 INFO crm odoo.service.server: Worker (4712) virtual memory limit (293601280) reached. \n"
      try append(line, installation)
      let message = try await installation.message(within: .seconds(40))
      #expect(message.headline == "firing OdooWorkerKilled")
      let alert = try #require(message.alerts.first)
      #expect(alert.labels["component"] == "workers" && alert.annotations["reason"] == "worker_killed")
      #expect(alert.annotations["evidence"]?.contains("virtual memory limit") == true)
    }
  }

  @Test("patterns of one's own are metrics, and their counts outlive a crash")
  func patterns() async throws {
    let log = #"own.log, patterns: [{name: shop_refused_total, match: 'payment by (?P<provider>\w+) refused'}]"#
    try await withInstallation(Settings(logFile: log, files: ["own.log": ""])) { installation in
      try await installation.agent.becomesHealthy()
      let record = "2026-03-01 10:00:00,123 4711 WARNING crm odoo.addons.shop: payment by acme refused \n"
      func count() async throws -> Double? {
        try await installation.agent.metrics().value("shop_refused_total", ["provider": "acme", "check": "log"])
      }
      try append(String(repeating: record, count: 3), installation)
      try await eventually("they are counted") { try await count() == 3 }
      try await installation.agent.restart()
      try append(record, installation)
      try await eventually("the count goes on") { try await count() == 4 }
      let text = try await installation.agent.page("/metrics").text
      #expect(text.contains("# TYPE shop_refused_total counter"))
    }
  }
}
