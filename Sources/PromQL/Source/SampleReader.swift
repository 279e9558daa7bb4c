/// Reads what `SampleWriter` has written. What was not written by it gives wrong samples, and nothing worse.
struct SampleReader: ~Copyable {
  private var state = SampleState()
  /// Bits that were read ahead, from the highest on.
  private var word: UInt64 = 0
  private var wordBits = 0
  private var position: Int

  /// - Parameter position: of the first byte.
  init(from position: Int) {
    self.position = position
  }

  /// The next sample; the bytes are the same at every call.
  @inline(__always)
  mutating func next(in bytes: Span<UInt8>) -> Sample {
    if state.count == 0 {
      let time = Int64(bitPattern: read(64, in: bytes))
      state.begin(Sample(time: time, value: Double(bitPattern: read(64, in: bytes))))
    } else {
      state.step &+= stepChange(in: bytes)
      state.time &+= state.step
      readValue(in: bytes)
    }
    return Sample(time: state.time, value: state.value)
  }

  @inline(__always)
  private mutating func stepChange(in bytes: Span<UInt8>) -> Int64 {
    if read(1, in: bytes) == 0 { return 0 }
    if read(1, in: bytes) == 0 { return Int64(read(6, in: bytes)) - 31 }
    if read(1, in: bytes) == 0 { return Int64(read(12, in: bytes)) - 2047 }
    if read(1, in: bytes) == 0 { return Int64(read(20, in: bytes)) - 524_287 }
    return Int64(bitPattern: read(64, in: bytes))
  }

  @inline(__always)
  private mutating func readValue(in bytes: Span<UInt8>) {
    if read(1, in: bytes) == 0 { return }
    if read(1, in: bytes) == 0 { return state.value += Double(Int64(read(8, in: bytes)) - 127) }
    if read(1, in: bytes) == 0 { return state.value += Double(Int64(read(20, in: bytes)) - 524_287) }
    if read(1, in: bytes) == 1 {
      let window = read(12, in: bytes)
      state.leading = Int(window >> 6)
      state.trailing = max(0, 64 - state.leading - Int(window & 63) - 1)
    }
    let length = 64 - state.leading - state.trailing
    guard length > 0 else { return }
    state.value = Double(bitPattern: state.value.bitPattern ^ (read(length, in: bytes) << UInt64(state.trailing)))
  }

  @inline(__always)
  private mutating func read(_ bits: Int, in bytes: Span<UInt8>) -> UInt64 {
    if bits > 32 {
      let high = read(bits - 32, in: bytes)
      return high << 32 | read(32, in: bytes)
    }
    while wordBits < bits {
      // Behind the end stand zeros.
      let byte = position < bytes.count ? bytes[position] : 0
      word |= UInt64(byte) << UInt64(56 - wordBits)
      position += 1
      wordBits += 8
    }
    let value = word >> UInt64(64 - bits)
    word <<= UInt64(bits)
    wordBits -= bits
    return value
  }
}
