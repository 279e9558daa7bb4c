/// Which looks of a round are to be taken now: cheap ones together, those that share a slot one after the other, without rests, for a
/// person waits. Pure: time is an argument.
struct LookQueue {
  private struct Entry {
    let check: Check
    /// Moments from which on somebody waits for a look; one that begins earlier does not count.
    var wished: [Timestamp] = []
    var isRunning = false
  }

  /// Why a check has not been seen.
  enum Missing: Sendable, Equatable {
    case underWay, waiting
    /// A request that was given up goes on in Odoo and holds a worker, so that nothing else may be asked.
    case slotIsTaken
  }

  private var entries: [Entry]
  private var holders: [WorkerSlot: CheckID] = [:]
  private var lost: Set<WorkerSlot> = []

  /// More than this are not under way at once.
  static let cheapAtOnce = 8

  /// - Parameter first: what is looked at without being wished for.
  init(_ checks: [Check], first: Set<CheckID>, at now: Timestamp) {
    entries = checks.map { Entry(check: $0, wished: first.contains($0.id) ? [now] : []) }
  }

  mutating func grant(_ wish: Wish) {
    guard case .look = wish.kind, let index = index(of: wish.check) else { return }
    if let slot = entries[index].check.slot, lost.contains(slot) { return }
    entries[index].wished.append(wish.at)
  }

  mutating func takeDue(at now: Timestamp) -> [Check] {
    var due: [Check] = []
    for index in entries.indices where isDue(entries[index], at: now) && hasRoom(for: entries[index].check) {
      entries[index].isRunning = true
      entries[index].wished.removeAll { $0 <= now }
      let check = entries[index].check
      if let slot = check.slot { holders[slot] = check.id }
      due.append(check)
    }
    return due
  }

  mutating func end(_ check: CheckID, isAbandoned: Bool) {
    guard let index = index(of: check) else { return }
    entries[index].isRunning = false
    guard let slot = entries[index].check.slot else { return }
    holders[slot] = nil
    guard isAbandoned else { return }
    lost.insert(slot)
    for index in entries.indices where entries[index].check.slot == slot { entries[index].wished = [] }
  }

  /// Nothing is under way or waited for.
  var isIdle: Bool { entries.allSatisfy { !$0.isRunning && $0.wished.isEmpty } }

  /// When something falls due that is not due yet.
  func nextDue(after now: Timestamp) -> Timestamp? {
    entries.filter { !$0.isRunning }.flatMap(\.wished).filter { $0 > now }.min()
  }

  var underWay: [CheckID] { entries.filter(\.isRunning).map(\.check.id) }
  var waiting: Int { entries.count { !$0.isRunning && !$0.wished.isEmpty } }

  func missing(_ check: CheckID) -> Missing {
    guard let entry = entries.first(where: { $0.check.id == check }) else { return .waiting }
    if entry.isRunning { return .underWay }
    return entry.check.slot.map(lost.contains) == true ? .slotIsTaken : .waiting
  }

  private func isDue(_ entry: Entry, at now: Timestamp) -> Bool { !entry.isRunning && entry.wished.contains { $0 <= now } }

  private func hasRoom(for check: Check) -> Bool {
    if let slot = check.slot { return holders[slot] == nil && !lost.contains(slot) }
    return entries.count { $0.isRunning && $0.check.cost.isCheap } < Self.cheapAtOnce
  }

  private func index(of check: CheckID) -> Int? { entries.firstIndex { $0.check.id == check } }
}

extension Check {
  fileprivate var slot: WorkerSlot? {
    switch cost {
    case .cheap: nil
    case .costly(let slot): slot
    }
  }
}
