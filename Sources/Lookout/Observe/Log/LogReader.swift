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
      return Progress(statistics: state.statistics, requests: requests, unreadable: unreadable)
    }
  }

  /// Where it stands now; nil while there is no file.
  var checkpoint: Checkpoint? {
    state.withLock { state in
      state.file.position(unfinished: state.scanner.incompleteBytes).map { Checkpoint(position: $0, statistics: state.statistics) }
    }
  }
}

extension LogReader.State {
  mutating func readAppended() throws {
    statistics.latest = WallClock.now().milliseconds
    let file = file
    try file.readAppended(
      { scanner.feed($0, into: &statistics) },
      on: { event in
        switch event {
        case .restarted: scanner.finish(into: &statistics)
        }
      })
  }
}
