import Logging
import OdooLog

/// Makes watches from configurations, and keeps for the next one what need not be made anew: sessions, for each login costs Odoo something,
/// and connections.
actor Watches {
  private let client: HTTPClient
  private let loop: EventLoop
  /// Of the configuration's own probes, and of `/probe`.
  nonisolated let probing: Probing
  private let state: StateDatabase
  private let timeline: Timeline
  private let logger: Logger
  private var sessions: [String: (odoo: Configuration.Odoo, timeout: Duration, session: SessionKeeper)] = [:]
  private var histograms: [CheckID: LatencyHistogram] = [:]
  private var servers: [String: (settings: Configuration.PostgreSQL, timeout: Duration, server: PostgresServer)] = [:]

  init(client: HTTPClient, loop: EventLoop, probeLoop: EventLoop, state: StateDatabase, timeline: Timeline, logger: Logger) {
    probing = Probing(client: HTTPClient(loop: probeLoop), loop: probeLoop, resolver: NameResolver(), now: timeline.now)
    (self.client, self.loop, self.state, self.timeline, self.logger) = (client, loop, state, timeline, logger)
  }

  /// Those of all targets, and the agent's look at itself.
  func all(of configuration: Configuration, and selfCheck: SelfCheck) async -> [Watch] {
    var watches: [Watch] = []
    for (index, target) in configuration.targets.enumerated() {
      var watch = await watch(target)
      // So that many targets are not looked at all at once, now and ever after.
      watch.offset = target.checks.interval * index / configuration.targets.count
      watches.append(watch)
    }
    watches.append(Watch(name: Self.probesName, checks: configuration.probes.map { counted(probing.check($0)) }, followers: []))
    let interval = configuration.targets.map(\.checks.interval).min() ?? .seconds(15)
    return watches + [Watch(name: "", checks: [selfCheck.check(every: interval)], followers: [])]
  }

  func watch(_ target: Configuration.Target) async -> Watch {
    let odoo = OdooChecks(target: target, client: client, session: await session(target), now: timeline.now)
    let writer = Board<UInt64?>(nil)
    let answered = Board<Timestamp?>(nil)
    var checks = odoo.all.map { $0.noting(answersIn: answered, timeline.now) }
    let viewer = await viewerSession(target)
    checks +=
      AccessChecks(
        target: target, client: client, session: odoo.session, viewer: viewer, slot: odoo.slot, now: timeline.now
      ).all
    var followers: [any Follower] = [
      OdooProcessWatch(target: target.name, port: target.odoo.url.localPort, loggedPID: writer, loop: loop)
    ]
    if let server = server(target) {
      let table = PostgresChecks(target: target, server: server).all
      checks += table
      if let first = table.first { followers.append(ConnectionWatch(check: first.id, server: server)) }
    }
    if let settings = target.log { followers.append(log(of: target, settings, writer: writer, answered: answered)) }
    return Watch(name: target.name, checks: checks.map { counted($0).labelled(target.labels) }, followers: followers)
  }

  /// No target can be called that.
  private static let probesName = " probes"

  /// What was counted goes on being counted when the configuration is read again.
  private func counted(_ check: Check) -> Check {
    guard check.budget != nil, check.component != .postgresql, check.component != .database else { return check }
    let histogram = histograms[check.id] ?? LatencyHistogram()
    histograms[check.id] = histogram
    return check.counted(in: histogram)
  }

  /// The session of the second login, which is kept as the first one is, under a name of its own.
  private func viewerSession(_ target: Configuration.Target) async -> SessionKeeper? {
    guard let viewer = target.odoo.viewer else { return nil }
    var second = target
    second.name += " viewer"
    (second.odoo.login, second.odoo.password, second.odoo.viewer) = (viewer.login, viewer.password, nil)
    return await session(second)
  }

  private func session(_ target: Configuration.Target) async -> SessionKeeper {
    let timeout = target.checks.timeout
    if let kept = sessions[target.name], kept.odoo == target.odoo, kept.timeout == timeout { return kept.session }
    let session = await SessionKeeper.remembering(target, in: state, client: client, timeline: timeline, logger: logger)
    sessions[target.name] = (target.odoo, timeout, session)
    return session
  }

  private func server(_ target: Configuration.Target) -> PostgresServer? {
    guard let settings = target.postgresql else { return nil }
    let timeout = target.checks.timeout
    if let kept = servers[target.name], kept.settings == settings, kept.timeout == timeout { return kept.server }
    let server = PostgresServer(settings, timeout: timeout, loop: loop)
    servers[target.name] = (settings, timeout, server)
    return server
  }

  private func log(
    of target: Configuration.Target, _ settings: LogSettings, writer: Board<UInt64?>, answered: Board<Timestamp?>
  ) -> LogFollower {
    let row = CheckRow(
      id: CheckID(target: target.name, check: "log"), component: .log, cost: .cheap, database: nil, interval: target.checks.interval)
    let name = settings.name
    let changes = FileChanges()
    let rights = LogRights(path: settings.files.first, port: target.odoo.url.localPort, loggedPID: writer)
    return LogFollower(
      check: row, open: { [state, logger] in await Self.reader(of: settings, in: state, logger) },
      wait: { await changes.wait(in: $0, atMost: $1) }, timeline: timeline, logger: logger,
      commit: { [state] in try await state.save($0.kept.position(of: name), counters: $0.kept, errors: $0.errors) }, writer: writer,
      troubles: LogCheck.all, acceptedSecrets: settings.acceptedSecrets,
      surroundings: {
        LogSurroundings(level: target.odoo.logLevel, answeredAt: answered.latest, unwritable: rights.trouble())
      })
  }

  private static func reader(of settings: LogSettings, in state: StateDatabase, _ logger: Logger) async -> LogReader {
    do {
      let found = try await state.logPosition(settings.name, counters: LogState.Stored.self)
      return LogReader(
        settings, kept: found.map { LogState($0.counters, $0.position) }, errors: try await state.errors(of: settings.name))
    } catch {
      logger.warning("the position in Odoo's log is lost; it is followed from its end", metadata: ["error": "\(error)"])
      return LogReader(settings, kept: nil, errors: [])
    }
  }
}
