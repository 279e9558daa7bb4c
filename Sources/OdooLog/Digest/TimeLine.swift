/// What happened when, in slots of one width. They become wider where the log goes on for longer, so that there are never many.
public struct TimeLine: Sendable, Equatable {
  public struct Slot: Sendable, Equatable {
    public internal(set) var records: UInt64 = 0
    public internal(set) var requests: UInt64 = 0
    public internal(set) var slowRequests: UInt64 = 0
    /// Records of level WARNING.
    public internal(set) var warnings: UInt64 = 0
    /// Records of level ERROR and CRITICAL.
    public internal(set) var errors: UInt64 = 0
  }

  public static let mostSlots = 240
  private static let finest: Int64 = 60_000

  /// Of each slot, in milliseconds.
  public private(set) var width = finest
  public private(set) var slots: [Slot] = []
  /// The first slot's number, counted in widths from 1970 on.
  private var first: Int64 = 0
  private var current = 0
  private var currentStart: Int64 = .max

  /// When a slot begins, in milliseconds since 1970.
  public func start(of slot: Int) -> Int64 { (first + Int64(slot)) * width }

  /// The slot of a moment, to count in.
  @inline(__always)
  mutating func slot(at time: Int64) -> Int {
    if UInt64(bitPattern: time &- currentStart) >= UInt64(bitPattern: width) { turn(to: time) }
    return current
  }

  @inline(__always)
  mutating func count(_ time: Int64, _ change: (inout Slot) -> Void) { change(&slots[slot(at: time)]) }

  @inline(never)
  private mutating func turn(to time: Int64) {
    if slots.isEmpty {
      slots = [Slot()]
      first = floored(time)
    }
    while true {
      let number = floored(time)
      if number < first {
        guard first - number <= Int64(Self.mostSlots - slots.count) else { widen(); continue }
        slots.insert(contentsOf: repeatElement(Slot(), count: Int(first - number)), at: 0)
        first = number
      } else if number - first >= Int64(slots.count) {
        guard number - first < Int64(Self.mostSlots) else { widen(); continue }
        slots += repeatElement(Slot(), count: Int(number - first) + 1 - slots.count)
      }
      current = Int(number - first)
      currentStart = number * width
      return
    }
  }

  private mutating func widen() {
    let offset = Int(first & 1)
    var wide = [Slot](repeating: Slot(), count: (slots.count + offset + 1) / 2)
    for (index, slot) in slots.enumerated() { wide[(index + offset) / 2].add(slot) }
    slots = wide
    width *= 2
    first = first >> 1
  }

  private func floored(_ time: Int64) -> Int64 {
    let (quotient, rest) = time.quotientAndRemainder(dividingBy: width)
    return rest < 0 ? quotient - 1 : quotient
  }
}

extension TimeLine.Slot {
  fileprivate mutating func add(_ other: Self) {
    records &+= other.records
    requests &+= other.requests
    slowRequests &+= other.slowRequests
    warnings &+= other.warnings
    errors &+= other.errors
  }
}
