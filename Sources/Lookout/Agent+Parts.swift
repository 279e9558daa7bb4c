import Logging
import OdooLog
import ServiceLifecycle

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
  /// Who is told of what. Throws where the address of a receiver cannot be read or used.
  func notificationPlan() throws -> NotificationPlan {
    if let routing { return try NotificationPlan(routing) }
    guard let webhook = try receivers().first else { return try .withoutReceiver() }
    return try NotificationPlan(shippedFor: webhook)
  }

  private func receivers() throws -> [Receiver] {
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

extension EventLoop {
  /// Leaves a sign of life whenever it is asked for one.
  func show(_ heartbeat: Heartbeat) {
    heartbeat.wake { [weak self] in self?.execute { heartbeat.beat() } }
  }
}

extension WebServer {
  func watched(by heartbeat: Heartbeat, counting requests: RequestCounts) -> WebServer {
    var server = self
    (server.heartbeat, server.requests) = (heartbeat, requests)
    return server
  }
}

extension Timeline {
  /// For a loop that asks for the time each time it goes round, which `waking` makes it do.
  func heard(by heartbeat: Heartbeat, waking wake: @escaping @Sendable () -> Void) -> Timeline {
    heartbeat.wake(by: wake)
    return Timeline(
      now: {
        heartbeat.beat()
        return now()
      }, sleep: sleep)
  }
}

extension Pipeline.Boards {
  /// What the service manager shows of the agent.
  func headline(_ now: @escaping @Sendable () -> Timestamp) -> @Sendable () -> String {
    {
      let standing = Standing(CheckStanding.all(findings: findings.latest, expected: checks.latest, now: now()))
      return StatusLine.text(targets: targets, standing: standing)
    }
  }
}

extension HistoryKeeper {
  /// One that has given the store what an earlier agent kept.
  static func takingUp(_ store: SeriesStore, in directory: String, timeline: Timeline, logger: Logger) -> HistoryKeeper {
    let history = HistoryKeeper(store: store, file: HistoryFile(path: "\(directory)/history"), timeline: timeline, logger: logger)
    history.takeUp()
    return history
  }
}

extension ServeSources {
  init(
    _ boards: Pipeline.Boards, _ store: SeriesStore, _ selfCheck: SelfCheck, now: @escaping @Sendable () -> Timestamp, startedAt: Timestamp,
    reload: @escaping @Sendable () async throws -> Void, alertmanager: @escaping @Sendable (PageRequest) async -> Reply?,
    probePage: @escaping @Sendable () -> ProbePage?
  ) {
    self.init(
      now: now, target: { boards.targets }, version: Version.number, startedAt: startedAt, findings: { boards.findings.latest },
      expectedChecks: { boards.checks.latest }, series: store.live, alerts: { boards.alerts.latest },
      readiness: selfCheck.standingTroubles, liveness: selfCheck.stuck, reload: reload, alertmanager: alertmanager, probePage: probePage)
  }
}

extension Configuration {
  /// One for each address that the agent listens on: everybody's, where there is one, and its own; and what keeps its certificate fresh.
  func servers(
    _ sources: ServeSources, door: Door, heartbeat: Heartbeat, requests: RequestCounts, timeline: Timeline, logger: Logger,
    onListening: @escaping @Sendable (_ port: Int) async -> Void
  ) -> [any Service] {
    let everybodys = publicListen.map { listen in
      WebServer(
        host: listen.host, port: listen.port, door: Door(.open), reply: PublicEndpoints(sources: sources).reply, logger: logger,
        onListening: { port in
          logger.notice("everybody is told whether all is well", metadata: ["host": "\(listen.host)", "port": "\(port)"])
        },
        places: Places.Limits(inAll: 64, remote: 48, perAddress: 16), requests: requests)
    }
    let own = WebServer(
      host: listen.host, port: listen.port, door: door, reply: Endpoints(sources: sources).reply, logger: logger, onListening: onListening,
      heartbeat: heartbeat, requests: requests)
    let all: [(any Service)?] = [everybodys, own, CertificateWatch(door: door, timeline: timeline, logger: logger)]
    return all.compactMap { $0 }
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

extension LogState {
  /// - Parameter position: what earlier versions kept beside the counts: the place in the one file that a log had.
  init(_ counters: LogState.Stored, _ position: LogPosition) {
    switch counters {
    case .whole(let kept): self = kept
    case .countsAlone(let log):
      let place = LogFile.Position(
        device: position.device, inode: position.inode, offset: Int64(clamping: position.offset), head: position.fingerprint)
      self.init(log: log, places: [KeptPlace(name: position.path, place: .file(place), stream: nil)])
    }
  }

  /// As it lies in the state database.
  enum Stored: Decodable, Sendable {
    case whole(LogState)
    case countsAlone(FollowedLog.Kept)

    private enum CodingKeys: CodingKey { case log }

    init(from decoder: any Decoder) throws {
      let isWhole = try decoder.container(keyedBy: CodingKeys.self).contains(.log)
      self = isWhole ? .whole(try LogState(from: decoder)) : .countsAlone(try FollowedLog.Kept(from: decoder))
    }
  }

  /// The row that it is kept in; the columns are those of its first file.
  func position(of log: String) -> LogPosition {
    guard case .file(let first)? = places.first?.place else {
      return LogPosition(path: log, device: 0, inode: 0, offset: 0, fingerprint: [])
    }
    return LogPosition(
      path: log, device: first.device, inode: first.inode, offset: UInt64(clamping: first.offset), fingerprint: first.head)
  }
}
