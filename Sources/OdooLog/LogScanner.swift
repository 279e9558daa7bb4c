internal import Glibc

/// Cuts bytes of a log into lines, wherever the pieces it is fed begin and end.
public struct LogScanner: ~Copyable {
  private let lineLimit: Int
  /// The start of the incomplete line, at most `lineLimit` bytes of it.
  private var kept: [UInt8] = []
  var keptBytes: Int { kept.count }
  /// Bytes fed that belong to no complete line yet. Reading resumes that many bytes before the end of what was fed: then everything is
  /// counted exactly once.
  public private(set) var incompleteBytes = 0

  /// - Parameter lineLimit: bytes of one line that are read; what a longer one has beyond is skipped.
  public init(lineLimit: Int = 65_536) {
    self.lineLimit = max(lineLimit, 1)
  }

  /// Counts every line that these bytes complete.
  public mutating func feed(_ bytes: Span<UInt8>, into statistics: inout LogStatistics) {
    var witness = NoWitness()
    feed(bytes.bytes, into: &statistics, &witness)
  }

  @inline(__always)
  mutating func feed(_ bytes: RawSpan, into statistics: inout LogStatistics, _ witness: inout some LogWitness) {
    var start = 0
    if incompleteBytes > 0 {
      guard let newline = bytes.newline(from: 0) else { return keep(bytes) }
      keep(bytes.extracting(0..<newline))
      start = newline &+ 1
      endLine(lineEndBytes: 1, into: &statistics, &witness)
    }
    while let newline = bytes.newline(from: start) {
      let length = newline &- start
      let line = bytes.extracting(start..<(start &+ min(length, lineLimit)))
      statistics.count(line, lineBytes: length &+ 1, isTruncated: length > lineLimit, &witness)
      start = newline &+ 1
    }
    keep(bytes.extracting(start..<bytes.byteCount))
  }

  /// Counts the incomplete line as it is: for the end of a file that nobody writes to any more.
  public mutating func finish(into statistics: inout LogStatistics) {
    var witness = NoWitness()
    finish(into: &statistics, &witness)
  }

  mutating func finish(into statistics: inout LogStatistics, _ witness: inout some LogWitness) {
    if incompleteBytes > 0 { endLine(lineEndBytes: 0, into: &statistics, &witness) }
  }

  private mutating func keep(_ bytes: RawSpan) {
    let room = min(max(lineLimit - kept.count, 0), bytes.byteCount)
    if room > 0 { bytes.extracting(0..<room).withUnsafeBytes { kept.append(contentsOf: $0) } }
    incompleteBytes += bytes.byteCount
  }

  private mutating func endLine(lineEndBytes: Int, into statistics: inout LogStatistics, _ witness: inout some LogWitness) {
    let bytes = incompleteBytes + lineEndBytes
    statistics.count(kept.span.bytes, lineBytes: bytes, isTruncated: incompleteBytes > lineLimit, &witness)
    kept.removeAll(keepingCapacity: true)
    incompleteBytes = 0
  }
}

extension RawSpan {
  @inline(__always)
  fileprivate func newline(from start: Int) -> Int? {
    withUnsafeBytes { buffer in
      guard let base = buffer.baseAddress, start < buffer.count,
        let found = memchr(base + start, Int32(UInt8.newline), buffer.count &- start)
      else { return nil }
      return UnsafeRawPointer(found) - base
    }
  }
}
