import OdooLog
import Synchronization

/// Odoo's log as far as it has been read: the file, the scanner that keeps an unfinished line, and the counts. Used on one queue at a time.
final class LogReader: Sendable {
  /// What is kept over restarts, in one piece: the counts belong to the position.
  struct Checkpoint: Sendable {
    var position: LogFile.Position
    var statistics: LogStatistics
  }

  /// What reading has come to.
  struct Progress: Sendable {
    var statistics: LogStatistics
    var checkpoint: Checkpoint?
    /// Requests on the dashboards' routes that were read now.
    var requests: [RequestSeen] = []
    /// Why the log cannot be read now; nil while it can.
    var unreadable: String?
  }

  fileprivate struct State: ~Copyable {
    let file: LogFile
    var scanner = LogScanner()
    var statistics: LogStatistics
  }

  private let state: Mutex<State>

  init(path: String, checkpoint: Checkpoint?) {
    state = Mutex(
      State(
        file: LogFile(path: path, resume: checkpoint?.position), statistics: checkpoint?.statistics ?? LogStatistics()))
  }

  /// Blocks while it reads what was appended.
  func readAppended() -> Progress {
    state.withLock { state in
      var unreadable: String?
      do {
        try state.readAppended()
      } catch {
        unreadable = "\(error)"
      }
      let requests = state.statistics.takeRequests()
      let position = state.file.position(unfinished: state.scanner.incompleteBytes)
      return Progress(
        statistics: state.statistics, checkpoint: position.map { Checkpoint(position: $0, statistics: state.statistics) },
        requests: requests, unreadable: unreadable)
    }
  }
}

extension LogReader.State {
  mutating func readAppended() throws {
    var scanner = LogScanner()
    swap(&scanner, &self.scanner)
    var statistics = self.statistics
    statistics.latest = WallClock.now().milliseconds
    defer {
      swap(&scanner, &self.scanner)
      self.statistics = statistics
    }
    try file.readAppended(
      { scanner.feed($0, into: &statistics) },
      on: { event in
        switch event {
        case .restarted: scanner.finish(into: &statistics)
        }
      })
  }
}
