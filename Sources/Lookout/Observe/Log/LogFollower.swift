import Logging
import OdooLog

/// Follows Odoo's log. A count is told only once its position is committed, so that a crash neither loses a line nor counts it twice.
struct LogFollower: Follower {
  let check: CheckRow
  /// Opens the log where an earlier follower left off.
  let open: @Sendable () async -> LogReader
  /// Returns when the log may have grown, at the latest after that long.
  let wait: @Sendable (_ sources: FileChanges.Sources, _ atMost: Duration) async -> Void
  let timeline: Timeline
  let logger: Logger
  let commit: @Sendable (LogReader.Checkpoint) async throws -> Void
  /// Told the process that wrote the latest record.
  var writer = Board<UInt64?>(nil)
  /// What only the log tells, check by check.
  var troubles: [LogCheck] = []
  /// Secrets that may stand in the log.
  var acceptedSecrets: Set<SecretKind> = [.urlToken]
  var surroundings: @Sendable () -> LogSurroundings = { LogSurroundings() }

  var rows: [CheckRow] { [check] + troubles.map { $0.row(of: check.id.target, interval: check.interval) } }

  private static let errorWindow = Duration.seconds(300)
  /// For so long a record is waited for that may go on.
  private static let settling = Duration.milliseconds(LogReader.settling)

  /// On a thread of its own: reading and waiting block.
  func follow(telling tell: @escaping Tell) async {
    await withTaskExecutorPreference(BlockingExecutor("lookout.log")) { await read(telling: tell) }
  }

  private func read(telling tell: @escaping Tell) async {
    let reader = await open()
    var told = ToldOfLog()
    var toldTroubles = ToldTroubles(troubles, acceptedSecrets: acceptedSecrets)
    while !Task.isCancelled {
      let startedAt = timeline.now()
      let progress = reader.readAppended(at: startedAt)
      if progress.statistics.lastPID > 0 { writer.post(progress.statistics.lastPID) }
      for request in progress.requests { tell(.event(.requestEnded(target: check.id.target, request))) }
      // How often the log is told when nothing happens that matters; failures are told as soon as they are understood.
      if told.isNews(progress, at: startedAt, interval: check.interval) {
        let isDue = told.isDue(at: startedAt, interval: check.interval)
        await commitIfMoved(reader, progress, &told)
        for (trouble, sight) in toldTroubles.news(progress, surroundings(), isDue: isDue, at: startedAt) {
          tell(.observation(observation(trouble, sight, startedAt)))
        }
        tell(.observation(observation(progress, told.note(progress, at: startedAt, window: Self.errorWindow), startedAt)))
      }
      await wait(reader.sources, progress.hasOpenRecord ? Self.settling : told.isWaiting ? ToldOfLog.patience : check.interval)
    }
  }

  private func commitIfMoved(_ reader: LogReader, _ progress: LogReader.Progress, _ told: inout ToldOfLog) async {
    guard told.isUnkept(progress), var checkpoint = progress.checkpoint else { return }
    checkpoint.errors = reader.takeErrorChanges()
    do {
      try await commit(checkpoint)
      told.committed = checkpoint.kept
    } catch {
      reader.giveBack(checkpoint.errors)
      logger.error("position in the log could not be kept; after a crash its lines are counted again", metadata: ["error": "\(error)"])
    }
  }

  private func observation(_ progress: LogReader.Progress, _ recentErrors: UInt64, _ startedAt: Timestamp) -> Observation {
    let error = progress.statistics.lastError
    let sight = LogSight(
      unreadable: progress.unreadable, recentErrors: recentErrors, lastError: error?.inWords, lastErrorRoute: error?.route)
    let samples = LogSamples.all(progress, at: startedAt)
    return observation(of: check, Sight(seen: .log(sight), samples: samples), startedAt)
  }

  private func observation(_ trouble: LogCheck, _ sight: LogTroubleSight, _ startedAt: Timestamp) -> Observation {
    let row = trouble.row(of: check.id.target, interval: check.interval)
    return observation(of: row, Sight(seen: .logTrouble(sight)), startedAt)
  }

  private func observation(of row: CheckRow, _ sight: Sight, _ startedAt: Timestamp) -> Observation {
    Observation(
      check: row.id, component: row.component, database: nil, interval: row.interval, lifetime: row.interval * 3, budget: nil,
      cost: row.cost, startedAt: startedAt, endedAt: timeline.now(), sight: sight)
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
