import OdooLog
import Synchronization

/// Odoo's log as far as it has been read: the file, the scanner that keeps an unfinished line, and what was learned. Used on one queue at a
/// time.
final class LogReader: Sendable {
  /// What is kept over restarts, in one piece: the counts belong to the position.
  struct Checkpoint: Sendable {
    var position: LogFile.Position
    var kept: FollowedLog.Kept
    /// Groups of errors that have changed since the checkpoint before.
    var errors = ErrorChanges()
  }

  /// What reading has come to.
  struct Progress: Sendable {
    var log: FollowedLog
    /// Nil while there is no file.
    var position: LogFile.Position?
    /// Requests on the dashboards' routes that were read now.
    var requests: [RequestSeen] = []
    /// Why the log cannot be read now; nil while it can.
    var unreadable: String?

    var statistics: LogStatistics { log.statistics }
    var checkpoint: Checkpoint? { position.map { Checkpoint(position: $0, kept: log.kept) } }
  }

  fileprivate struct State: ~Copyable {
    let file: LogFile
    var scanner = LogScanner()
    var log: FollowedLog
    /// When bytes last came, in milliseconds since 1970.
    var grewAt: Int64 = 0
  }

  private let state: Mutex<State>

  /// After so long without a byte a record is taken to be whole, in milliseconds: Odoo writes each at once.
  static let settling: Int64 = 50

  init(path: String, checkpoint: Checkpoint?, errors: [KnownError] = []) {
    state = Mutex(
      State(file: LogFile(path: path, resume: checkpoint?.position), log: FollowedLog(checkpoint?.kept, errors: errors)))
  }

  /// Blocks while it reads what was appended.
  func readAppended(at now: Timestamp = WallClock.now()) -> Progress {
    state.withLock { state in
      var unreadable: String?
      do {
        try state.readAppended(at: now.milliseconds)
      } catch {
        unreadable = "\(error)"
      }
      let requests = state.log.statistics.takeRequests()
      return Progress(log: state.log, position: state.position, requests: requests, unreadable: unreadable)
    }
  }

  /// Groups of errors that have changed since this was last called: they belong to the latest checkpoint.
  func takeErrorChanges() -> ErrorChanges { state.withLock { $0.log.takeErrorChanges() } }

  /// Changes that could not be kept, to be kept with the next checkpoint.
  func giveBack(_ changes: ErrorChanges) { state.withLock { $0.log.giveBack(changes) } }
}

extension LogReader.State {
  var position: LogFile.Position? { file.position(unfinished: scanner.incompleteBytes) }

  mutating func readAppended(at now: Int64) throws {
    var scanner = LogScanner()
    swap(&scanner, &self.scanner)
    var log = FollowedLog()
    swap(&log, &self.log)
    log.clock = now
    let before = log.statistics.bytes &+ UInt64(scanner.incompleteBytes)
    defer {
      if log.statistics.bytes &+ UInt64(scanner.incompleteBytes) != before { grewAt = now }
      if log.hasOpenRecord, now - grewAt >= LogReader.settling { log.settle(at: now) }
      swap(&scanner, &self.scanner)
      swap(&log, &self.log)
    }
    try file.readAppended(
      { scanner.feed($0, into: &log) },
      on: { event in
        switch event {
        case .restarted: scanner.finish(into: &log)
        }
      })
  }
}
