import Foundation
import OdooLog

/// The last minutes of Odoo's log, read once, from its end. Blocks.
struct RecentLog {
  let path: String
  let since: Timestamp

  /// More than this of a file is not read: at a megabyte a second five minutes are 300 MB, and the newest errors are at the end.
  static let readAtMost = 256 << 20

  /// Of several files that are one log.
  static func look(at paths: [String], since: Timestamp) -> LogSight {
    let sights = paths.map { RecentLog(path: $0, since: since).look() }
    guard var sight = sights.first(where: { $0.lastError != nil }) ?? sights.first else { return LogSight(unreadable: "no file matches") }
    sight.recentErrors = sights.map(\.recentErrors).reduce(0, +)
    sight.unreadable = sights.lazy.compactMap(\.unreadable).first
    return sight
  }

  func look() -> LogSight {
    var statistics = LogStatistics()
    do {
      let file = try LogTail(path: path)
      let start = try file.place(of: since)
      // What was written before a rotation lies in another file.
      if !start.cameAfterEarlier, let earlier = predecessor().flatMap({ try? LogTail(path: $0) }) {
        try? earlier.count(from: earlier.place(of: since).offset, into: &statistics)
      }
      try file.count(from: start.offset, into: &statistics)
    } catch {
      return LogSight(unreadable: "\(error)")
    }
    let error = statistics.lastError
    return LogSight(recentErrors: statistics.errors, lastError: error?.inWords, lastErrorRoute: error?.route)
  }

  /// The newest uncompressed sibling that logrotate or a person has made of the log: `odoo.log.1`, `odoo.log-20261122`.
  private func predecessor() -> String? {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "./"
    let name = String(path.dropFirst(folder == "./" ? 0 : folder.count))
    let siblings = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let candidates = siblings.filter { $0 != name && $0.hasPrefix(name) && !$0.hasSuffix(".gz") && !$0.hasSuffix(".xz") }
    let dated = candidates.map { (path: folder + $0, changed: TextFile.modified(folder + $0)) }
    return dated.filter { $0.changed / 1_000_000 >= since.milliseconds }.max { $0.changed < $1.changed }?.path
  }
}

/// A log file that is open for reading, from any place in it.
private final class LogTail {
  private static let piece = 1 << 20

  let size: Int
  private let path: String
  private let descriptor: Int32

  /// - Throws: `AgentError` when it cannot be read.
  init(path: String) throws {
    self.path = path
    // A pipe of that name must not be waited for.
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw AgentError("\(path): \(String(cString: strerror(errno)))") }
    self.descriptor = descriptor
    var status = stat()
    fstat(descriptor, &status)
    size = Int(status.st_size)
    guard status.st_mode & S_IFMT == S_IFREG else { throw AgentError("\(path) is no ordinary file") }
  }

  deinit {
    close(descriptor)
  }

  /// Counts what stands from there on; nothing where there is no such place.
  func count(from start: Int?, into statistics: inout LogStatistics) throws {
    guard let start else { return }
    var scanner = LogScanner()
    try read(from: start) { scanner.feed($0, into: &statistics) }
    scanner.finish(into: &statistics)
  }

  /// Where the first record begins that was written at `moment` or later (nil when there is none), and whether an earlier one stands before
  /// it. The end is read in pieces that grow until one begins before that moment.
  func place(of moment: Timestamp) throws -> (offset: Int?, cameAfterEarlier: Bool) {
    var length = Self.piece
    while true {
      let start = max(0, size - length)
      var search = RecordSearch(offset: start, since: moment.milliseconds)
      try read(from: start) { search.take($0) }
      search.finish()
      let isEnough = search.sawEarlier || start == 0 || length >= RecentLog.readAtMost
      if isEnough { return (search.found, search.sawEarlier || start > 0) }
      length *= 4
    }
  }

  /// Up to the size that the file had when it was opened.
  private func read(from start: Int, _ take: (Span<UInt8>) -> Void) throws {
    var buffer = [UInt8](repeating: 0, count: min(Self.piece, max(1, size - start)))
    var offset = start
    while offset < size {
      let count = pread(descriptor, &buffer, min(buffer.count, size - offset), off_t(offset))
      guard count >= 0 else { throw AgentError("\(path): \(String(cString: strerror(errno)))") }
      guard count > 0 else { return }
      take(buffer.span.extracting(0..<count))
      offset += count
    }
  }
}

/// Goes through lines to the first record of a moment or later. The times come from the reader of records itself, which knows colours.
private struct RecordSearch {
  private(set) var found: Int?
  /// A record from before that moment came first: the search began early enough.
  private(set) var sawEarlier = false
  private var offset: Int
  private let since: Int64
  private var statistics = LogStatistics(loggerLimit: 1, routeLimit: 1)
  private var line = OpenLine()

  init(offset: Int, since: Int64) {
    (self.offset, self.since) = (offset, since)
  }

  mutating func take(_ bytes: Span<UInt8>) {
    guard found == nil else { return }
    var start = 0
    while start < bytes.count, found == nil {
      var end = start
      while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
      let isWhole = end < bytes.count
      line.append(bytes.extracting(start..<end))
      start = isWhole ? end + 1 : end
      if isWhole { endLine() }
    }
  }

  /// The last line may have no end yet.
  mutating func finish() {
    if found == nil, line.length > 0 { endLine() }
  }

  private mutating func endLine() {
    let length = line.length + 1
    line.count(into: &statistics)
    let time = statistics.lastRecordTime
    if time >= since { found = offset } else if time > 0 { sawEarlier = true }
    offset += length
  }
}

/// The beginning of a line, as much as tells whether a record starts there, and its length.
private struct OpenLine {
  private var kept: [UInt8] = []
  private(set) var length = 0

  private static let keptAtMost = 512

  mutating func append(_ bytes: Span<UInt8>) {
    length += bytes.count
    for index in 0..<min(bytes.count, Self.keptAtMost - kept.count) { kept.append(bytes[index]) }
  }

  mutating func count(into statistics: inout LogStatistics) {
    var scanner = LogScanner()
    kept.append(UInt8(ascii: "\n"))
    scanner.feed(kept.span, into: &statistics)
    kept.removeAll(keepingCapacity: true)
    length = 0
  }
}
