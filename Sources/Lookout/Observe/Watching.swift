import ServiceLifecycle
import Synchronization

/// Runs the schedule and the followers of all watches, and exchanges watches while it runs.
final class Watching: Service {
  let schedule: Schedule
  private let timeline: Timeline
  private let tell: Tell
  private let wanted = Mutex(Wanted())
  private let alarm = Alarm()

  private struct Wanted {
    var watches: [String: Watch] = [:]
    /// Targets whose followers are to be started, ended or exchanged.
    var changed: Set<String> = []
  }

  /// The followers of a watch that run: rung, they end; it rings when they have.
  private struct Running {
    let order = Alarm()
    let ended = Alarm()
  }

  init(schedule: Schedule, timeline: Timeline, tell: @escaping Tell) {
    self.schedule = schedule
    self.timeline = timeline
    self.tell = tell
  }

  /// Begins with a watch, or puts it in the place of the one of the same target.
  func begin(_ watch: Watch) {
    schedule.change(watch.name, to: watch.checks, after: watch.offset)
    change(watch.name, to: watch)
  }

  func end(_ target: String) {
    schedule.change(target, to: [])
    change(target, to: nil)
  }

  private func change(_ target: String, to watch: Watch?) {
    wanted.withLock { wanted in
      wanted.watches[target] = watch
      wanted.changed.insert(target)
    }
    alarm.ring()
  }

  func run() async throws {
    await cancelWhenGracefulShutdown {
      await withDiscardingTaskGroup { group in
        group.addTask { await self.schedule.run() }
        var running: [String: Running] = [:]
        while !Task.isCancelled {
          for (target, watch) in self.takeChanges() {
            await self.stop(running.removeValue(forKey: target))
            guard let watch else { continue }
            let started = Running()
            running[target] = started
            group.addTask { await self.follow(watch, started) }
          }
          do { try await self.alarm.sleep(until: nil, on: self.timeline) } catch { break }
        }
        group.cancelAll()
      }
    }
  }

  private func takeChanges() -> [(String, Watch?)] {
    wanted.withLock { wanted in
      defer { wanted.changed = [] }
      return wanted.changed.sorted().map { ($0, wanted.watches[$0]) }
    }
  }

  /// Until they have ended: their successors go on where they left off.
  private func stop(_ running: Running?) async {
    guard let running else { return }
    running.order.ring()
    try? await running.ended.sleep(until: nil, on: timeline)
  }

  private func follow(_ watch: Watch, _ running: Running) async {
    await withTaskGroup(of: Void.self) { group in
      for follower in watch.followers { group.addTask { await follower.follow(telling: self.tell) } }
      group.addTask { try? await running.order.sleep(until: nil, on: self.timeline) }
      // A follower ends only when it is cancelled, so that the first to end is the order.
      if watch.followers.isEmpty { await group.waitForAll() } else { await group.next() }
      group.cancelAll()
    }
    running.ended.ring()
  }
}
