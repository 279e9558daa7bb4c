import Logging
import OdooLog

/// Follows Odoo's log. A count is told only once its position is committed, so that a crash neither loses a line nor counts it twice.
struct LogFollower: Follower {
  let check: CheckRow
  /// Opens the log where an earlier follower left off.
  let open: @Sendable () async -> LogReader
  /// Returns when the log may have grown, at the latest after that long.
  let wait: @Sendable (_ atMost: Duration) async -> Void
  let timeline: Timeline
  let logger: Logger
  let commit: @Sendable (LogReader.Checkpoint) async throws -> Void
  /// Told the process that wrote the latest record.
  var writer = Board<UInt64?>(nil)

  var row: CheckRow? { check }

  private static let errorWindow = Duration.seconds(300)

  /// On a thread of its own: reading and waiting block.
  func follow(telling tell: @escaping Tell) async {
    await withTaskExecutorPreference(BlockingExecutor("lookout.log")) { await read(telling: tell) }
  }

  private func read(telling tell: @escaping Tell) async {
    let reader = await open()
    var told = ToldOfLog()
    var operations = OperationsSeen()
    while !Task.isCancelled {
      let startedAt = timeline.now()
      let progress = reader.readAppended()
      if progress.statistics.lastPID > 0 { writer.post(progress.statistics.lastPID) }
      for request in progress.requests { tell(.event(.requestEnded(target: check.id.target, request))) }
      for operation in operations.take(progress.statistics, at: startedAt) {
        tell(.event(.operated(target: check.id.target, operation)))
      }
      // How often the log is told when nothing happens that matters; failures are told as soon as they are understood.
      if told.isNews(progress, at: startedAt, interval: check.interval) {
        await commitIfMoved(reader, &told)
        tell(.observation(observation(progress, told.note(progress, at: startedAt, window: Self.errorWindow), startedAt)))
      }
      await wait(told.isWaiting ? ToldOfLog.patience : check.interval)
    }
  }

  private func commitIfMoved(_ reader: LogReader, _ told: inout ToldOfLog) async {
    guard let checkpoint = reader.checkpoint, checkpoint.position != told.committed else { return }
    do {
      try await commit(checkpoint)
      told.committed = checkpoint.position
    } catch {
      logger.error("position in the log could not be kept; after a crash its lines are counted again", metadata: ["error": "\(error)"])
    }
  }

  private func observation(_ progress: LogReader.Progress, _ recentErrors: UInt64, _ startedAt: Timestamp) -> Observation {
    let error = progress.statistics.lastError
    let sight = LogSight(
      unreadable: progress.unreadable, recentErrors: recentErrors, lastError: error?.inWords, lastErrorRoute: error?.route)
    return Observation(
      check: check.id, component: check.component, database: nil, interval: check.interval, lifetime: check.interval * 3, budget: nil,
      cost: check.cost, startedAt: startedAt, endedAt: timeline.now(),
      sight: Sight(seen: .log(sight), samples: LogSamples.all(progress.statistics, isUnreadable: progress.unreadable != nil)))
  }
}

extension LogError {
  /// For a person, on one line.
  var inWords: String {
    let exception = exceptionClass.map { " (\($0))" } ?? ""
    let request = route.map { ", request \($0)" } ?? ""
    return "\(level) \(logger): \(message)\(exception)\(request)"
  }
}
