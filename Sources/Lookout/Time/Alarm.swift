import Synchronization

/// What a loop sleeps by: until a moment, or until somebody rings. A ring that comes while nobody sleeps is kept for the next sleep.
final class Alarm: Sendable {
  private struct State {
    var hasRung = false
    var sleeper: CheckedContinuation<Void, Never>?
  }

  private let state = Mutex(State())

  func ring() {
    let sleeper = state.withLock { state in
      defer { state.sleeper = nil }
      if state.sleeper == nil { state.hasRung = true }
      return state.sleeper
    }
    sleeper?.resume()
  }

  /// For one sleeper at a time. Throws `CancellationError` when the task is cancelled.
  func sleep(until moment: Timestamp?, on timeline: Timeline) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      if let moment { group.addTask { try await timeline.sleep(moment) } }
      group.addTask { await self.waitForRing() }
      defer { group.cancelAll() }
      _ = try await group.next()
    }
    try Task.checkCancellation()
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
