import Logging
import ServiceLifecycle
import UnixSignals

/// The agent: everything there is, built from a configuration in the order of dependency. Read this first.
struct Agent {
  private let loops: EventLoops
  private let services: [any Service]
  private let logger: Logger
  /// What the agent knows at any moment.
  let boards: Pipeline.Boards
  /// Exchanges the configuration while the agent runs.
  let reloading: Reloading

  /// - Parameters:
  ///   - serviceManager: is told how the agent stands.
  ///   - reread: reads the configuration anew, for a reload.
  ///   - onListening: told the port that the agent's own pages are served on.
  /// - Throws: what keeps the agent from starting: rules, state directory, receivers.
  init(
    _ configuration: Configuration, timeline: Timeline = .system(), logger: Logger, serviceManager: ServiceManager = .none,
    reread: @escaping @Sendable () throws -> Configuration = { throw AgentError("this configuration is from no file") },
    onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
  ) async throws {
    self.logger = logger
    let startedAt = timeline.now()

    // What keeps and judges.
    let rules = try RuleSet.configured(configuration)
    let stateDirectory = try StateDirectory(configuration.stateDirectory, logger: logger)
    let state = stateDirectory.database
    let store = SeriesStore(retention: rules.retention, limit: configuration.seriesLimit)
    let history = HistoryKeeper.takingUp(store, in: configuration.stateDirectory, timeline: timeline, logger: logger)
    boards = Pipeline.Boards()
    let wishes = Wishlist()
    let effort = Board(Schedule.Effort())
    let reloads = Board(Reloading.Status(loadedAt: startedAt, fileHash: configuration.fileHash))
    let heartbeats = Heartbeats(timeline: timeline)
    let requests = RequestCounts()

    // What tells.
    loops = try EventLoops(heartbeats)
    let sender = HTTPClient(loop: loops.notifying)
    let notifier = Notifier(
      try configuration.notificationPlan(), database: state, externalURL: configuration.externalURL, logger: logger)
    let deliverer = Deliverer(
      notifier: notifier, timeline: timeline.heard(by: heartbeats.expect("the deliverer"), waking: notifier.alarm.ring),
      send: { await sender.perform($0) }, logger: logger)

    // What looks.
    let watches = Watches(
      client: HTTPClient(loop: loops.observing), loop: loops.observing, probeLoop: loops.probing, state: state, timeline: timeline,
      logger: logger)
    let selfCheck = SelfCheck(
      target: configuration.ownTarget, startedAt: startedAt, store: store, boards: boards, effort: effort, reloads: reloads,
      state: stateDirectory, notifier: notifier, timeline: timeline, heartbeats: heartbeats, requests: requests)
    let all = await watches.all(of: configuration, and: selfCheck)

    // The way of a value, from the looks to the messages and pages.
    let pipeline = Pipeline(
      Pipeline.Parts(store: store, notifier: notifier, wishes: wishes, boards: boards, timeline: timeline, logger: logger),
      Pipeline.Plan(checks: all.flatMap(\.rows), evaluator: Evaluator(rules: rules, externalURL: configuration.externalURL)),
      heartbeat: heartbeats.expect("the loop that judges and evaluates"))
    let schedule = Schedule(
      wishes: wishes, effort: effort, timeline: timeline, heartbeat: heartbeats.expect("the schedule"), tell: pipeline.submit)
    let watching = Watching(schedule: schedule, timeline: timeline, tell: pipeline.submit)
    for watch in all { watching.begin(watch) }
    let announcer = Announcer(
      to: serviceManager, heartbeats: heartbeats, timeline: timeline, logger: logger, headline: boards.headline(timeline.now))
    let door = Door(try DoorRules(configuration))
    let probePage = Board(ProbePage(configuration, watches.probing))
    reloading = Reloading(
      configuration,
      Reloading.Parts(
        watches: watches, watching: watching, selfCheck: selfCheck, store: store, pipeline: pipeline, notifier: notifier, status: reloads,
        announcer: announcer, timeline: timeline, logger: logger, reread: reread, door: door, probePage: probePage))
    let alertmanager = AlertmanagerAPI(notifier: notifier, now: timeline.now, version: Version.number, startedAt: startedAt)
    let prometheus = PrometheusAPI(store: store, rules: { [boards] in boards.rulesInForce }, now: timeline.now, version: Version.number)
    let sources = ServeSources(
      boards, store, selfCheck, now: timeline.now, startedAt: startedAt, reload: { [reloading] in try await reloading.reload() },
      interfaces: [alertmanager.reply, prometheus.reply], probePage: { probePage.latest })
    let servers = configuration.servers(
      sources, door: door, heartbeat: heartbeats.expect("the web server"), requests: requests, timeline: timeline, logger: logger,
      onListening: onListening)

    // In a group what comes later may use what comes before, and ends before it.
    services = [deliverer, history, pipeline] + servers + [MemoryReturn(timeline: timeline), watching, heartbeats, announcer]
  }

  /// Runs until the task is cancelled or one of `signals` arrives.
  /// - Parameter companions: services beside the agent; when one of them returns, all ends.
  func run(with companions: [any Service] = [], endingOn signals: [UnixSignal] = []) async throws {
    defer { loops.stop() }
    var configuration = ServiceGroupConfiguration(
      services: services.map { .init(service: $0) }
        + companions.map { .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup) },
      gracefulShutdownSignals: signals, logger: logger)
    configuration.maximumGracefulShutdownDuration = .seconds(1)
    try await ServiceGroup(configuration: configuration).run()
  }
}
