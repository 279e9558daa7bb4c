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

  /// How far back the store must look for them.
  var retention: Duration { max(longestRange * 2, .seconds(600)) }
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

extension ProbePage {
  /// Nil where the configuration has no modules.
  init?(_ configuration: Configuration, _ probing: Probing) {
    guard !configuration.modules.isEmpty else { return nil }
    self.init(modules: configuration.modules, targets: configuration.probeTargets) {
      await probing.outcome(of: $0, at: $1, timeout: $2)
    }
  }
}

extension SessionKeeper {
  /// One that knows of a refused login from before the restart.
  static func remembering(
    _ target: Configuration.Target, in state: StateDatabase, client: HTTPClient, timeline: Timeline, logger: Logger
  ) async -> SessionKeeper {
    let refusalKey = "login_refusal \(target.name)"
    let earlier: LoginRefusal?
    do {
      earlier = try await state.recall(refusalKey, as: LoginRefusal.self)
    } catch {
      logger.warning("whether Odoo refused the login before is not known; it is tried now", metadata: ["error": "\(error)"])
      earlier = nil
    }
    return SessionKeeper(
      target.odoo, timeout: target.checks.timeout, refusal: earlier, now: timeline.now,
      remember: { refusal in
        do {
          if let refusal { try await state.remember(refusal, as: refusalKey) } else { try await state.forget(refusalKey) }
        } catch {
          logger.warning("a refused login could not be remembered; after a restart it is tried again", metadata: ["error": "\(error)"])
        }
      }, perform: { await client.perform($0) })
  }
}

extension LogReader.Checkpoint {
  init(_ kept: (position: LogPosition, counters: LogStatistics)) {
    position = LogFile.Position(
      device: kept.position.device, inode: kept.position.inode, offset: Int64(clamping: kept.position.offset),
      head: kept.position.fingerprint)
    statistics = kept.counters
  }

  func logPosition(_ path: String) -> LogPosition {
    LogPosition(
      path: path, device: position.device, inode: position.inode, offset: UInt64(clamping: position.offset), fingerprint: position.head)
  }
}
