import Logging
import ServiceLifecycle
import Synchronization

/// The way of a value: each observation is judged, stored, held against the rules, and what follows is told. One loop does all of it in
/// order, so that nothing is seen half; everything that it calls is pure or a store.
final class Pipeline: Service {
  /// What others read of it.
  struct Boards: Sendable {
    let findings = Board<[Finding]>([])
    let alerts = Board<[Alert]>([])
    let counts = Board(Counts())
  }

  struct Counts: Sendable {
    var evaluations: UInt64 = 0
    var failures: UInt64 = 0
    /// The rules that cannot be evaluated now, and why.
    var failing: [RuleID: String] = [:]

    var troubles: [String] { failing.map { "rule \($0.key) cannot be evaluated: \($0.value)" }.sorted() }
    /// When the loop last went round.
    var turnedAt: Timestamp?
  }

  struct Parts: Sendable {
    let checks: [CheckRow]
    let store: SeriesStore
    let evaluator: Evaluator
    let notifier: Notifier
    let wishes: Wishlist
    let boards: Boards
    let timeline: Timeline
    let logger: Logger
  }

  private let parts: Parts
  private let inbox = Mutex<[Observation]>([])
  private let alarm = Alarm()

  static let tickEvery = Duration.seconds(15)
  /// After a start nothing is evaluated until every check has been seen, or this long: an alert that fired before must not be called over
  /// because nobody has looked yet.
  static let warmUp = Duration.seconds(30)

  init(_ parts: Parts) {
    self.parts = parts
  }

  /// Takes an observation from whoever made it.
  func submit(_ observation: Observation) {
    inbox.withLock { $0.append(observation) }
    alarm.ring()
  }

  func run() async throws {
    await cancelWhenGracefulShutdown {
      var turn = PipelineTurn(self.parts, alerts: await self.restoredAlerts(), startedAt: self.parts.timeline.now())
      while !Task.isCancelled {
        let news = self.inbox.withLock { inbox in
          defer { inbox = [] }
          return inbox
        }
        await turn.take(news, at: self.parts.timeline.now())
        do { try await self.alarm.sleep(until: turn.nextDue, on: self.parts.timeline) } catch { break }
      }
    }
  }

  private func restoredAlerts() async -> [TrackedAlert] {
    do {
      return try await parts.notifier.restore().map(TrackedAlert.init(restoring:))
    } catch {
      parts.logger.error("earlier alerts could not be restored; what fires now is told again", metadata: ["error": "\(error)"])
      return []
    }
  }
}

extension TrackedAlert {
  /// An alert of an earlier process. Its rule is found by the labels that it yields, for the rule files may have changed meanwhile.
  fileprivate init(restoring alert: Alert) {
    let unknown = RuleID(file: "", group: "", alert: alert.name, labels: [:])
    self = TrackedAlert(rule: unknown, alert: alert).restored
  }
}
