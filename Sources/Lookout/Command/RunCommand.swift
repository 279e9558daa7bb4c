import ArgumentParser
import Logging
import ServiceLifecycle
import UnixSignals

/// `lookout run --config F`
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "run", abstract: "Watch the Odoo that a configuration file names.")

  @Option(name: .long, help: "The configuration file.")
  var config: String

  func run() async throws {
    let configuration = try Configuration.read(config)
    let logger = AgentLog.logger()
    let agent = try await Agent(configuration, logger: logger, reread: { [config] in try Configuration.read(config) }) { port in
      let targets = configuration.targets.map(\.name).joined(separator: ", ")
      let what = targets.isEmpty ? "watching nothing; passing on what others push" : "watching \(targets)"
      logger.notice("\(what)", metadata: ["pages": "http://\(configuration.listen.host):\(port)/"])
    }
    if !configuration.hasReceiver { logger.warning("there is no receiver under 'notify': alerts show on the pages only") }
    for warning in configuration.routing?.warnings ?? [] { logger.warning("\(warning)") }
    for target in configuration.targets {
      let metadata: Logger.Metadata = ["target": "\(target.name)"]
      if target.logFile == nil { logger.warning("Odoo's log is not followed: name it under 'log', 'file'", metadata: metadata) }
      if target.postgresql == nil { logger.warning("PostgreSQL is not watched: say where it is under 'postgresql'", metadata: metadata) }
    }
    try await agent.run(with: [ReloadOnHangup(reloading: agent.reloading)], endingOn: [.sigterm, .sigint])
    logger.notice("ended")
  }
}

/// SIGHUP reads the configuration again.
private struct ReloadOnHangup: Service {
  let reloading: Reloading

  func run() async throws {
    await cancelWhenGracefulShutdown {
      // Why a reload failed is said where it failed.
      for await _ in await UnixSignalsSequence(trapping: .sighup) { try? await reloading.reload() }
    }
  }
}
