import CZlib

/// A zip archive (PKWARE APPNOTE 6.3) that somebody else has made: its members as its central directory names them, each unpacked no
/// further than to a limit, so that a bomb costs that limit and nothing more.
struct ZipArchive {
  struct Flaw: Error, Equatable, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
  }

  private struct Member {
    let method: Int
    let flags: Int
    let checksum: Int
    let packedSize: Int
    let size: Int
    let offset: Int
  }

  private let bytes: [UInt8]
  private var members: [String: Member] = [:]

  /// A workbook has a dozen.
  static let memberLimit = 1_000

  init(_ bytes: [UInt8]) throws(Flaw) {
    self.bytes = bytes
    guard let end = Self.endOfDirectory(in: bytes) else { throw Flaw("it is no zip archive, or breaks off") }
    let (count, start) = (Self.number(bytes, end + 10, 2), Self.number(bytes, end + 16, 4))
    guard count <= Self.memberLimit else { throw Flaw("it has \(count) members") }
    var place = start
    for _ in 0..<count {
      guard place + 46 <= bytes.count, Self.number(bytes, place, 4) == 0x0201_4b50 else { throw Flaw("its directory is damaged") }
      func field(_ offset: Int, _ width: Int) -> Int { Self.number(bytes, place + offset, width) }
      let name = bytes.dropFirst(place + 46).prefix(field(28, 2))
      members[String(decoding: name, as: UTF8.self)] = Member(
        method: field(10, 2), flags: field(8, 2), checksum: field(16, 4), packedSize: field(20, 4), size: field(24, 4),
        offset: field(42, 4))
      place += 46 + field(28, 2) + field(30, 2) + field(32, 2)
    }
  }

  var names: [String] { members.keys.sorted() }

  /// The contents of a member; nil where there is none of that name.
  func contents(of name: String, atMost limit: Int) throws(Flaw) -> [UInt8]? {
    guard let member = members[name] else { return nil }
    guard member.flags & 1 == 0 else { throw Flaw("\(name.prefix(60)) is encrypted") }
    guard member.size <= limit else { throw Flaw("\(name.prefix(60)) is larger than \(limit >> 10) KiB") }
    let header = member.offset
    guard header + 30 <= bytes.count, Self.number(bytes, header, 4) == 0x0403_4b50 else { throw Flaw("\(name.prefix(60)) is damaged") }
    let start = header + 30 + Self.number(bytes, header + 26, 2) + Self.number(bytes, header + 28, 2)
    guard start + member.packedSize <= bytes.count else { throw Flaw("\(name.prefix(60)) breaks off") }
    let packed = bytes[start..<(start + member.packedSize)]
    let unpacked = member.method == 0 ? Array(packed) : member.method == 8 ? Deflate.unpacked(packed, to: member.size) : nil
    guard let unpacked, unpacked.count == member.size, Deflate.checksum(unpacked) == member.checksum else {
      throw Flaw("\(name.prefix(60)) is damaged")
    }
    return unpacked
  }

  /// The record that ends the archive stands behind everything but a comment of at most 65,535 bytes.
  private static func endOfDirectory(in bytes: [UInt8]) -> Int? {
    guard bytes.count >= 22 else { return nil }
    return (max(0, bytes.count - 22 - 65_535)...(bytes.count - 22)).last { number(bytes, $0, 4) == 0x0605_4b50 }
  }

  /// Little-endian; 0 past the end.
  private static func number(_ bytes: [UInt8], _ offset: Int, _ width: Int) -> Int {
    guard offset >= 0, offset + width <= bytes.count else { return 0 }
    return (0..<width).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
  }
}

/// zlib, for what is packed without its wrapper (RFC 1951).
enum Deflate {
  /// Exactly so many bytes; nil when there are more, fewer, or none to be had.
  static func unpacked(_ packed: ArraySlice<UInt8>, to size: Int) -> [UInt8]? {
    var stream = z_stream()
    guard lookout_inflate_init(&stream, -15) == Z_OK else { return nil }
    defer { inflateEnd(&stream) }
    var packed = Array(packed)
    // One byte more, so that an end that lies behind the size is seen.
    var unpacked = [UInt8](repeating: 0, count: size + 1)
    let result = packed.withUnsafeMutableBufferPointer { source in
      unpacked.withUnsafeMutableBufferPointer { target in
        stream.next_in = source.baseAddress
        stream.avail_in = UInt32(clamping: source.count)
        stream.next_out = target.baseAddress
        stream.avail_out = UInt32(clamping: target.count)
        return inflate(&stream, Z_FINISH)
      }
    }
    guard result == Z_STREAM_END, Int(stream.total_out) == size else { return nil }
    return Array(unpacked.dropLast())
  }

  /// CRC-32.
  static func checksum(_ bytes: [UInt8]) -> Int {
    Int(bytes.withUnsafeBufferPointer { crc32(0, $0.baseAddress, UInt32(clamping: $0.count)) })
  }
}
