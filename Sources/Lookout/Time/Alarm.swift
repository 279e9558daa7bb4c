import Synchronization

/// What a loop sleeps by: until a moment, or until somebody rings. A ring that comes while nobody sleeps is kept for the next sleep.
///
/// A ring leaves the timer as it is: most loops are rung often and fall asleep until the same moment again.
final class Alarm: Sendable {
  fileprivate struct State {
    var hasRung = false
    var sleeper: CheckedContinuation<Void, Never>?
    var timer: (moment: Timestamp, task: Task<Void, Never>)?
  }

  private let state = Mutex(State())

  deinit {
    state.withLock { $0.timer?.task.cancel() }
  }

  func ring() {
    let sleeper = state.withLock { $0.ring() }
    sleeper?.resume()
  }

  /// For one sleeper at a time. Throws `CancellationError` when the task is cancelled.
  func sleep(until moment: Timestamp?, on timeline: Timeline) async throws {
    try Task.checkCancellation()
    setTimer(moment, timeline)
    await waitForRing()
    guard Task.isCancelled else { return }
    setTimer(nil, timeline)
    throw CancellationError()
  }

  private func setTimer(_ moment: Timestamp?, _ timeline: Timeline) {
    state.withLock { state in
      guard state.timer?.moment != moment else { return }
      state.timer?.task.cancel()
      state.timer = moment.map { moment in
        let task = Task { [weak self] in
          guard (try? await timeline.sleep(moment)) != nil else { return }
          self?.expire(moment)
        }
        return (moment, task)
      }
    }
  }

  private func expire(_ moment: Timestamp) {
    let sleeper: CheckedContinuation<Void, Never>? = state.withLock { state in
      // A later sleep goes by another timer.
      guard state.timer?.moment == moment else { return nil }
      state.timer = nil
      return state.ring()
    }
    sleeper?.resume()
  }

  private func waitForRing() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          if state.hasRung || Task.isCancelled {
            state.hasRung = false
            return true
          }
          state.sleeper = continuation
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      let sleeper = state.withLock { state in
        defer { state.sleeper = nil }
        return state.sleeper
      }
      sleeper?.resume()
    }
  }
}

extension Alarm.State {
  /// Returns whom to wake.
  fileprivate mutating func ring() -> CheckedContinuation<Void, Never>? {
    defer { sleeper = nil }
    if sleeper == nil { hasRung = true }
    return sleeper
  }
}
