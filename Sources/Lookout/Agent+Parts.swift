import Logging
import OdooLog

/// How single parts are made from a configuration.
extension RuleSet {
  /// The rule files that the configuration names, or those that ship.
  static func configured(_ configuration: Configuration) throws -> RuleSet {
    guard !configuration.ruleFiles.isEmpty else { return try shipped() }
    let sets = try configuration.ruleFiles.map { try load(TextFile.read($0, limit: YAMLNode.sizeLimit), file: $0) }
    return RuleSet(groups: sets.flatMap(\.groups))
  }
}

extension Configuration {
  func receivers() throws -> [Receiver] {
    try webhooks.map { webhook in
      do {
        return try Receiver(name: webhook.name, url: try webhook.url.reveal(), timeout: webhook.timeout)
      } catch let mistake as WebAddress.Mistake {
        throw AgentError("the URL of receiver \(webhook.name) cannot be used: \(mistake.message)")
      }
    }
  }
}

extension SessionKeeper {
  private static let refusalKey = "login_refusal"

  /// One that knows of a refused login from before the restart.
  static func remembering(
    _ configuration: Configuration, in state: StateDatabase, client: HTTPClient, timeline: Timeline, logger: Logger
  ) async -> SessionKeeper {
    let earlier: LoginRefusal?
    do {
      earlier = try await state.recall(refusalKey, as: LoginRefusal.self)
    } catch {
      logger.warning("whether Odoo refused the login before is not known; it is tried now", metadata: ["error": "\(error)"])
      earlier = nil
    }
    return SessionKeeper(
      configuration.odoo, timeout: configuration.checks.timeout, refusal: earlier, now: timeline.now,
      remember: { refusal in
        do {
          if let refusal { try await state.remember(refusal, as: refusalKey) } else { try await state.forget(refusalKey) }
        } catch {
          logger.warning("a refused login could not be remembered; after a restart it is tried again", metadata: ["error": "\(error)"])
        }
      }, perform: { await client.perform($0) })
  }
}

extension LogFollower {
  static func row(target: String) -> CheckRow {
    CheckRow(id: CheckID(target: target, check: "log"), component: .log, cost: .cheap, database: nil)
  }

  /// Nil where it is not known where Odoo's log lies.
  static func configured(
    _ configuration: Configuration, state: StateDatabase, timeline: Timeline, logger: Logger,
    emit: @escaping @Sendable (Observation) -> Void
  ) async -> LogFollower? {
    guard let path = configuration.logFile else { return nil }
    let reader = LogReader(path: path, checkpoint: await checkpoint(of: path, in: state, logger))
    return LogFollower(
      check: row(target: configuration.target).id, reader: reader, interval: configuration.checks.interval, timeline: timeline,
      logger: logger, commit: { try await state.save($0.logPosition(path), counters: $0.statistics) }, emit: emit)
  }

  private static func checkpoint(of path: String, in state: StateDatabase, _ logger: Logger) async -> LogReader.Checkpoint? {
    do {
      return try await state.logPosition(path, counters: LogStatistics.self).map(LogReader.Checkpoint.init)
    } catch {
      logger.warning("the position in Odoo's log is lost; it is followed from its end", metadata: ["error": "\(error)"])
      return nil
    }
  }
}

extension LogReader.Checkpoint {
  fileprivate init(_ kept: (position: LogPosition, counters: LogStatistics)) {
    position = LogFile.Position(
      device: kept.position.device, inode: kept.position.inode, offset: Int64(clamping: kept.position.offset),
      head: kept.position.fingerprint)
    statistics = kept.counters
  }

  fileprivate func logPosition(_ path: String) -> LogPosition {
    LogPosition(
      path: path, device: position.device, inode: position.inode, offset: UInt64(clamping: position.offset), fingerprint: position.head)
  }
}
