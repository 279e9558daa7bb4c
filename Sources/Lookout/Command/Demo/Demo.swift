import Foundation
import Logging
import UnixSignals

/// An installation to try Lookout on: a stand-in Odoo, a PostgreSQL of its own, a receiver of messages, and the agent on all of them.
/// Everything lies in temporary directories and ends with it.
enum Demo {
  static func run(port: Int, endingOn signals: [UnixSignal]) async throws {
    let terminal = Terminal()
    terminal.say("setting up a private PostgreSQL, a stand-in Odoo and the agent …")
    try await withPrivateCluster { cluster in
      try await DemoDatabase.create(in: cluster)
      try await withTemporaryDirectory { directory in
        let log = directory + "/odoo.log"
        try await StandInProcess.run(log: log, databasePort: cluster.port) { odoo in
          try await watch(odoo, cluster, directory: directory, log: log, port: port, terminal, signals)
        }
      }
    }
    terminal.say("ended; nothing is left behind")
  }

  private static func watch(
    _ odoo: StandInProcess, _ cluster: PrivateCluster, directory: String, log: String, port: Int, _ terminal: Terminal,
    _ signals: [UnixSignal]
  ) async throws {
    let receiver = try await DemoReceiver.listening()
    let configuration = try configuration(odoo, cluster, directory: directory, log: log, port: port, webhook: receiver.url)
    let address = Board<String?>(nil)
    let logger = AgentLog.logger(level: .error)
    let agent = try await Agent(configuration, logger: logger, onListening: { address.post("http://127.0.0.1:\($0)") })
    let loop = try EventLoop(name: "demo")
    defer { loop.stop() }
    let breaker = DemoBreaker(odoo: odoo, cluster: cluster, client: HTTPClient(loop: loop))
    let screen = DemoScreen(
      odoo: odoo, databasePort: cluster.port, log: log, address: address, boards: agent.boards, messages: receiver.messages,
      breaker: breaker, terminal: terminal)
    try await agent.run(with: [receiver, screen], endingOn: signals)
  }

  /// The five lines of a real configuration, and shorter intervals, for nobody watches a demo for minutes.
  private static func configuration(
    _ odoo: StandInProcess, _ cluster: PrivateCluster, directory: String, log: String, port: Int, webhook: String
  ) throws -> Configuration {
    let database = Configuration.PostgreSQL(
      host: "127.0.0.1", port: cluster.port, user: cluster.lookout.role, password: .text(cluster.lookout.password),
      database: DemoDatabase.name)
    var checks = Configuration.Checks()
    checks.interval = .seconds(5)
    checks.costlyInterval = .seconds(10)
    checks.exportInterval = .seconds(30)
    checks.timeout = .seconds(5)
    checks.costlyTimeout = .seconds(20)
    checks.workerShare = 0.25
    let target = Configuration.Target(
      name: "demo",
      odoo: Configuration.Odoo(
        url: try WebAddress("http://127.0.0.1:\(odoo.port)"), database: DemoDatabase.name, login: "monitor", password: .text("monitor")),
      postgresql: database, log: LogSettings(files: [log]), checks: checks)
    return Configuration(
      targets: [target], webhooks: [Configuration.Webhook(name: "demo", url: .text(webhook))],
      listen: Configuration.Listen(host: "127.0.0.1", port: port), stateDirectory: directory + "/state",
      externalURL: "http://127.0.0.1:\(port)")
  }

  private static func withTemporaryDirectory(_ body: (String) async throws -> Void) async throws {
    var template = Array("\(ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp")/lookout-demo-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw AgentError("no temporary directory can be made: \(String(cString: strerror(errno)))") }
    let directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    try await body(directory)
  }
}
