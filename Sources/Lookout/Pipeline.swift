import Logging
import ServiceLifecycle
import Synchronization

/// The way of a value: each observation is judged, stored, held against the rules, and what follows is told. One loop does all of it in
/// order, so that nothing is seen half; everything that it calls is pure or a store.
final class Pipeline: Service {
  /// What others read of it.
  struct Boards: Sendable {
    /// Every check there is.
    let checks = Board<[ExpectedCheck]>([])
    let findings = FindingBoard()
    let alerts = Board<[TrackedAlert]>([])
    /// The rules that are in force.
    let rules = Board(RuleSet(groups: []))
    let counts = Board(Counts())
    /// How many things that somebody noticed wait to be judged.
    let waiting = Board(0)
  }

  /// How often what was done.
  struct Counts: Sendable {
    var evaluations: UInt64 = 0
    var failures: UInt64 = 0
    /// The rules that cannot be evaluated now, and why.
    var failing: [RuleID: String] = [:]
    /// Of the rule groups in force, by file and name.
    var groups: [String: GroupEffort] = [:]

    var troubles: [String] { failing.map { "rule \($0.key) cannot be evaluated: \($0.value)" }.sorted() }
    /// When the loop last went round.
    var turnedAt: Timestamp?
  }

  /// What evaluating a rule group takes.
  struct GroupEffort: Sendable {
    var evaluatedAt: Timestamp
    var latest: Duration
    var total: Duration
  }

  /// What a configuration tells of it; the rest stays as it is while the agent runs.
  struct Plan: Sendable {
    var checks: [CheckRow]
    var evaluator: Evaluator
  }

  struct Parts: Sendable {
    let store: SeriesStore
    let notifier: Notifier
    let wishes: Wishlist
    let boards: Boards
    let timeline: Timeline
    let logger: Logger
  }

  private let parts: Parts
  private let plan: Plan
  private let inbox = Mutex(Inbox())
  private let alarm = Alarm()
  private let heartbeat: Heartbeat?

  private struct Inbox {
    var noticed: [Noticed] = []
    var plan: Plan?
  }

  static let tickEvery = Duration.seconds(15)
  /// After a start nothing is evaluated until every check has been seen, or this long: an alert that fired before must not be called over
  /// because nobody has looked yet.
  static let warmUp = Duration.seconds(30)

  init(_ parts: Parts, _ plan: Plan, heartbeat: Heartbeat? = nil) {
    self.parts = parts
    self.plan = plan
    self.heartbeat = heartbeat
    heartbeat?.wake(by: alarm.ring)
    parts.boards.expect(plan.checks, at: parts.timeline.now())
  }

  /// Takes what somebody noticed.
  func submit(_ noticed: Noticed) {
    inbox.withLock { inbox in
      inbox.noticed.append(noticed)
      parts.boards.waiting.post(inbox.noticed.count)
    }
    alarm.ring()
  }

  /// Goes on by another plan: what did not change keeps its findings, series and alerts.
  func change(to plan: Plan) {
    inbox.withLock { $0.plan = plan }
    alarm.ring()
  }

  func run() async throws {
    await cancelWhenGracefulShutdown {
      var turn = PipelineTurn(self.parts, self.plan, alerts: await self.restoredAlerts(), startedAt: self.parts.timeline.now())
      while !Task.isCancelled {
        self.heartbeat?.beat()
        let news = self.inbox.withLock { inbox in
          defer { inbox = Inbox() }
          self.parts.boards.waiting.post(0)
          return inbox
        }
        if let plan = news.plan { turn.change(to: plan, at: self.parts.timeline.now()) }
        await turn.take(news.noticed, at: self.parts.timeline.now())
        do { try await self.alarm.sleep(until: turn.nextDue, on: self.parts.timeline) } catch { break }
      }
    }
  }

  private func restoredAlerts() async -> [TrackedAlert] {
    do {
      let now = parts.timeline.now()
      return try await parts.notifier.restore().map { TrackedAlert(restoring: $0, at: now) }
    } catch {
      parts.logger.error("earlier alerts could not be restored; what fires now is told again", metadata: ["error": "\(error)"])
      return []
    }
  }
}

extension TrackedAlert {
  /// An alert of an earlier process. Its rule is found by the labels that it yields, for the rule files may have changed meanwhile. Where
  /// the machine's clock has been set back since, it began now.
  init(restoring alert: Alert, at now: Timestamp) {
    var alert = alert
    alert.activeAt = min(alert.activeAt, now)
    alert.firedAt = alert.firedAt.map { min($0, now) }
    let unknown = RuleID(file: "", group: "", name: alert.name, labels: [:])
    self = TrackedAlert(rule: unknown, alert: alert).restored
  }
}

extension Pipeline.Boards {
  /// The rules and how they stand.
  var rulesInForce: RulesInForce {
    let counts = counts.latest
    return RulesInForce(rules: rules.latest, alerts: alerts.latest, failing: counts.failing, efforts: counts.groups)
  }

  /// The names of what is watched.
  var targets: String { Set(checks.latest.map(\.row.id.target)).sorted().joined(separator: ", ") }

  func expect(_ rows: [CheckRow], at now: Timestamp) {
    checks.update { checks in
      let since = Dictionary(uniqueKeysWithValues: checks.map { ($0.row.id, $0.since) })
      checks = rows.map { ExpectedCheck(row: $0, since: since[$0.id] ?? now) }
    }
  }
}
