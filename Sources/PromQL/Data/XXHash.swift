/// xxHash64 with seed 0, by its specification (github.com/Cyan4973/xxHash, doc/xxhash_spec.md).
package func xxHash64(_ bytes: [UInt8]) -> UInt64 {
  var position = 0
  var hash: UInt64
  if bytes.count >= 32 {
    var lanes = [prime1 &+ prime2, prime2, 0, 0 &- prime1]
    while bytes.count - position >= 32 {
      for lane in lanes.indices { lanes[lane] = round(lanes[lane], word(bytes, position + lane * 8)) }
      position += 32
    }
    hash = rotated(lanes[0], 1) &+ rotated(lanes[1], 7) &+ rotated(lanes[2], 12) &+ rotated(lanes[3], 18)
    for lane in lanes { hash = (hash ^ round(0, lane)) &* prime1 &+ prime4 }
  } else {
    hash = prime5
  }
  hash = hash &+ UInt64(bytes.count)
  while bytes.count - position >= 8 {
    hash = rotated(hash ^ round(0, word(bytes, position)), 27) &* prime1 &+ prime4
    position += 8
  }
  if bytes.count - position >= 4 {
    let half = (0..<4).reduce(UInt64(0)) { $0 | UInt64(bytes[position + $1]) << UInt64(8 * $1) }
    hash = rotated(hash ^ (half &* prime1), 23) &* prime2 &+ prime3
    position += 4
  }
  for byte in bytes[position...] { hash = rotated(hash ^ (UInt64(byte) &* prime5), 11) &* prime1 }
  hash = (hash ^ (hash >> 33)) &* prime2
  hash = (hash ^ (hash >> 29)) &* prime3
  return hash ^ (hash >> 32)
}

private let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
private let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
private let prime3: UInt64 = 0x1656_67B1_9E37_79F9
private let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
private let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

private func rotated(_ value: UInt64, _ bits: UInt64) -> UInt64 { value << bits | value >> (64 - bits) }

private func round(_ lane: UInt64, _ input: UInt64) -> UInt64 { rotated(lane &+ input &* prime2, 31) &* prime1 }

private func word(_ bytes: [UInt8], _ position: Int) -> UInt64 {
  (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[position + $1]) << UInt64(8 * $1) }
}
