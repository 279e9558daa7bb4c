import Logging
import ServiceLifecycle

/// Writes the series down now and then, and when the agent ends.
struct HistoryKeeper: Service {
  let store: SeriesStore
  let file: HistoryFile
  let timeline: Timeline
  let logger: Logger

  /// What a crash can cost at most.
  static let interval = Duration.seconds(300)

  private let queue = BlockingQueue("lookout.history")

  init(store: SeriesStore, file: HistoryFile, timeline: Timeline, logger: Logger) {
    self.store = store
    self.file = file
    self.timeline = timeline
    self.logger = logger
  }

  /// Takes up what an earlier process has written. Blocks: for start-up. What cannot be used is said in the log and left alone until it is
  /// written over; the agent then begins without a past.
  func takeUp() {
    do {
      guard let content = try file.read() else { return }
      guard content.savedAt <= timeline.now() else {
        return logger.warning("the series from before the restart are from the future, as the clock says now; they are left out")
      }
      store.takeUp(content.table, endedAt: content.savedAt + .milliseconds(1))
    } catch {
      logger.warning("the series from before the restart are lost", metadata: ["error": "\(error)"])
    }
  }

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while (try? await timeline.sleep(timeline.now() + Self.interval)) != nil { await save() }
    }
    await save()
  }

  func save() async {
    let (table, file, now) = (store.table, file, timeline.now())
    let trouble = await queue.run { () -> String? in
      do {
        try file.write(HistoryFile.Content(table: table, savedAt: now))
        return nil
      } catch {
        return "\(error)"
      }
    }
    if let trouble {
      logger.warning("the series could not be written down; a restart would forget them", metadata: ["error": "\(trouble)"])
    }
  }
}
