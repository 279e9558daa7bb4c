/// Finds the route of a path as it stands in a line, without making the route's name. What it finds is what `Route` would have made of the
/// path, but it does not find all: the rest is folded.
struct RouteIndex: Sendable, Equatable {
  /// Open addressing, at most a quarter full: the number of the route plus 1, or 0.
  private var slots: [UInt16]
  private var keys: [UInt64] = []
  /// The segments of names that stand for many paths; none of the others.
  private var folded: [[[UInt8]]] = []
  private var stems: [Stem] = []

  /// A name that stands for all paths below it.
  fileprivate struct Stem: Sendable, Equatable {
    /// The name's first eight bytes, and all of them.
    let start: UInt64
    let words: [UInt64]
    let length: Int
    let route: Int
    /// Whether the name itself is a path of another route.
    let isOnlyBelow: Bool
  }

  private static let mostSegments = 8
  private static let identifier = Array("<id>".utf8)
  private static let identifierHash = identifier.span.bytes.hash(0..<identifier.count)
  private static let slash = UInt8(ascii: "/")

  init(_ names: NameTable) {
    var slotCount = 64
    while slotCount < 4 * (names.limit + names.count) { slotCount *= 2 }
    slots = [UInt16](repeating: 0, count: slotCount)
    for name in names.names { append(name) }
  }

  /// A name with the next number.
  mutating func append(_ name: String) {
    let number = keys.count
    let bytes = Array(name.utf8)
    if Route.stems.contains(name) { stems.append(Stem(name, number, isOnlyBelow: false)) }
    if name == Route.staticFiles { stems.append(Stem("/web" + name, number, isOnlyBelow: true)) }
    let key = Self.key(bytes.span.bytes, 0..<bytes.count)
    keys.append(key ?? 0)
    let segments = bytes.split(separator: Self.slash).map(Array.init)
    folded.append(segments.contains(Self.identifier) ? segments : [])
    guard let key, name != Route.staticFiles else { return }
    var slot = Int(truncatingIfNeeded: key) & (slots.count - 1)
    while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = UInt16(number + 1)
  }

  /// - Parameter path: without its query.
  func find(_ line: RawSpan, _ path: Range<Int>, in names: NameTable) -> Int? {
    let start = line.word(path.lowerBound)
    for stem in stems where stem.start == start && stem.stands(line, path) { return stem.route }
    guard path.count <= Route.longestPath, let key = Self.key(line, path) else { return nil }
    var slot = Int(truncatingIfNeeded: key) & (slots.count &- 1)
    while slots[slot] != 0 {
      let number = Int(slots[slot]) &- 1
      // Segment by segment where the hash is right, for two names may have one.
      if keys[number] == key, names.holds(number, line, path) || Self.isFolded(line, path, to: folded[number]) { return number }
      slot = (slot &+ 1) & (slots.count &- 1)
    }
    return nil
  }

  /// Nil where a segment is empty or there are too many. A second segment `static` has a rule of its own.
  @inline(__always)
  private static func key(_ line: RawSpan, _ path: Range<Int>) -> UInt64? {
    var (offset, segments) = (path.lowerBound, 0)
    var key: UInt64 = 0
    while offset < path.upperBound {
      let start = offset &+ 1
      let (end, hash) = line.scan(start, path.upperBound, until: slash, or: slash)
      segments &+= 1
      guard line.byte(offset) == slash, end > start, segments <= mostSegments, segments != 2 || hash != staticHash else { return nil }
      key = key.mixed(with: Route.isIdentifier(line, start..<end) ? identifierHash : hash)
      offset = end
    }
    return segments > 0 ? key : nil
  }

  private static let staticHash = Array("static".utf8).span.bytes.hash(0..<6)

  private static func isFolded(_ line: RawSpan, _ path: Range<Int>, to segments: [[UInt8]]) -> Bool {
    var offset = path.lowerBound
    for segment in segments {
      let start = offset &+ 1
      let end = line.scan(start, path.upperBound, until: slash, or: slash).end
      guard holds(segment, line, start, end) || (segment == identifier && Route.isIdentifier(line, start..<end)) else { return false }
      offset = end
    }
    return offset == path.upperBound && !segments.isEmpty
  }

  private static func holds(_ segment: [UInt8], _ line: RawSpan, _ start: Int, _ end: Int) -> Bool {
    segment.count == end &- start && segment.indices.allSatisfy { segment[$0] == line.byte(start &+ $0) }
  }
}

extension RouteIndex.Stem {
  fileprivate init(_ name: String, _ route: Int, isOnlyBelow: Bool) {
    let bytes = Array(name.utf8)
    start = bytes.span.bytes.word(0)
    words = stride(from: 0, to: bytes.count, by: 8).map { bytes.span.bytes.word($0) }
    (length, self.route, self.isOnlyBelow) = (bytes.count, route, isOnlyBelow)
  }

  @inline(__always)
  fileprivate func stands(_ line: RawSpan, _ path: Range<Int>) -> Bool {
    guard path.count >= length else { return false }
    for index in 1..<words.count {
      let done = index &* 8
      guard line.word(path.lowerBound &+ done).lowBytes(length &- done) == words[index] else { return false }
    }
    return path.count == length ? !isOnlyBelow : line.byte(path.lowerBound &+ length) == UInt8(ascii: "/")
  }
}
