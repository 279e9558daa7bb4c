internal import Glibc

/// Reading bytes of a line eight at a time. Nothing here traps: past the end there are zeros, so that a line may end anywhere.
extension RawSpan {
  @inline(__always)
  func byte(_ offset: Int) -> UInt8 {
    guard UInt(bitPattern: offset) < UInt(bitPattern: byteCount) else { return 0 }
    return unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
  }

  /// Eight bytes from `offset`, the first one lowest.
  @inline(__always)
  func word(_ offset: Int) -> UInt64 {
    let last = byteCount &- 8
    if last >= 0, UInt(bitPattern: offset) <= UInt(bitPattern: last) { return load(offset) }
    guard UInt(bitPattern: offset) < UInt(bitPattern: byteCount) else { return 0 }
    return last >= 0 ? load(last) &>> UInt64((offset &- last) &* 8) : shortWord(offset)
  }

  @inline(__always)
  private func load(_ offset: Int) -> UInt64 {
    UInt64(littleEndian: unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
  }

  @inline(never)
  private func shortWord(_ offset: Int) -> UInt64 {
    (0..<8).reduce(0) { $0 | UInt64(byte(offset &+ $1)) << UInt64($1 &* 8) }
  }

  /// The first offset in `start..<end` that holds one of two bytes (`end` if none does), and the hash of what comes before it.
  @inline(__always)
  func scan(_ start: Int, _ end: Int, until first: UInt8, or second: UInt8) -> (end: Int, hash: UInt64) {
    let (firsts, seconds) = (UInt64(repeating: first), UInt64(repeating: second))
    var hash: UInt64 = 0
    var offset = start
    while offset < end {
      let word = word(offset)
      let hits = (word ^ firsts).zeroBytes | (word ^ seconds).zeroBytes
      let length = Swift.min(hits.trailingZeroBitCount / 8, end &- offset)
      guard length == 8 else {
        return (offset &+ length, length == 0 ? hash : hash.mixed(with: word.lowBytes(length)))
      }
      hash = hash.mixed(with: word)
      offset &+= 8
    }
    return (end, hash)
  }

  /// The last offset from `start` on that holds that byte; one below `start` if none does.
  @inline(__always)
  func last(_ wanted: UInt8, from start: Int) -> Int { last(wanted, from: start, to: byteCount) }

  @inline(__always)
  func last(_ wanted: UInt8, from start: Int, to bound: Int) -> Int {
    let pattern = UInt64(repeating: wanted)
    var end = bound
    while end &- 8 >= start {
      let hits = (word(end &- 8) ^ pattern).exactZeroBytes
      if hits != 0 { return end &- 1 &- hits.leadingZeroBitCount / 8 }
      end &-= 8
    }
    while end > start, byte(end &- 1) != wanted { end &-= 1 }
    return end &- 1
  }

  /// The first offset in a range that holds that byte; the end of the range if none does.
  @inline(__always)
  func first(_ wanted: UInt8, in range: Range<Int>) -> Int {
    withUnsafeBytes { buffer in
      guard let base = buffer.baseAddress, range.lowerBound >= 0, range.upperBound <= buffer.count,
        let found = memchr(base + range.lowerBound, Int32(wanted), range.count)
      else { return range.upperBound }
      return UnsafeRawPointer(found) - base
    }
  }

  /// The first offset in `start..<end` that holds a blank, `end` if none does. Fast for words of less than 16 bytes, as addresses are.
  @inline(__always)
  func shortWordEnd(_ start: Int, _ end: Int) -> Int {
    let spaces = UInt64(repeating: .space)
    let first = (word(start) ^ spaces).zeroBytes
    let second = (word(start &+ 8) ^ spaces).zeroBytes
    let length = first != 0 ? first.trailingZeroBitCount / 8 : 8 &+ second.trailingZeroBitCount / 8
    guard first | second != 0, start &+ length <= end else { return scan(start, end, until: .space, or: .space).end }
    return start &+ length
  }

  /// The same hash as `scan` gives for these bytes.
  func hash(_ range: Range<Int>) -> UInt64 {
    stride(from: range.lowerBound, to: range.upperBound, by: 8).reduce(0) { hash, offset in
      hash.mixed(with: word(offset).lowBytes(Swift.min(8, range.upperBound - offset)))
    }
  }

  @inline(__always)
  func starts(with text: StaticString, at offset: Int) -> Bool {
    text.withUTF8Buffer { bytes in
      byteCount &- offset >= bytes.count && bytes.indices.allSatisfy { byte(offset &+ $0) == bytes[$0] }
    }
  }

  func contains(_ wanted: UInt8, in range: Range<Int>) -> Bool {
    scan(range.lowerBound, range.upperBound, until: wanted, or: wanted).end < range.upperBound
  }

  /// The bytes of `range` that exist.
  func copy(_ range: Range<Int>) -> [UInt8] {
    let range = range.clamped(to: 0..<byteCount)
    return [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
      for offset in range {
        buffer.initializeElement(at: count, to: byte(offset))
        count += 1
      }
    }
  }
}

extension UInt64 {
  @inline(__always)
  init(repeating byte: UInt8) { self = 0x0101_0101_0101_0101 &* UInt64(byte) }

  /// The high bit of each byte that is zero; exact up to the first such byte.
  @inline(__always)
  var zeroBytes: UInt64 { (self &- 0x0101_0101_0101_0101) & ~self & 0x8080_8080_8080_8080 }

  /// The high bit of each byte that is zero.
  @inline(__always)
  var exactZeroBytes: UInt64 {
    let low = UInt64(repeating: 0x7F)
    return ~(((self & low) &+ low) | self | low)
  }

  @inline(__always)
  func lowBytes(_ count: Int) -> UInt64 { count >= 8 ? self : self & ((1 &<< UInt64(count &* 8)) &- 1) }

  /// The digits' values, zero where a separator stands; nil unless separators and digits are where they should be.
  @inline(__always)
  func digits(between separators: UInt64) -> UInt64? {
    let places = ~separators.occupiedBytes
    guard self & ~places == separators else { return nil }
    let values = (self ^ UInt64(repeating: 0x30)) & places
    return values.notDigits == 0 ? values : nil
  }

  /// Of bytes from which 0x30 was taken, the high bit of each that is above 9; exact up to the first such byte.
  @inline(__always)
  var notDigits: UInt64 {
    // 0x76 + 9 is the highest sum without the top bit.
    ((self &+ UInt64(repeating: 0x76)) | self) & UInt64(repeating: 0x80)
  }

  @inline(__always)
  func digit(_ index: UInt64) -> UInt64 { self &>> (index &* 8) & 0xF }

  /// 0xFF for each byte that is not zero; folded to a constant where the word is a literal.
  @inline(__always)
  private var occupiedBytes: UInt64 {
    let high = ((self & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7F7F_7F7F_7F7F_7F7F | self) & 0x8080_8080_8080_8080
    return (high >> 7) &* 0xFF
  }

  @inline(__always)
  func mixed(with word: UInt64) -> UInt64 {
    let product = (self ^ word) &* 0x9E37_79B9_7F4A_7C15
    return product ^ (product >> 32)
  }
}

extension UInt8 {
  static let newline = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
  static let space = UInt8(ascii: " ")
  static let escape: UInt8 = 0x1B

  @inline(__always)
  var isDigit: Bool { self &- 0x30 < 10 }
  var isLetter: Bool { (self | 0x20) &- 0x61 < 26 }
  var isHexDigit: Bool { isDigit || (self | 0x20) &- 0x61 < 6 }
  var isControl: Bool { self < 0x20 || self == 0x7F }
}
