/// Remembers the route of paths seen lately, so that a path is looked up once and not at every request. It changes no result.
struct RouteMemo: Sendable, Equatable {
  private static let entryCount = 512
  /// Entries that may hold one path, from the one its key names on.
  private static let ways = 4
  private static let longestPath = 96
  private static let wordsPerPath = longestPath / 8

  private var entries = [Entry](repeating: Entry(), count: entryCount)
  private var words = [UInt64](repeating: 0, count: entryCount * wordsPerPath)

  private struct Entry: Sendable {
    var key: UInt64 = 0
    /// 0 is a free entry.
    var length: UInt32 = 0
    var route: UInt32 = 0
  }

  /// Equal whatever it holds, for it is no part of what was counted.
  static func == (_: RouteMemo, _: RouteMemo) -> Bool { true }

  /// Of its length and its last bytes: paths differ at their ends.
  @inline(__always)
  private static func key(_ line: RawSpan, _ path: Range<Int>) -> UInt64 {
    let (start, end) = (path.lowerBound, path.upperBound)
    let last = line.word(Swift.max(start, end &- 8)) ^ UInt64(truncatingIfNeeded: path.count)
    let before = line.word(Swift.max(start, end &- 16))
    let first = line.word(Swift.max(start, end &- 24))
    return last.mixed(with: before &* 3 ^ first &* 5)
  }

  @inline(__always)
  private static func place(_ key: UInt64, _ way: Int) -> Int { (Int(truncatingIfNeeded: key) &+ way) & (entryCount &- 1) }

  @inline(__always)
  func find(_ line: RawSpan, _ path: Range<Int>) -> Int? {
    guard path.count <= Self.longestPath else { return nil }
    let key = Self.key(line, path)
    for way in 0..<Self.ways {
      let number = Self.place(key, way)
      let entry = entries[number]
      if entry.length == 0 { return nil }
      if entry.key == key, Int(entry.length) == path.count, holds(number, line, path) { return Int(entry.route) }
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

  mutating func keep(_ line: RawSpan, _ path: Range<Int>, _ route: Int) {
    guard 1...Self.longestPath ~= path.count else { return }
    let key = Self.key(line, path)
    let places = (0..<Self.ways).map { Self.place(key, $0) }
    let number = places.first { entries[$0].length == 0 } ?? Self.place(key, Int(key >> 62))
    entries[number] = Entry(key: key, length: UInt32(path.count), route: UInt32(route))
    for done in stride(from: 0, to: path.count, by: 8) {
      words[number * Self.wordsPerPath + done / 8] = line.word(path.lowerBound + done).lowBytes(min(8, path.count - done))
    }
  }
}
