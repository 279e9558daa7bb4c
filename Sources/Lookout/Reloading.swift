import Logging
import Synchronization

/// Reads the configuration again while the agent runs. What did not change goes on as it was: series, alert states, positions, sessions. A
/// configuration that cannot be used changes nothing.
actor Reloading {
  struct Status: Sendable {
    /// When the configuration that is in force was loaded.
    var loadedAt: Timestamp
    /// Why the latest reload failed; nil when it did not.
    var problem: String?
    /// Of the file that is in force.
    var fileHash = 0.0

    var troubles: [String] {
      problem.map { ["the configuration could not be reloaded, the one before is in force: \($0)"] } ?? []
    }
  }

  struct Parts: Sendable {
    let watches: Watches
    let watching: Watching
    let selfCheck: SelfCheck
    let store: SeriesStore
    let pipeline: Pipeline
    let notifier: Notifier
    let status: Board<Status>
    let announcer: Announcer
    let timeline: Timeline
    let logger: Logger
    let reread: @Sendable () throws -> Configuration
    let door: Door
    let probePage: Board<ProbePage?>
  }

  private var current: Configuration
  private let parts: Parts

  init(_ configuration: Configuration, _ parts: Parts) {
    current = configuration
    self.parts = parts
  }

  /// Throws why nothing was changed; the log, the metrics and `/readyz` say so too.
  func reload() async throws {
    parts.announcer.beginReload()
    defer { parts.announcer.endReload() }
    do {
      let new = try parts.reread()
      let rules = try RuleSet.configured(new)
      let notification = try new.notificationPlan()
      try refuseWhatNeedsRestart(new)
      let doorRules = try DoorRules(new)
      await parts.notifier.change(to: notification, at: parts.timeline.now())
      await apply(new, rules)
      parts.door.change(to: doorRules)
      parts.status.post(Status(loadedAt: parts.timeline.now(), fileHash: new.fileHash))
      parts.logger.notice("the configuration was reloaded")
    } catch {
      parts.status.update { $0.problem = "\(error)" }
      parts.logger.error("the configuration could not be reloaded; the one before stays in force", metadata: ["error": "\(error)"])
      throw error
    }
  }

  private func refuseWhatNeedsRestart(_ new: Configuration) throws {
    if new.listen != current.listen { throw AgentError("'listen' can only be changed by a restart") }
    if new.publicListen != current.publicListen { throw AgentError("'public_listen' can only be changed by a restart") }
    if new.stateDirectory != current.stateDirectory { throw AgentError("'state_directory' can only be changed by a restart") }
  }

  private func apply(_ new: Configuration, _ rules: RuleSet) async {
    let before = current
    current = new
    let all = await parts.watches.all(of: new, and: parts.selfCheck)
    parts.probePage.post(ProbePage(new, parts.watches.probing))
    parts.store.keep(rules.retention, limit: new.seriesLimit)
    parts.pipeline.change(
      to: Pipeline.Plan(checks: all.flatMap(\.rows), evaluator: Evaluator(rules: rules, externalURL: new.externalURL)))
    let unchanged = Set(new.targets.filter { before.targets.contains($0) }.map(\.name))
    for watch in all where !unchanged.contains(watch.name) { parts.watching.begin(watch) }
    for gone in Set(before.targets.map(\.name)).subtracting(new.targets.map(\.name)) { parts.watching.end(gone) }
  }
}
