/// A schedule in parts that have nothing to do with each other, so that the work of a look does not grow with the number of all: the watches
/// of one Odoo, which share its slot, are a part, and of a watch without slots so many checks.
struct ScheduleParts {
  /// A look, and the part that granted it.
  struct Granted: Sendable {
    let look: ScheduledLook
    fileprivate let part: String
  }

  private let spread: Duration
  private var parts: [String: ScheduleState] = [:]
  private var partsOfWatch: [String: [String]] = [:]
  private var partOfCheck: [CheckID: String] = [:]
  private var due: [String: Timestamp] = [:]

  private static let checksOfPart = 32

  init(spread: Duration) {
    self.spread = spread
  }

  mutating func change(_ watch: String, to checks: [Check], at now: Timestamp) {
    let pieces = pieces(of: watch, checks)
    let before = partsOfWatch[watch] ?? []
    partOfCheck = partOfCheck.filter { !(before.contains($0.value) && parts[$0.value]?.holds($0.key, of: watch) == true) }
    for part in before where !pieces.contains(where: { $0.part == part }) { change(part, watch, to: [], at: now) }
    for (part, offset, checks) in pieces {
      change(part, watch, to: checks, at: now + spread * offset)
      for check in checks { partOfCheck[check.id] = part }
    }
    partsOfWatch[watch] = pieces.isEmpty ? nil : pieces.map(\.part)
  }

  private func pieces(of watch: String, _ checks: [Check]) -> [(part: String, offset: Int, checks: [Check])] {
    let odoos = checks.compactMap { check in
      if case .costly(let slot) = check.cost { slot.odoo } else { nil }
    }
    if let odoo = odoos.first { return [("odoo \(odoo)", 0, checks)] }
    return stride(from: 0, to: checks.count, by: Self.checksOfPart).map { start in
      ("watch \(watch) \(start)", start, Array(checks[start..<min(start + Self.checksOfPart, checks.count)]))
    }
  }

  private mutating func change(_ part: String, _ watch: String, to checks: [Check], at now: Timestamp) {
    parts[part, default: ScheduleState(spread: spread)].change(watch, to: checks, at: now)
    if parts[part]?.isEmpty == true { parts[part] = nil }
    due[part] = parts[part]?.nextDue
  }

  mutating func grant(_ wish: Wish, at now: Timestamp) {
    guard let part = partOfCheck[wish.check] else { return }
    parts[part]?.grant(wish, at: now)
    due[part] = parts[part]?.nextDue
  }

  /// What is to be looked at now, and what would be if its last look had ended.
  mutating func takeDue(at now: Timestamp) -> (due: [Granted], skipped: [CheckID]) {
    var granted: [Granted] = []
    var skipped: [CheckID] = []
    for part in due.filter({ $0.value <= now }).keys.sorted() {
      guard let taken = parts[part]?.takeDue(at: now) else { continue }
      granted += taken.due.map { Granted(look: $0, part: part) }
      skipped += taken.skipped
      due[part] = parts[part]?.nextDue
    }
    return (granted, skipped)
  }

  /// The interval at which the check is looked at in fact; nil for a look of a check that is no more.
  mutating func end(_ granted: Granted, startedAt: Timestamp, endedAt: Timestamp, by sight: Sight) -> Duration? {
    let interval = parts[granted.part]?.end(
      granted.look, startedAt: startedAt, endedAt: endedAt, isAbandoned: sight.isAbandoned, retryAfter: sight.retryAfter)
    due[granted.part] = parts[granted.part]?.nextDue
    return interval.flatMap(\.self)
  }

  /// When something can next be looked at; nil while nothing can before a look has ended.
  var nextDue: Timestamp? { due.values.min() }
}
