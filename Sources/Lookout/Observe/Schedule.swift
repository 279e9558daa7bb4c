import Synchronization

/// Takes each check's looks when they fall due, and sooner when wished for. A check has one look under way at most, and so have all costly
/// ones of one Odoo together, which are taken only as often as their answers leave Odoo's workers their time.
final class Schedule: Sendable {
  private let state: Mutex<ScheduleParts>
  private let timeline: Timeline
  private let wishes: Wishlist
  private let effort: Board<Effort>
  private let tell: Tell
  private let heartbeat: Heartbeat?
  /// When its loop is to go round again at the latest; nil while there is nothing to wait for.
  let nextTurn = Board<Timestamp?>(nil)

  /// What looking has cost and missed so far.
  struct Effort: Sendable {
    /// Looks that fell due while the one before was still under way.
    var skipped: [CheckID: UInt64] = [:]
    /// Seconds that costly looks have held a worker, by target.
    var workerSeconds: [String: Double] = [:]
    /// How late looks have begun, in all; without those that waited for a slot.
    var lagSeconds = 0.0
    var looks: UInt64 = 0
  }

  init(
    wishes: Wishlist, effort: Board<Effort>, timeline: Timeline, spread: Duration = .milliseconds(50),
    heartbeat: Heartbeat? = nil, tell: @escaping Tell
  ) {
    self.timeline = timeline
    self.wishes = wishes
    self.effort = effort
    self.tell = tell
    self.heartbeat = heartbeat
    state = Mutex(ScheduleParts(spread: spread))
    heartbeat?.wake(by: wishes.alarm.ring)
  }

  /// Takes `checks` for those of that watch from now on. What is under way for one that is gone or new is not told any more.
  func change(_ watch: String, to checks: [Check], after offset: Duration = .zero) {
    let now = timeline.now() + offset
    state.withLock { $0.change(watch, to: checks, at: now) }
    wishes.alarm.ring()
  }

  /// Until the task is cancelled.
  func run() async {
    await withDiscardingTaskGroup { group in
      while !Task.isCancelled {
        heartbeat?.beat()
        let now = timeline.now()
        let (due, skipped, next) = state.withLock { state in
          for wish in wishes.take() { state.grant(wish, at: now) }
          let taken = state.takeDue(at: now)
          return (taken.due, taken.skipped, state.nextDue)
        }
        note(due.map(\.look), skipped: skipped, at: now)
        for look in due { group.addTask { await self.take(look) } }
        nextTurn.post(next)
        do { try await wishes.alarm.sleep(until: next, on: timeline) } catch { break }
      }
      group.cancelAll()
    }
  }

  private func note(_ due: [ScheduledLook], skipped: [CheckID], at now: Timestamp) {
    guard !due.isEmpty || !skipped.isEmpty else { return }
    effort.update { effort in
      for check in skipped { effort.skipped[check, default: 0] += 1 }
      for look in due {
        effort.looks += 1
        effort.lagSeconds += max(0, (now - look.wasDue).inSeconds)
      }
    }
  }

  private func take(_ granted: ScheduleParts.Granted) async {
    let look = granted.look
    let startedAt = timeline.now()
    let sight = await look.check.look()
    let endedAt = timeline.now()
    if !look.check.cost.isCheap { effort.update { $0.workerSeconds[look.check.id.target, default: 0] += (endedAt - startedAt).inSeconds } }
    let interval = state.withLock { $0.end(granted, startedAt: startedAt, endedAt: endedAt, by: sight) }
    wishes.alarm.ring()
    guard !Task.isCancelled, let interval else { return }
    tell(.observation(Observation(look.check, interval: interval, startedAt: startedAt, endedAt: endedAt, sight: sight)))
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
