import Foundation
import Testing

/// An agent with doors and nothing behind them: its Odoo refuses connections, and it has no PostgreSQL.
struct Doors: Sendable {
  let folder: String
  let agent: AgentProcess

  var port: Int { agent.port }

  /// The public listener's port, once the agent runs.
  func publicPort() async throws -> Int {
    try await eventually("the public listener says its port") {
      agent.printed.firstMatch(of: /everybody is told whether all is well host=127\.0\.0\.1 port=(\d+)/).flatMap { Int($0.1) }
    }
  }

  func write(_ name: String, _ text: String) throws { try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }

  func configure(_ more: String) throws {
    try write(
      "lookout.yml",
      """
      odoo: {url: "http://127.0.0.1:1", database: crm, login: monitor, password_file: odoo.password}
      listen: 127.0.0.1:0
      state_directory: state
      \(more)

      """)
  }

  /// A certificate for localhost that signs itself, by the real openssl, in `NAME.pem` and `NAME.key`.
  func makeCertificate(_ name: String, days: String = "2") async throws {
    let made = try await run(
      [
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=\(name)", "-addext",
        "subjectAltName=DNS:localhost", "-days", days, "-keyout", "\(name).key", "-out", "\(name).pem",
      ], in: folder)
    try #require(made.status.isSuccess, "\(made.errors)")
  }

  /// The status that curl got, and the body; 0 where there was no answer at all.
  func curl(_ arguments: String..., path: String = "/livez", scheme: String = "http", port: Int? = nil) async throws -> (Int, String) {
    let url = "\(scheme)://localhost:\(port ?? self.port)\(path)"
    let got = try await run(["curl", "--silent", "--max-time", "20", "--write-out", "\n%{http_code}"] + arguments + [url], in: folder)
    let lines = got.output.split(separator: "\n", omittingEmptySubsequences: false)
    return (lines.last.flatMap { Int($0) } ?? 0, lines.dropLast().joined(separator: "\n"))
  }
}

/// - Parameter more: further lines of the configuration.
func withDoors(
  _ more: String, prepare: (Doors) async throws -> Void = { _ in }, _ body: (Doors) async throws -> Void
) async throws {
  try await withFolder { folder in
    let doors = Doors(folder: folder, agent: AgentProcess(in: folder))
    do {
      try doors.write("odoo.password", "secret\n")
      try doors.configure(more)
      try await prepare(doors)
      try await doors.agent.start()
      try await body(doors)
    } catch {
      Issue.record(error, "the agent printed:\n\(doors.agent.printed.suffix(3000))")
    }
    await doors.agent.kill()
  }
}
