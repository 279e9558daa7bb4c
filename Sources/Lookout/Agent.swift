import Logging
import ServiceLifecycle
import UnixSignals

/// The agent: everything there is, built from a configuration in the order of dependency. Read this first.
struct Agent {
  private let observing: EventLoop
  private let notifying: EventLoop
  private let services: [any Service]
  private let logger: Logger
  /// What the agent knows at any moment.
  let boards: Pipeline.Boards

  /// - Parameter onListening: told the port that the agent's own pages are served on.
  /// - Throws: what keeps the agent from starting: rules, state directory, receivers.
  init(
    _ configuration: Configuration, timeline: Timeline = .system(), logger: Logger,
    onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
  ) async throws {
    self.logger = logger
    let target = configuration.target
    let startedAt = timeline.now()

    // What keeps and judges.
    let rules = try RuleSet.configured(configuration)
    let state = try StateDatabase(directory: configuration.stateDirectory)
    let store = SeriesStore(retention: max(rules.longestRange * 2, .seconds(600)))
    let boards = Pipeline.Boards()
    self.boards = boards
    let wishes = Wishlist()
    let effort = Board(Schedule.Effort())

    // What tells.
    notifying = try EventLoop(name: "notify")
    let sender = HTTPClient(loop: notifying)
    let notifier = Notifier(
      receivers: try configuration.receivers(), database: state, inhibitRules: InhibitRule.along(ComponentGraph.reaches),
      externalURL: configuration.externalURL, logger: logger)
    let deliverer = Deliverer(notifier: notifier, timeline: timeline, send: { await sender.perform($0) }, logger: logger)

    // What looks.
    observing = try EventLoop(name: "observe")
    let client = HTTPClient(loop: observing)
    let session = await SessionKeeper.remembering(configuration, in: state, client: client, timeline: timeline, logger: logger)
    let selfCheck = SelfCheck(
      target: target, interval: configuration.checks.interval, startedAt: startedAt, store: store, boards: boards, effort: effort,
      notifier: notifier, timeline: timeline)
    var checks = OdooChecks.all(configuration, client: client, session: session) + [selfCheck.check]
    if let postgresql = configuration.postgresql { checks.append(PostgresLook.check(configuration, postgresql, loop: observing)) }
    var table = checks.map(CheckRow.init)
    if configuration.logFile != nil { table.append(LogFollower.row(target: target)) }

    // The way of a value, from the looks to the messages and pages.
    let pipeline = Pipeline(
      Pipeline.Parts(
        checks: table, store: store, evaluator: Evaluator(rules: rules, externalURL: configuration.externalURL), notifier: notifier,
        wishes: wishes, boards: boards, timeline: timeline, logger: logger))
    let schedule = Schedule(
      checks, costlyShare: configuration.checks.workerShare * Double(configuration.odoo.workers), wishes: wishes, effort: effort,
      timeline: timeline, emit: pipeline.submit)
    let sources = ServeSources(
      now: timeline.now, target: target, version: Version.number, startedAt: startedAt, findings: { boards.findings.latest },
      expectedChecks: { [table] in table.map { ($0.id, $0.component, $0.database) } }, series: store.live,
      alerts: { boards.alerts.latest }, readiness: { boards.counts.latest.troubles }, liveness: selfCheck.stuck)
    let server = WebServer(
      host: configuration.listen.host, port: configuration.listen.port, sources: sources, logger: logger, onListening: onListening)
    let follower = await LogFollower.configured(configuration, state: state, timeline: timeline, logger: logger, emit: pipeline.submit)

    // In a group what comes later may use what comes before, and ends before it.
    services = [deliverer, pipeline, server, schedule] + (follower.map { [$0] } ?? [])
  }

  /// Runs until the task is cancelled or one of `signals` arrives.
  /// - Parameter companions: services beside the agent; when one of them returns, all ends.
  func run(with companions: [any Service] = [], endingOn signals: [UnixSignal] = []) async throws {
    defer {
      observing.stop()
      notifying.stop()
    }
    var configuration = ServiceGroupConfiguration(
      services: services.map { .init(service: $0) }
        + companions.map { .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup) },
      gracefulShutdownSignals: signals, logger: logger)
    configuration.maximumGracefulShutdownDuration = .seconds(1)
    configuration.maximumCancellationDuration = .seconds(1)
    try await ServiceGroup(configuration: configuration).run()
  }
}
