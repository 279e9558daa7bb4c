extension RawSpan {
  /// Reads a number of 1 to 18 digits.
  @inline(__always)
  func integer(_ offset: inout Int) -> UInt64? {
    let values = word(offset) ^ UInt64(repeating: 0x30)
    let length = values.notDigits.trailingZeroBitCount / 8
    guard length != 0 else { return nil }
    guard length < 8 else { return longInteger(&offset) }
    offset &+= length
    return (values &<< UInt64(64 &- length &* 8)).decimal
  }

  @inline(never)
  private func longInteger(_ offset: inout Int) -> UInt64? {
    var value: UInt64 = 0
    let start = offset
    while byte(offset).isDigit {
      guard offset &- start < 18 else { return nil }
      value = value &* 10 &+ UInt64(byte(offset) &- 0x30)
      offset &+= 1
    }
    return offset > start ? value : nil
  }

  /// Reads seconds with decimals as microseconds, at most 9 digits before the point. What comes out below zero after a clock step
  /// (odoo/netsvc.py subtracts wall times) is 0.
  @inline(__always)
  func microseconds(_ offset: inout Int) -> UInt64? {
    // Nearly all are below ten seconds and have three decimals.
    let word = word(offset)
    if let digits = (word.lowBytes(5) | 0x3030_30 << 40).digits(between: 0x2E00), !UInt8(truncatingIfNeeded: word >> 40).isDigit {
      offset &+= 5
      return digits.digit(0) &* 1_000_000 &+ digits.digit(2) &* 100_000 &+ digits.digit(3) &* 10_000 &+ digits.digit(4) &* 1_000
    }
    return anyMicroseconds(&offset)
  }

  @inline(never)
  private func anyMicroseconds(_ offset: inout Int) -> UInt64? {
    let isNegative = byte(offset) == UInt8(ascii: "-")
    if isNegative { offset &+= 1 }
    guard let whole = integer(&offset), whole < 1_000_000_000 else { return nil }
    var value = whole &* 1_000_000
    guard byte(offset) == UInt8(ascii: ".") else { return isNegative ? 0 : value }
    offset &+= 1
    let start = offset
    var place: UInt64 = 100_000
    while byte(offset).isDigit {
      value &+= UInt64(byte(offset) &- 0x30) &* place
      place /= 10
      offset &+= 1
    }
    guard offset > start else { return nil }
    return isNegative ? 0 : value
  }
}

extension UInt64 {
  /// The number written by eight bytes of values 0 to 9, the first digit lowest: pairs, then fours, then all eight.
  @inline(__always)
  fileprivate var decimal: UInt64 {
    let pairs = (self &* 10 &+ (self >> 8)) & 0x00FF_00FF_00FF_00FF
    let fours = (pairs &* 100 &+ (pairs >> 16)) & 0x0000_FFFF_0000_FFFF
    return (fours &* 10_000 &+ (fours >> 32)) & 0xFFFF_FFFF
  }
}
