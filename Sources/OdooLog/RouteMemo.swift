/// Remembers the route of paths seen lately, so that a path is folded once and not at every request. It changes no result.
struct RouteMemo: Sendable, Equatable {
  private static let entryCount = 256
  /// Entries that may hold one path, from the one its hash names on.
  private static let ways = 4
  private static let longestPath = 96
  private static let wordsPerPath = longestPath / 8

  private var entries = [Entry](repeating: Entry(), count: entryCount)
  private var words = [UInt64](repeating: 0, count: entryCount * wordsPerPath)

  private struct Entry: Sendable {
    var hash: UInt64 = 0
    /// 0 is a free entry.
    var length: UInt32 = 0
    var route: UInt32 = 0
  }

  /// Equal whatever it holds, for it is no part of what was counted.
  static func == (_: RouteMemo, _: RouteMemo) -> Bool { true }

  @inline(__always)
  private static func place(_ hash: UInt64, _ way: Int) -> Int { (Int(truncatingIfNeeded: hash) &+ way) & (entryCount &- 1) }

  @inline(__always)
  func find(_ line: RawSpan, _ path: Range<Int>, _ hash: UInt64) -> Int? {
    for way in 0..<Self.ways {
      let number = Self.place(hash, way)
      let entry = entries[number]
      if entry.length == 0 { return nil }
      if entry.hash == hash, Int(entry.length) == path.count, holds(number, line, path) { return Int(entry.route) }
    }
    return nil
  }

  @inline(__always)
  private func holds(_ number: Int, _ line: RawSpan, _ path: Range<Int>) -> Bool {
    var (offset, index) = (path.lowerBound, number &* Self.wordsPerPath)
    while offset < path.upperBound {
      guard line.word(offset).lowBytes(Swift.min(8, path.upperBound &- offset)) == words[index] else { return false }
      offset &+= 8
      index &+= 1
    }
    return true
  }

  mutating func forget() { self = RouteMemo() }

  mutating func keep(_ line: RawSpan, _ path: Range<Int>, _ hash: UInt64, _ route: Int) {
    guard path.count <= Self.longestPath else { return }
    let places = (0..<Self.ways).map { Self.place(hash, $0) }
    let number = places.first { entries[$0].length == 0 } ?? Self.place(hash, Int(hash >> 62))
    entries[number] = Entry(hash: hash, length: UInt32(path.count), route: UInt32(route))
    for done in stride(from: 0, to: path.count, by: 8) {
      words[number * Self.wordsPerPath + done / 8] = line.word(path.lowerBound + done).lowBytes(min(8, path.count - done))
    }
  }
}
