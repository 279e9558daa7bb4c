import ArgumentParser
import Logging
import UnixSignals

/// `lookout run --config F`
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "run", abstract: "Watch the Odoo that a configuration file names.")

  @Option(name: .long, help: "The configuration file.")
  var config: String

  func run() async throws {
    let configuration = try Configuration.read(config)
    let logger = AgentLog.logger()
    let agent = try await Agent(configuration, logger: logger) { port in
      logger.notice("watching \(configuration.target)", metadata: ["pages": "http://\(configuration.listen.host):\(port)/"])
    }
    if configuration.webhooks.isEmpty { logger.warning("there is no receiver under 'notify': alerts show on the pages only") }
    if configuration.logFile == nil { logger.warning("Odoo's log is not followed: name it under 'log', 'file'") }
    if configuration.postgresql == nil { logger.warning("PostgreSQL is not watched: say where it is under 'postgresql'") }
    try await agent.run(endingOn: [.sigterm, .sigint])
    logger.notice("ended")
  }
}
