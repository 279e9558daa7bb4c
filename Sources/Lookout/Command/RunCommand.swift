import ArgumentParser
import Foundation
import Logging
import ServiceLifecycle
import UnixSignals

/// `lookout run --config F`
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "run", abstract: "Watch the Odoo that a configuration file names.")

  @Option(name: .long, help: ArgumentHelp("The configuration file.", valueName: "file"))
  var config: String

  @Option(
    name: .long,
    help: ArgumentHelp(
      "How the log on standard error is written.", discussion: "Default: journal where it goes to systemd's journal, else text.",
      valueName: "form"))
  var logFormat: LogFormat?

  @Option(name: .long, help: ArgumentHelp("The least level that is logged.", valueName: "level"))
  var logLevel = AgentLogLevel.info

  func run() async throws {
    let logger = AgentLog.logger(level: logLevel.level, format: logFormat ?? .usual())
    do { try await watch(logger) } catch let refusal as any Refusal {
      // Where a person reads, the program itself says it in plain words.
      guard logFormat ?? .usual() != .text else { throw refusal }
      logger.critical("\(refusal)")
      throw ExitCode(1)
    }
  }

  private func watch(_ logger: Logger) async throws {
    let configuration = try Configuration.read(config)
    let manager = ServiceManager(ProcessInfo.processInfo.environment)
    let agent = try await Agent(
      configuration, logger: logger, serviceManager: manager, reread: { [config] in try Configuration.read(config) }
    ) { port in
      let targets = configuration.targets.map(\.name).joined(separator: ", ")
      let what = targets.isEmpty ? "watching nothing; passing on what others push" : "watching \(targets)"
      logger.notice("\(what)", metadata: ["pages": "\(configuration.pages(port: port))/"])
    }
    if !configuration.hasReceiver { logger.warning("there is no receiver under 'notify': alerts show on the pages only") }
    for warning in configuration.routing?.warnings ?? [] { logger.warning("\(warning)") }
    for target in configuration.targets {
      let metadata: Logger.Metadata = ["target": "\(target.name)"]
      if target.log == nil { logger.warning("Odoo's log is not followed: name it under 'log', 'file'", metadata: metadata) }
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
