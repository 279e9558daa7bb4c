/// Distinct sets of labels, each with a number in the order of their first appearance.
struct LabelSetTable {
  private(set) var sets: [LabelSet] = []
  private var slots: [Int32]
  private var hashes: [UInt32] = []

  init(minimumCapacity: Int = 8) {
    var size = 16
    while size < minimumCapacity * 2 { size *= 2 }
    slots = Array(repeating: -1, count: size)
    sets.reserveCapacity(minimumCapacity)
    hashes.reserveCapacity(minimumCapacity)
  }

  /// The number of an equal set, or of this one as a new one.
  mutating func index(of set: LabelSet, in arena: LabelArena) -> (index: Int, isNew: Bool) {
    if (sets.count + 1) * 2 > slots.count { grow() }
    let (hash, place) = arena.symbols.withUnsafeBufferPointer { symbols in find(set, symbols) }
    if slots[place] >= 0 { return (Int(slots[place]), false) }
    slots[place] = Int32(sets.count)
    sets.append(set)
    hashes.append(hash)
    return (sets.count - 1, true)
  }

  private func find(_ set: LabelSet, _ symbols: UnsafeBufferPointer<Symbol>) -> (hash: UInt32, place: Int) {
    let length = Int(set.count) * 2
    let start = Int(set.start)
    var mixed: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(length)
    for index in start..<(start + length) {
      mixed = (mixed ^ UInt64(symbols[index])) &* 0xBF58_476D_1CE4_E5B9
      mixed ^= mixed >> 29
    }
    let hash = UInt32(truncatingIfNeeded: mixed >> 16)
    let mask = slots.count - 1
    var place = Int(hash) & mask
    while slots[place] >= 0 {
      let candidate = Int(slots[place])
      let other = sets[candidate]
      if hashes[candidate] == hash, other.count == set.count {
        var isEqual = true
        for index in 0..<length where symbols[start + index] != symbols[Int(other.start) + index] {
          isEqual = false
          break
        }
        if isEqual { break }
      }
      place = (place + 1) & mask
    }
    return (hash, place)
  }

  private mutating func grow() {
    slots = Array(repeating: -1, count: slots.count * 2)
    let mask = slots.count - 1
    for (index, hash) in hashes.enumerated() {
      var place = Int(hash) & mask
      while slots[place] >= 0 { place = (place + 1) & mask }
      slots[place] = Int32(index)
    }
  }
}
