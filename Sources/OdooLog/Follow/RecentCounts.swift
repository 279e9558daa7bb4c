/// How often something happened of late, in slots of ten seconds.
struct RecentCounts: Sendable, Codable, Equatable {
  private struct Slot: Sendable, Codable, Equatable {
    let number: Int64
    var count: UInt64
  }

  private static let width: Int64 = 10_000
  /// Longer nobody asks, in milliseconds.
  static let longest: Int64 = 3_600_000

  private var slots: [Slot] = []

  mutating func add(at now: Int64) {
    let number = now / Self.width
    if let last = slots.last, last.number >= number {
      slots[slots.count - 1].count &+= 1
    } else {
      slots.append(Slot(number: number, count: 1))
      let oldest = (now - Self.longest) / Self.width
      if let first = slots.first, first.number < oldest { slots.removeAll { $0.number < oldest } }
    }
  }

  /// Those of the slots that lie within `span` milliseconds before now, whole or in part.
  func count(within span: Int64, at now: Int64) -> UInt64 {
    slots.reduce(0) { $1.number * Self.width > now - span - Self.width ? $0 &+ $1.count : $0 }
  }
}
