import Logging
import OdooLog
import ServiceLifecycle

/// Follows Odoo's log. A count is told only once its position is committed, so that a crash neither loses a line nor counts it twice.
struct LogFollower: Service {
  typealias Commit = @Sendable (LogReader.Checkpoint) async throws -> Void

  let check: CheckID
  let reader: LogReader
  /// How often the log is told when nothing happens that matters; failures are told at once.
  let interval: Duration
  let timeline: Timeline
  let logger: Logger
  let commit: Commit
  let emit: @Sendable (Observation) -> Void

  private static let pollEvery = Duration.milliseconds(250)
  private static let errorWindow = Duration.seconds(300)

  func run() async throws {
    await cancelWhenGracefulShutdown {
      let queue = BlockingQueue("lookout.log")
      var told = Told()
      while !Task.isCancelled {
        let startedAt = timeline.now()
        let progress = await queue.run { reader.readAppended() }
        if told.isNews(progress, at: startedAt, interval: interval) {
          await commitIfMoved(progress, &told)
          emit(observation(progress, told.note(progress, at: startedAt, window: Self.errorWindow), startedAt))
        }
        do { try await timeline.sleep(timeline.now() + Self.pollEvery) } catch { break }
      }
    }
  }

  private func commitIfMoved(_ progress: LogReader.Progress, _ told: inout Told) async {
    guard let checkpoint = progress.checkpoint, checkpoint.position != told.committed else { return }
    do {
      try await commit(checkpoint)
      told.committed = checkpoint.position
    } catch {
      logger.error("position in the log could not be kept; after a crash its lines are counted again", metadata: ["error": "\(error)"])
    }
  }

  private func observation(_ progress: LogReader.Progress, _ recentErrors: UInt64, _ startedAt: Timestamp) -> Observation {
    let sight = LogSight(
      unreadable: progress.unreadable, recentErrors: recentErrors, lastError: progress.statistics.lastError.map(Self.words))
    return Observation(
      check: check, component: .log, database: nil, interval: interval, lifetime: interval * 3, budget: nil, cost: .cheap,
      startedAt: startedAt,
      endedAt: timeline.now(),
      sight: Sight(seen: .log(sight), samples: LogSamples.all(progress.statistics, isUnreadable: progress.unreadable != nil)))
  }

  private static func words(_ error: LogError) -> String {
    let exception = error.exceptionClass.map { " (\($0))" } ?? ""
    return "\(error.level) \(error.logger): \(error.message)\(exception)"
  }
}

/// What has been told of the log.
private struct Told {
  var committed: LogFile.Position?
  private var at: Timestamp?
  private var errors: UInt64?
  private var unreadable: String?
  /// Totals of errors by the moment at which they were told.
  private var totals: [(at: Timestamp, errors: UInt64)] = []

  func isNews(_ progress: LogReader.Progress, at now: Timestamp, interval: Duration) -> Bool {
    guard let at else { return true }
    return errors != progress.statistics.errors || unreadable != progress.unreadable || now - at >= interval
  }

  /// Returns the errors within the window.
  mutating func note(_ progress: LogReader.Progress, at now: Timestamp, window: Duration) -> UInt64 {
    at = now
    errors = progress.statistics.errors
    unreadable = progress.unreadable
    totals.append((now, progress.statistics.errors))
    // The newest total that is older than the window stays, to count from.
    while totals.count > 1, totals[1].at <= now - window { totals.removeFirst() }
    return progress.statistics.errors &- (totals.first?.errors ?? 0)
  }
}
