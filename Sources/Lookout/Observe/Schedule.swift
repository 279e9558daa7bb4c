import ServiceLifecycle
import Synchronization

/// Takes each check's looks when they fall due, and sooner when wished for. A check has one look under way at most; a costly one is taken
/// only as often as its answers leave Odoo's workers their time.
final class Schedule: Service {
  private struct Entry {
    let check: Check
    /// By the check's own rhythm.
    var due: Timestamp
    /// Moments from which on somebody waits for a look; one that begins earlier does not count.
    var wished: [Timestamp] = []
    var isRunning = false

    /// While a look is under way, wishes wait for its end.
    var next: Timestamp { isRunning ? due : wished.reduce(due) { min($0, $1) } }
  }

  private let timeline: Timeline
  /// Seconds of Odoo's workers that a second of wall time may cost: share × workers.
  private let costlyShare: Double
  private let wishes: Wishlist
  private let effort: Board<Effort>
  private let emit: @Sendable (Observation) -> Void
  private let entries: Mutex<[CheckID: Entry]>

  /// What looking has cost and missed so far.
  struct Effort: Sendable {
    /// Looks that fell due while the one before was still under way.
    var skipped: [CheckID: UInt64] = [:]
    /// Seconds that costly looks have held a worker.
    var workerSeconds = 0.0
  }

  init(
    _ checks: [Check], costlyShare: Double, wishes: Wishlist, effort: Board<Effort>, timeline: Timeline,
    emit: @escaping @Sendable (Observation) -> Void
  ) {
    self.timeline = timeline
    self.costlyShare = costlyShare
    self.wishes = wishes
    self.effort = effort
    self.emit = emit
    let now = timeline.now()
    entries = Mutex(Dictionary(uniqueKeysWithValues: checks.map { ($0.id, Entry(check: $0, due: now)) }))
  }

  func run() async throws {
    await cancelWhenGracefulShutdown {
      await withDiscardingTaskGroup { group in
        while !Task.isCancelled {
          self.grant(self.wishes.take())
          for check in self.takeDue() { group.addTask { await self.look(check) } }
          do { try await self.wishes.alarm.sleep(until: self.nextDue, on: self.timeline) } catch { break }
        }
        group.cancelAll()
      }
    }
  }

  private func grant(_ wishes: [Wish]) {
    entries.withLock { entries in
      for wish in wishes { entries[wish.check]?.wished.append(wish.at) }
    }
  }

  private var nextDue: Timestamp? { entries.withLock { $0.values.map(\.next).min() } }

  private func takeDue() -> [Check] {
    let now = timeline.now()
    return entries.withLock { entries in
      var due: [Check] = []
      for (id, entry) in entries where entry.next <= now {
        entries[id]?.due = now + entry.check.interval
        if entry.isRunning {
          effort.update { $0.skipped[id, default: 0] += 1 }
        } else {
          entries[id]?.isRunning = true
          entries[id]?.wished.removeAll { $0 <= now }
          due.append(entry.check)
        }
      }
      return due
    }
  }

  private func look(_ check: Check) async {
    let startedAt = timeline.now()
    let sight = await check.look()
    let endedAt = timeline.now()
    let rest = rest(after: endedAt - startedAt, of: check)
    reschedule(check, endedAt: endedAt, rest: rest)
    guard !Task.isCancelled else { return }
    emit(Observation(check, interval: max(check.interval, rest), startedAt: startedAt, endedAt: endedAt, sight: sight))
  }

  /// How long a costly check must pause for Odoo's workers to have their time; at most an hour.
  private func rest(after took: Duration, of check: Check) -> Duration {
    guard check.cost == .costly else { return .zero }
    effort.update { $0.workerSeconds += took.inSeconds }
    return min(.seconds(took.inSeconds / costlyShare), .seconds(3600))
  }

  private func reschedule(_ check: Check, endedAt: Timestamp, rest: Duration) {
    entries.withLock { entries in
      guard let due = entries[check.id]?.due else { return }
      entries[check.id]?.isRunning = false
      entries[check.id]?.due = max(due, endedAt + rest)
    }
    wishes.alarm.ring()
  }
}

extension Observation {
  init(_ check: Check, interval: Duration, startedAt: Timestamp, endedAt: Timestamp, sight: Sight) {
    self.init(
      check: check.id, component: check.component, database: check.database, interval: interval,
      lifetime: interval * 3 + check.timeout * 2, budget: check.budget, cost: check.cost, startedAt: startedAt, endedAt: endedAt,
      sight: sight)
  }
}
