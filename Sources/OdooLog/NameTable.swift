/// Names found by their bytes, numbered in the order they came, up to a limit; number 0 stands for all the others.
struct NameTable: Sendable, Equatable {
  static let other = 0
  static let longestName = 128
  /// Together well below what a slot can number.
  private static let highestLimit = 4_096
  private static let mostReserved = 256

  private(set) var names: [String] = []
  /// How many names may come from outside, beside the reserved ones.
  let limit: Int
  private let reservedCount: Int
  private var entries: [Entry] = []
  private var words: [UInt64] = []
  /// Open addressing, at most a quarter full: the number of the name plus 1, or 0.
  private var slots: [UInt16]

  private struct Entry: Sendable, Equatable {
    var hash: UInt64
    var length: Int
    var firstWord: Int
  }

  init(limit: Int, reserved: [String]) {
    self.limit = min(max(limit, 0), Self.highestLimit)
    reservedCount = reserved.count
    var slotCount = 64
    while slotCount < 4 * (self.limit + reserved.count) { slotCount *= 2 }
    slots = [UInt16](repeating: 0, count: slotCount)
    for name in reserved { append(name) }
  }

  var count: Int { entries.count }
  var isFull: Bool { entries.count >= limit + reservedCount }

  @inline(__always)
  func find(_ line: RawSpan, _ range: Range<Int>, _ hash: UInt64) -> Int? {
    var slot = Int(truncatingIfNeeded: hash) & (slots.count &- 1)
    while slots[slot] != 0 {
      let number = Int(slots[slot]) &- 1
      if isName(number, line, range, hash) { return number }
      slot = (slot &+ 1) & (slots.count &- 1)
    }
    return nil
  }

  func find(_ name: [UInt8]) -> Int? {
    let bytes = name.span.bytes
    return find(bytes, 0..<name.count, bytes.hash(0..<name.count))
  }

  @inline(__always)
  private func isName(_ number: Int, _ line: RawSpan, _ range: Range<Int>, _ hash: UInt64) -> Bool {
    entries[number].hash == hash && holds(number, line, range)
  }

  /// Whether the name with that number stands there.
  @inline(__always)
  func holds(_ number: Int, _ line: RawSpan, _ range: Range<Int>) -> Bool {
    let entry = entries[number]
    guard entry.length == range.count else { return false }
    var done = 0
    while done < entry.length {
      guard line.word(range.lowerBound &+ done).lowBytes(Swift.min(8, entry.length &- done)) == words[entry.firstWord &+ done / 8]
      else { return false }
      done &+= 8
    }
    return true
  }

  /// The number of a name, given one if there is room.
  mutating func insert(_ name: [UInt8]) -> Int {
    if let known = find(name) { return known }
    guard !isFull, !name.isEmpty, name.count <= Self.longestName else { return Self.other }
    append(String(decoding: name, as: UTF8.self))
    return entries.count - 1
  }

  private mutating func append(_ name: String) {
    let name = Array(name.utf8)
    let bytes = name.span.bytes
    let hash = bytes.hash(0..<name.count)
    guard find(bytes, 0..<name.count, hash) == nil else { return }
    names.append(String(decoding: name, as: UTF8.self))
    entries.append(Entry(hash: hash, length: name.count, firstWord: words.count))
    words += stride(from: 0, to: name.count, by: 8).map { bytes.word($0) }
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = UInt16(entries.count)
  }
}

extension NameTable: Codable {
  private enum CodingKeys: CodingKey { case limit, reserved, names }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let names = try values.decode([String].self, forKey: .names)
    let reserved = try values.decode(Int.self, forKey: .reserved)
    let limit = try values.decode(Int.self, forKey: .limit)
    guard 1...Self.mostReserved ~= reserved, reserved <= names.count, 0...Self.highestLimit ~= limit, names.count <= limit + reserved,
      names.allSatisfy({ 1...Self.longestName ~= $0.utf8.count })
    else {
      throw DecodingError.dataCorruptedError(forKey: .names, in: values, debugDescription: "more names than the limit, or empty ones")
    }
    self.init(limit: limit, reserved: Array(names.prefix(reserved)))
    for name in names.dropFirst(reserved) { append(name) }
    guard entries.count == names.count else {
      throw DecodingError.dataCorruptedError(forKey: .names, in: values, debugDescription: "a name is there twice")
    }
  }

  func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(limit, forKey: .limit)
    try values.encode(reservedCount, forKey: .reserved)
    try values.encode(names, forKey: .names)
  }
}
