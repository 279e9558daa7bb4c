import Foundation
import Testing

@testable import Lookout

/// A whole installation: PostgreSQL, the stand-in Odoo, a webhook receiver and the agent that watches them.
struct Installation: Sendable {
  let folder: String
  let cluster: PrivateCluster
  let odoo: StandInOdoo
  let receiver: WebhookReceiver
  let agent: AgentProcess

  /// What stands in the URL of the webhook and nowhere else.
  static let token = "T0KEN-that-nobody-may-see"

  var configurationFile: String { "\(folder)/lookout.yml" }

  /// Changes the configuration file; the agent learns of it when it is told.
  func reconfigure(_ change: (String) -> String) throws {
    let text = String(decoding: FileManager.default.contents(atPath: configurationFile) ?? Data(), as: UTF8.self)
    try Data(change(text).utf8).write(to: URL(fileURLWithPath: configurationFile))
  }

  /// The messages that were accepted, each once.
  var messages: [Message] { get throws { try receiver.accepted.map { try $0.message } } }

  /// Waits for the message after `count` others.
  func message(after count: Int = 0, within limit: Duration = .seconds(90)) async throws -> Message {
    try await eventually("message \(count + 1) arrives", within: limit) {
      let messages = try self.messages
      return messages.count > count ? messages[count] : nil
    }
  }
}

/// What an installation's configuration says where it differs from the usual.
struct Settings: Sendable {
  var odooURL: String?
  var postgresHost = "127.0.0.1"
  var logFile = "odoo.log"
  var password = "monitor"
  /// With budgets that hold also while the machine is busy with other tests.
  var checks = """
    {interval: 1s, costly_interval: 1s, worker_share: 1, timeout: 2s, costly_timeout: 8s, budgets: {page: 6s, dashboard: 5s}}
    """
  var webhookTimeout = "5s"
  var stateDirectory = "state"
  /// Further lines of the configuration.
  var more = ""
  /// Of the stand-in Odoo.
  var workers = 2
  var wrapper: [String] = []
  /// Of `lookout run`, besides the configuration.
  var arguments: [String] = []
  /// Files to write beside the configuration before the agent starts.
  var files: [String: String] = [:]

  fileprivate func write(in folder: String, odooPort: Int, cluster: PrivateCluster, webhookPort: Int) throws {
    let text = """
      odoo:
        url: \(odooURL ?? "http://127.0.0.1:\(odooPort)")
        database: crm
        login: monitor
        password_file: odoo.password
      postgresql:
        {host: \(postgresHost), port: \(cluster.port), user: \(cluster.lookout.role), password_file: postgresql.password, sslmode: disable}
      log: {file: \(logFile)}
      checks: \(checks)
      notify: {webhook: "http://127.0.0.1:\(webhookPort)/hook/\(Installation.token)", timeout: \(webhookTimeout)}
      listen: 127.0.0.1:0
      state_directory: \(stateDirectory)
      \(more)

      """
    let all = files.merging(
      ["lookout.yml": text, "odoo.password": password + "\n", "postgresql.password": cluster.lookout.password + "\n"]
    ) { $1 }
    for (name, content) in all { try Data(content.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
  }
}

/// Sets up an installation, with the agent running unless somebody else is to look, for the time of `body`; ends all of it whatever happens.
func withInstallation(
  _ settings: Settings = Settings(), running: Bool = true, _ body: (Installation) async throws -> Void
) async throws {
  let cluster = try Cluster.current()
  try await withFolder { folder in
    let receiver = try WebhookReceiver()
    defer { receiver.end() }
    let odoo = try await StandInOdoo.start(in: folder, databasePort: cluster.port, workers: settings.workers)
    let agent = AgentProcess(in: folder, wrapper: settings.wrapper, arguments: settings.arguments)
    let installation = Installation(folder: folder, cluster: cluster, odoo: odoo, receiver: receiver, agent: agent)
    do {
      try settings.write(in: folder, odooPort: odoo.port, cluster: cluster, webhookPort: receiver.port)
      if running { try await agent.start() }
      try await body(installation)
    } catch {
      Issue.record(error, "\(await account(of: installation))")
    }
    await agent.kill()
    await odoo.program.kill()
  }
}

/// A folder that is gone afterwards.
func withFolder(_ body: (String) async throws -> Void) async throws {
  // Short, for there will be Unix sockets in it, whose paths may have 107 bytes (unix(7)).
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lookout-\(UUID().uuidString.prefix(8))").path
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try await body(folder)
}

/// What an installation that went wrong can say of itself.
private func account(of installation: Installation) async -> Comment {
  let health = installation.agent.port == 0 ? "not running" : (try? await installation.agent.page("/health").text) ?? "no answer"
  let log = installation.agent.printed.split(separator: "\n").suffix(20).joined(separator: "\n")
  let deliveries = installation.receiver.deliveries.map { delivery in
    "\(delivery.status.map(String.init) ?? "-") \((try? delivery.message.headline) ?? "not readable")"
  }
  return "/health: \(health)\ndeliveries: \(deliveries)\nthe agent printed:\n\(log)"
}
