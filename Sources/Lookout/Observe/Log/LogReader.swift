import OdooLog
import Synchronization

/// Odoo's log as far as it has been read: its inputs, the scanners that keep unfinished lines, and what was learned. Used on one queue at a
/// time.
final class LogReader: Sendable {
  /// What is kept over restarts, in one piece: the counts belong to the places.
  struct Checkpoint: Sendable {
    var kept: LogState
    /// Groups of errors that have changed since the checkpoint before.
    var errors = ErrorChanges()
  }

  /// What reading has come to.
  struct Progress: Sendable {
    var log: FollowedLog
    var places: [KeptPlace] = []
    var losses = Losses()
    /// Requests on the dashboards' routes that were read now.
    var requests: [RequestSeen] = []
    /// Why the log cannot be read now; nil while it can.
    var unreadable: String?
    /// Whether a record that matters may still go on.
    var hasOpenRecord = false

    var statistics: LogStatistics { log.statistics }
    /// Nil while there is nothing to keep.
    var checkpoint: Checkpoint? {
      places.isEmpty ? nil : Checkpoint(kept: LogState(log: log.kept, places: places, losses: losses, patterns: patterns?.kept))
    }
    /// What the configuration's own patterns counted.
    var patterns: PatternCounts? { log.reader as? PatternCounts }
  }

  /// How often lines were lost, as far as that is known.
  struct Losses: Sendable, Codable, Equatable {
    var count: UInt64 = 0
    /// That were counted and are in no file any more.
    var bytes: UInt64 = 0
    /// For a person.
    var latest: String?
  }

  fileprivate struct State {
    let inputs: LogInputs
    var log: FollowedLog
    var losses: Losses
    /// The input whose unfinished record is in the log itself.
    var current: LogInputs.Entry?
    /// When bytes last came, in milliseconds since 1970.
    var grewAt: Int64 = 0
  }

  private let state: Mutex<State>

  /// After so long without a byte a record is taken to be whole, in milliseconds: Odoo writes each at once.
  static let settling: Int64 = 50

  convenience init(path: String, checkpoint: Checkpoint?, errors: [KnownError] = []) {
    self.init(LogSettings(files: [path]), kept: checkpoint?.kept, errors: errors)
  }

  init(_ settings: LogSettings, kept: LogState?, errors: [KnownError]) {
    var log = FollowedLog(kept?.log, errors: errors)
    if let redaction = settings.redaction { log.ownRedaction = { redaction.redact($0) } }
    if !settings.patterns.isEmpty, var counts = try? PatternCounts(settings.patterns) {
      counts.goOn(with: kept?.patterns ?? [:])
      log.reader = counts
    }
    let inputs = LogInputs(settings, kept?.places ?? [])
    // The one without a stream of its own was read last.
    let current = inputs.entries.first { $0.stream == nil }
    state = Mutex(State(inputs: inputs, log: log, losses: kept?.losses ?? Losses(), current: current))
  }

  /// Blocks while it reads what was appended.
  func readAppended(at now: Timestamp = WallClock.now()) -> Progress {
    state.withLock { state in
      state.inputs.look()
      let unreadable = state.readAppended(at: now.milliseconds)
      let requests = state.log.statistics.takeRequests()
      return Progress(
        log: state.log, places: state.places, losses: state.losses, requests: requests, unreadable: unreadable,
        hasOpenRecord: state.hasOpenRecord)
    }
  }

  /// Groups of errors that have changed since this was last called: they belong to the latest checkpoint.
  func takeErrorChanges() -> ErrorChanges { state.withLock { $0.log.takeErrorChanges() } }

  /// Changes that could not be kept, to be kept with the next checkpoint.
  func giveBack(_ changes: ErrorChanges) { state.withLock { $0.log.giveBack(changes) } }

  /// Files and patterns of files that the log grows in, and descriptors that tell when it does.
  var sources: FileChanges.Sources { state.withLock { FileChanges.Sources(paths: $0.inputs.paths, descriptors: $0.inputs.descriptors) } }
}

/// What is kept of a log over restarts.
struct LogState: Sendable, Codable {
  var log: FollowedLog.Kept
  var places: [KeptPlace]
  var losses: LogReader.Losses?
  var patterns: PatternCounts.Kept?
}

extension LogReader.State {
  fileprivate var places: [KeptPlace] {
    inputs.entries.compactMap { entry in
      let place = entry.input.place(unfinished: entry.scanner.incompleteBytes)
      // Without a place the counts go on all the same.
      guard place != nil || entry.input is StandardInput else { return nil }
      return KeptPlace(name: entry.input.name, place: place, stream: entry === current ? nil : entry.stream ?? LogStream())
    }
  }

  fileprivate var hasOpenRecord: Bool {
    log.hasOpenRecord || inputs.entries.contains { $0 !== current && $0.stream?.hasOpenRecord == true }
  }

  /// Returns why something cannot be read.
  fileprivate mutating func readAppended(at now: Int64) -> String? {
    log.clock = now
    var troubles: [String] = inputs.entries.isEmpty ? ["no file matches"] : []
    var grew = false
    for entry in inputs.entries {
      do { try read(entry, at: now, &grew) } catch { troubles.append("\(error)") }
    }
    if grew { grewAt = now } else if hasOpenRecord, now - grewAt >= LogReader.settling { settle(at: now) }
    guard !troubles.isEmpty else { return nil }
    return troubles.count > 3
      ? "\(troubles.prefix(3).joined(separator: "; ")) and \(troubles.count - 3) more" : troubles.joined(separator: "; ")
  }

  private mutating func settle(at now: Int64) {
    log.settle(at: now)
    for entry in inputs.entries where entry.stream?.hasOpenRecord == true {
      turn(to: entry)
      log.settle(at: now)
    }
  }

  private mutating func turn(to entry: LogInputs.Entry) {
    guard entry !== current else { return }
    var stream = LogStream()
    log.exchange(&stream)
    current?.stream = stream
    stream = entry.stream ?? LogStream()
    log.exchange(&stream)
    (entry.stream, current) = (nil, entry)
  }

  private mutating func read(_ entry: LogInputs.Entry, at now: Int64, _ grew: inout Bool) throws {
    var (log, losses) = (FollowedLog(), losses)
    var hasBytes = false
    if inputs.entries.count > 1 { turn(to: entry) }
    swap(&log, &self.log)
    defer {
      swap(&log, &self.log)
      self.losses = losses
      grew = grew || hasBytes
    }
    try entry.input.readAppended(
      {
        hasBytes = true
        entry.scanner.feed($0, into: &log)
      },
      on: { event in
        switch event {
        case .restarted: entry.scanner.finish(into: &log)
        case .past(let isPast): log.clock = isPast ? nil : now
        case .loss(let loss): losses.add(loss)
        }
      })
  }
}

extension LogReader.Losses {
  fileprivate mutating func add(_ loss: LogLoss) {
    count &+= 1
    if case .uncopied(let lost) = loss { bytes &+= UInt64(clamping: lost) }
    latest = loss.sentence
  }
}
