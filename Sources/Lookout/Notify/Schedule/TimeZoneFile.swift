/// The content of a zone file: RFC 9636, section 3. Of a file of version 2 or later its second, 64-bit part counts.
struct TimeZoneFile {
  let transitions: [TimeZoneRules.Transition]
  let first: Int
  /// The rule for later moments.
  let footer: String?

  private struct Header {
    let version: UInt8
    let utcFlags, standardFlags, leapSeconds, times, types, characters: Int

    func length(timeSize: Int) -> Int {
      times * timeSize + times + types * 6 + characters + leapSeconds * (timeSize + 4) + standardFlags + utcFlags
    }
  }

  /// Nil where the bytes are no such file.
  init?(_ bytes: [UInt8]) {
    var reader = Reader(bytes: bytes)
    guard let header = reader.header() else { return nil }
    guard header.version >= UInt8(ascii: "2") else {
      guard let (transitions, first) = reader.block(header, timeSize: 4) else { return nil }
      (self.transitions, self.first, footer) = (transitions, first, nil)
      return
    }
    reader.position += header.length(timeSize: 4)
    guard let second = reader.header(), let (transitions, first) = reader.block(second, timeSize: 8) else { return nil }
    (self.transitions, self.first, footer) = (transitions, first, reader.footer())
  }

  private struct Reader {
    let bytes: [UInt8]
    var position = 0

    mutating func integer(_ size: Int) -> Int64? {
      guard position >= 0, size <= bytes.count - position else { return nil }
      defer { position += size }
      let raw = bytes[position..<position + size].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      return size == 4 ? Int64(Int32(truncatingIfNeeded: raw)) : Int64(bitPattern: raw)
    }

    mutating func header() -> Header? {
      guard position <= bytes.count, bytes.count - position >= 44, Array(bytes[position..<position + 4]) == Array("TZif".utf8) else {
        return nil
      }
      let version = bytes[position + 4]
      position += 20
      var counts: [Int] = []
      for _ in 0..<6 {
        guard let count = integer(4), (0...Int64(bytes.count)).contains(count) else { return nil }
        counts.append(Int(count))
      }
      return Header(
        version: version, utcFlags: counts[0], standardFlags: counts[1], leapSeconds: counts[2], times: counts[3], types: counts[4],
        characters: counts[5])
    }

    mutating func block(_ header: Header, timeSize: Int) -> ([TimeZoneRules.Transition], Int)? {
      let start = position
      guard header.types > 0, header.length(timeSize: timeSize) <= bytes.count - start else { return nil }
      let moments = (0..<header.times).compactMap { _ in integer(timeSize) }
      let kinds = bytes[position..<position + header.times].map(Int.init)
      position += header.times
      let offsets = (0..<header.types).map { Int(integer(at: position + $0 * 6)) }
      position = start + header.length(timeSize: timeSize)
      guard moments.count == header.times, kinds.allSatisfy({ $0 < offsets.count }), zip(moments, moments.dropFirst()).allSatisfy(<) else {
        return nil
      }
      return (zip(moments, kinds).map { TimeZoneRules.Transition(at: $0, offset: offsets[$1]) }, offsets[0])
    }

    private func integer(at place: Int) -> Int32 {
      Int32(bitPattern: bytes[place..<place + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
    }

    func footer() -> String? {
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\n") else { return nil }
      let text = bytes[(position + 1)...].prefix { $0 != UInt8(ascii: "\n") }
      return text.isEmpty ? nil : String(decoding: text, as: UTF8.self)
    }
  }
}
