import OdooLog

/// Reads logs into one digest, the oldest first, whatever the order in which they are named.
struct LogReading: Sendable {
  struct Progress: Sendable {
    var bytes = 0
    var file = ""
  }

  /// What came of it.
  struct Result: Sendable {
    var digest: LogDigest
    var files: [String] = []
    /// What could not be read, and why.
    var troubles: [String] = []
  }

  let sources: [LogSource]
  let period: Range<Int64>
  let slow: Double
  let progress = Board(Progress())

  init(_ sources: [LogSource], period: Range<Int64>, slow: Double) {
    self.sources = sources.sorted { ($0.changedAt ?? .max) < ($1.changedAt ?? .max) }
    (self.period, self.slow) = (period, slow)
  }

  var totalBytes: Int { sources.reduce(0) { $0 + $1.bytes } }

  /// Blocks.
  func run() -> Result {
    var result = Result(digest: LogDigest(period: period, slow: slow))
    for source in sources {
      var scanner = LogScanner()
      result.digest.latest = source.changedAt ?? WallClock.now().milliseconds
      progress.update { $0.file = source.name }
      do {
        try source.read(progress: { bytes in progress.update { $0.bytes += bytes } }) { scanner.feed($0, into: &result.digest) }
        result.files.append(source.name)
      } catch {
        result.troubles.append("\(error)")
      }
      scanner.finish(into: &result.digest)
    }
    return result
  }
}

extension ProgressLine {
  init(of reading: LogReading, style: OutputStyle) {
    let total = reading.totalBytes
    self.init(style: style) { span in
      let progress = reading.progress.latest
      let speed = span.inSeconds > 0 ? ", \(Int(Double(progress.bytes) / span.inSeconds / 1e6)) MB/s" : ""
      guard total > 0 else { return "reading \(progress.file): \(progress.bytes / 1_000_000) MB\(speed)" }
      let share = min(1, Double(progress.bytes) / Double(total))
      let bar = String(repeating: "█", count: Int(share * 20)).padded(20)
      return "reading [\(bar)] \(Int(share * 100)) %\(speed)  \(progress.file)"
    }
  }
}
