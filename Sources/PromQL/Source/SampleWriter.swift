/// Writes samples in few bits (after Facebook's Gorilla, section 4.1, and Prometheus' XOR chunks): of times how much the step differs from
/// the one before, of values nothing where they stay, a difference where they are whole numbers, else the bits that have changed.
///
/// | bits | time: change of the step, milliseconds |    | bits | value |
/// |---|---|---|---|---|
/// | `0` | none |                                    | `0` | the same |
/// | `10` + 6 | -31…32 |                            | `10` + 8 | whole numbers, difference -127…128 |
/// | `110` + 12 | -2047…2048 |                      | `110` + 20 | whole numbers, difference -524287…524288 |
/// | `1110` + 20 | -524287…524288 |                 | `1110` + … | changed bits, in the window of those before |
/// | `1111` + 64 | any |                            | `1111` + 6 + 6 + … | leading zeros, length less one, changed bits |
struct SampleWriter: ~Copyable {
  private(set) var bytes: [UInt8] = []
  private var pending: UInt64 = 0
  private var pendingBits = 0
  private var state = SampleState()

  mutating func append(_ sample: Sample) {
    if state.count == 0 {
      write(UInt64(bitPattern: sample.time), 64)
      write(sample.value.bitPattern, 64)
      state.begin(sample)
      return
    }
    let step = sample.time &- state.time
    append(step: step &- state.step)
    append(value: sample.value)
    state.time = sample.time
    state.step = step
    state.count += 1
  }

  private mutating func append(step change: Int64) {
    switch change {
    case 0: write(0b0, 1)
    case -31...32: write(0b10, 2, UInt64(bitPattern: change + 31), 6)
    case -2047...2048: write(0b110, 3, UInt64(bitPattern: change + 2047), 12)
    case -524_287...524_288: write(0b1110, 4, UInt64(bitPattern: change + 524_287), 20)
    default: write(0b1111, 4, UInt64(bitPattern: change), 64)
    }
  }

  private mutating func append(value: Double) {
    let changed = value.bitPattern ^ state.value.bitPattern
    defer { state.value = value }
    if changed == 0 { return write(0b0, 1) }
    if let difference = state.wholeDifference(to: value) {
      if (-127...128).contains(difference) { return write(0b10, 2, UInt64(bitPattern: difference + 127), 8) }
      if (-524_287...524_288).contains(difference) { return write(0b110, 3, UInt64(bitPattern: difference + 524_287), 20) }
    }
    let leading = changed.leadingZeroBitCount
    let trailing = changed.trailingZeroBitCount
    if leading >= state.leading, trailing >= state.trailing {
      write(0b1110, 4)
      return write(changed >> UInt64(state.trailing), 64 - state.leading - state.trailing)
    }
    (state.leading, state.trailing) = (leading, trailing)
    let length = 64 - leading - trailing
    write(0b1111, 4, UInt64(leading) << 6 | UInt64(length - 1), 12)
    write(changed >> UInt64(trailing), length)
  }

  /// All that was written, filled up to whole bytes.
  consuming func finish() -> [UInt8] {
    while pendingBits > 0 { flushByte() }
    return bytes
  }

  private mutating func write(_ mark: UInt64, _ markBits: Int, _ value: UInt64, _ bits: Int) {
    write(mark, markBits)
    write(value, bits)
  }

  private mutating func write(_ value: UInt64, _ bits: Int) {
    if bits > 32 {
      write(value >> 32, bits - 32)
      return write(value & 0xffff_ffff, 32)
    }
    pending |= (value & ((1 << UInt64(bits)) - 1)) << UInt64(64 - pendingBits - bits)
    pendingBits += bits
    while pendingBits >= 8 { flushByte() }
  }

  private mutating func flushByte() {
    bytes.append(UInt8(truncatingIfNeeded: pending >> 56))
    pending <<= 8
    pendingBits -= 8
  }
}

/// What a sample is written against.
struct SampleState {
  var count = 0
  var time: Int64 = 0
  var step: Int64 = 0
  var value = 0.0
  /// Zeros before and behind the changed bits; at first a window that none fits.
  var leading = 64
  var trailing = 0

  mutating func begin(_ sample: Sample) {
    (time, value, count) = (sample.time, sample.value, 1)
  }

  /// How much larger a value is where both are whole numbers, and adding that to this one gives just that one.
  func wholeDifference(to other: Double) -> Int64? {
    guard value.magnitude < 0x1p52, other.magnitude < 0x1p52 else { return nil }
    let difference = other - value
    guard difference.magnitude < 0x1p20, let whole = Int64(exactly: difference), whole != 0,
      (value + Double(whole)).bitPattern == other.bitPattern
    else { return nil }
    return whole
  }
}
