/// A look that is taken now.
struct ScheduledLook: Sendable {
  let check: Check
  let generation: Int
  let wasDue: Timestamp
}

/// When which check falls due. Pure: time is an argument.
struct ScheduleState {
  private struct Entry {
    let check: Check
    /// The watch that it belongs to.
    let watch: String
    /// Tells the looks of a check from those of one of the same name before it.
    let generation: Int
    /// By the check's own rhythm.
    var due: Timestamp
    /// Moments from which on somebody waits for a look; one that begins earlier does not count.
    var wished: [(at: Timestamp, haste: Wish.Haste)] = []
    var isRunning = false
    var lastLook: Timestamp?

    /// While a look is under way, wishes wait for its end.
    var next: Timestamp { isRunning ? due : wished.reduce(due) { min($0, $1.at) } }

    mutating func begin(at now: Timestamp) {
      isRunning = true
      wished.removeAll { $0.at <= now }
      due = now + check.interval
      lastLook = now
    }

    /// When it can be looked at with that slot; nil while another look holds it.
    func next(with slot: Slot) -> Timestamp? {
      guard slot.holder == nil else { return nil }
      return wished.reduce(slot.opening(from: due, .none)) { min($0, slot.opening(from: $1.at, $1.haste)) }
    }
  }

  private struct Slot {
    /// The generation of the check whose look is under way, whether that check still is or not: its request is.
    var holder: Int?
    /// Until then Odoo's workers are left alone.
    var restsUntil: Timestamp?
    /// The check whose request was given up and may hold its worker still.
    var abandonedBy: CheckID?
    /// Who wished for a look before that has meanwhile waited out a request that was given up, and is in no haste any more.
    var hastensFrom: Timestamp?
    /// How long the slot rested after the latest look of each.
    var rests: [CheckID: Duration] = [:]

    /// The moment from which it lets such a look in, while nothing is under way.
    func opening(from moment: Timestamp, _ haste: Wish.Haste) -> Timestamp {
      let isHasty = haste == .unrested && abandonedBy == nil && moment >= hastensFrom ?? moment
      let isWaived = haste == .unconditional || isHasty
      return isWaived ? moment : max(moment, restsUntil ?? moment)
    }
  }

  /// Users' requests spare a check's own looks, but never for longer: the log cannot tell what is inside an answer.
  static let longestSpare = Duration.seconds(600)
  /// Between the first looks of one watch's checks, which do not all begin at once.
  let spread: Duration

  private var entries: [CheckID: Entry] = [:]
  private var slots: [WorkerSlot: Slot] = [:]
  private var generations = 0

  init(spread: Duration) {
    self.spread = spread
  }

  var isEmpty: Bool { entries.isEmpty }

  func holds(_ check: CheckID, of watch: String) -> Bool { entries[check]?.watch == watch }

  mutating func change(_ watch: String, to checks: [Check], at now: Timestamp) {
    entries = entries.filter { $0.value.watch != watch }
    for (index, check) in checks.enumerated() {
      generations += 1
      let start = now + spread * index
      entries[check.id] = Entry(check: check, watch: watch, generation: generations, due: start)
    }
    slots = slots.mapValues { slot in
      var slot = slot
      slot.rests = slot.rests.filter { entries[$0.key] != nil }
      return slot
    }
  }

  mutating func grant(_ wish: Wish, at now: Timestamp) {
    guard let entry = entries[wish.check] else { return }
    switch wish.kind {
    case .look(let haste):
      entries[wish.check]?.wished.append((wish.at, haste))
    case .spare:
      let latest = (entry.lastLook ?? now) + Self.longestSpare
      entries[wish.check]?.due = max(entry.due, min(wish.at, latest))
    case .release(let took):
      guard case .costly(let slot) = entry.check.cost, slots[slot]?.abandonedBy == wish.check else { return }
      slots[slot]?.abandonedBy = nil
      slots[slot]?.hastensFrom = now
      slots[slot]?.restsUntil = now + slot.rest(after: took)
      slots[slot]?.rests[wish.check] = slot.rest(after: took)
    }
  }

  /// What is to be looked at now, and what would be if its last look had ended. Of those that share a slot the one that waits longest.
  mutating func takeDue(at now: Timestamp) -> (due: [ScheduledLook], skipped: [CheckID]) {
    var due: [ScheduledLook] = []
    var skipped: [CheckID] = []
    let waiting = entries.filter { $0.value.next <= now }.sorted { ($0.value.next, $0.key) < ($1.value.next, $1.key) }
    for (id, entry) in waiting {
      if entry.isRunning {
        entries[id]?.due = now + entry.check.interval
        skipped.append(id)
      } else if let since = hold(entry, at: now) {
        entries[id]?.begin(at: now)
        due.append(ScheduledLook(check: entry.check, generation: entry.generation, wasDue: since))
      }
    }
    return (due, skipped)
  }

  /// Since when it could be looked at; nil while the slot that the check needs is not free.
  private mutating func hold(_ entry: Entry, at now: Timestamp) -> Timestamp? {
    guard case .costly(let slot) = entry.check.cost else { return entry.next }
    guard let opening = entry.next(with: slots[slot, default: Slot()]), opening <= now else { return nil }
    slots[slot, default: Slot()].holder = entry.generation
    return opening
  }

  /// The interval at which the check is looked at in fact; nil for a look of a check that is no more.
  mutating func end(
    _ look: ScheduledLook, startedAt: Timestamp, endedAt: Timestamp, isAbandoned: Bool, retryAfter: Duration? = nil
  ) -> Duration? {
    var interval = look.check.interval
    if case .costly(let slot) = look.check.cost {
      interval = max(interval, rest(slot, after: look, startedAt: startedAt, endedAt: endedAt, isAbandoned: isAbandoned))
    }
    guard entries[look.check.id]?.generation == look.generation else { return nil }
    entries[look.check.id]?.isRunning = false
    if let pause = retryAfter, let due = entries[look.check.id]?.due { entries[look.check.id]?.due = min(due, endedAt + pause) }
    return interval
  }

  /// Lets the slot rest. Returns how long the looks that share it need for a round.
  private mutating func rest(
    _ slot: WorkerSlot, after look: ScheduledLook, startedAt: Timestamp, endedAt: Timestamp, isAbandoned: Bool
  ) -> Duration {
    let took = isAbandoned ? max(endedAt - startedAt, slot.longestRequest) : endedAt - startedAt
    slots[slot]?.holder = nil
    if slots[slot]?.abandonedBy != nil { slots[slot]?.hastensFrom = endedAt }
    slots[slot]?.abandonedBy = isAbandoned ? look.check.id : nil
    slots[slot]?.rests[look.check.id] = slot.rest(after: took)
    // Until the request must have ended, whatever becomes of it; its rest begins when it has.
    slots[slot]?.restsUntil = isAbandoned ? startedAt + took + slot.rest(after: took) : endedAt + slot.rest(after: took)
    return slots[slot].map { $0.rests.values.reduce(.zero, +) } ?? .zero
  }

  /// When something can next be looked at; nil while nothing can before a look has ended.
  var nextDue: Timestamp? {
    entries.values.compactMap { entry in
      guard case .costly(let slot) = entry.check.cost, !entry.isRunning, let state = slots[slot] else { return entry.next }
      return entry.next(with: state)
    }.min()
  }
}
