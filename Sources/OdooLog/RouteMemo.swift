/// Remembers the route of paths seen lately, so that a path is looked up once and not at every request. It changes no result.
struct RouteMemo: Sendable, Equatable {
  private static let entryCount = 512
  /// Entries that may hold one path, from the one its key names on.
  private static let ways = 4
  private static let longestPath = 56

  private var entries = [Entry](repeating: Entry(), count: entryCount)

  /// Eight bytes each of a path: those at its start and at its end, which overlap where it is short. The first ones run beyond a path of less
  /// than eight bytes; what follows there is the same nearly always, and if it is not, the path is not found.
  fileprivate struct Words: Sendable {
    var start: UInt64 = 0
    var last: (UInt64, UInt64, UInt64) = (0, 0, 0)
    /// Of paths of more than 32 bytes alone.
    var middle: (UInt64, UInt64, UInt64) = (0, 0, 0)
  }

  private struct Entry: Sendable {
    /// 0 is a free entry.
    var length: UInt32 = 0
    var route: UInt32 = 0
    var words = Words()
  }

  /// Equal whatever it holds, for it is no part of what was counted.
  static func == (_: RouteMemo, _: RouteMemo) -> Bool { true }

  @inline(__always)
  func find(_ line: RawSpan, _ path: Range<Int>) -> Int? {
    guard path.count <= Self.longestPath else { return nil }
    let words = Words(line, path)
    let place = words.place(path.count)
    for way in 0..<Self.ways {
      let entry = entries[(place &+ way) & (Self.entryCount &- 1)]
      if Int(entry.length) == path.count, entry.words.isSame(as: words) { return Int(entry.route) }
      if entry.length == 0 { return nil }
    }
    return nil
  }

  mutating func forget() { self = RouteMemo() }

  mutating func keep(_ line: RawSpan, _ path: Range<Int>, _ route: Int) {
    guard 1...Self.longestPath ~= path.count else { return }
    let words = Words(line, path)
    let place = words.place(path.count)
    let places = (0..<Self.ways).map { (place + $0) & (Self.entryCount - 1) }
    let number = places.first { entries[$0].length == 0 } ?? places[Int(truncatingIfNeeded: words.last.2 >> 8) & (Self.ways - 1)]
    entries[number] = Entry(length: UInt32(path.count), route: UInt32(route), words: words)
  }
}

extension RouteMemo.Words {
  @inline(__always)
  fileprivate init(_ line: RawSpan, _ path: Range<Int>) {
    let (first, end) = (path.lowerBound, path.upperBound)
    start = line.word(first)
    last = (line.word(Swift.max(first, end &- 24)), line.word(Swift.max(first, end &- 16)), line.word(Swift.max(first, end &- 8)))
    if path.count > 32 { middle = (line.word(first &+ 8), line.word(first &+ 16), line.word(first &+ 24)) }
  }

  /// By its length and its end: that is where paths differ.
  @inline(__always)
  fileprivate func place(_ length: Int) -> Int {
    let key = (last.2 ^ UInt64(truncatingIfNeeded: length)).mixed(with: last.1 &* 3 ^ last.0 &* 5)
    return Int(truncatingIfNeeded: key)
  }

  @inline(__always)
  fileprivate func isSame(as other: Self) -> Bool {
    let ends = (start ^ other.start) | (last.0 ^ other.last.0) | (last.1 ^ other.last.1) | (last.2 ^ other.last.2)
    let middles = (middle.0 ^ other.middle.0) | (middle.1 ^ other.middle.1) | (middle.2 ^ other.middle.2)
    return ends | middles == 0
  }
}
