import Logging
import ServiceLifecycle
import Synchronization

/// Tells the service manager how the agent stands: that it is ready, is reloading or stops, in one line what it sees, and, while every loop
/// makes progress, that it lives.
final class Announcer: Service {
  private let manager: ServiceManager
  private let heartbeats: Heartbeats
  private let timeline: Timeline
  private let headline: @Sendable () -> String
  private let monotonic: @Sendable () -> UInt64
  private let logger: Logger
  private let state = Mutex(State())

  private struct State {
    var isReady = false
    /// Under way now.
    var reloads = 0
    var toldStatus: String?
    var fedAt: Timestamp?
  }

  /// How often the line is looked at.
  static let lookEvery = Duration.seconds(5)

  /// - Parameters:
  ///   - headline: one line for people.
  ///   - monotonic: CLOCK_MONOTONIC in microseconds.
  init(
    to manager: ServiceManager, heartbeats: Heartbeats, timeline: Timeline, logger: Logger, headline: @escaping @Sendable () -> String,
    monotonic: @escaping @Sendable () -> UInt64 = ServiceManager.monotonicMicroseconds
  ) {
    (self.manager, self.heartbeats, self.timeline, self.logger) = (manager, heartbeats, timeline, logger)
    (self.headline, self.monotonic) = (headline, monotonic)
  }

  func run() async throws {
    if let trouble = manager.trouble { logger.warning("\(trouble)") }
    guard manager.wantsNotices else {
      try? await gracefulShutdown()
      return
    }
    await cancelWhenGracefulShutdown {
      // A loop goes round once what it works on has been read, and the server's when connections are taken.
      while !Task.isCancelled, !self.heartbeats.haveAllBeaten {
        try? await self.heartbeats.areComplete.sleep(until: nil, on: self.timeline)
      }
      while !Task.isCancelled {
        let next = self.announce(at: self.timeline.now())
        try? await self.timeline.sleep(next)
      }
    }
    manager.tell(.stopping)
  }

  /// Says what has changed; returns when to look again.
  private func announce(at now: Timestamp) -> Timestamp {
    let line = headline()
    return state.withLock { state in
      if !state.isReady {
        state.isReady = manager.tell(.ready, .status(line))
        if state.isReady { state.toldStatus = line }
      } else if state.toldStatus != line, manager.tell(.status(line)) {
        state.toldStatus = line
      }
      return feed(&state, at: now)
    }
  }

  /// At half of the time that the watchdog waits; where a loop hangs, as soon as it goes on.
  private func feed(_ state: inout State, at now: Timestamp) -> Timestamp {
    guard let watchdog = manager.watchdog else { return now + Self.lookEvery }
    let lookAgain = now + min(Self.lookEvery, watchdog / 4)
    if state.fedAt.map({ now - $0 >= watchdog / 2 }) ?? true {
      guard heartbeats.stuck(at: now).isEmpty, manager.tell(.alive) else { return lookAgain }
      state.fedAt = now
    }
    return min(lookAgain, (state.fedAt ?? now) + watchdog / 2)
  }

  /// Before the configuration is read again.
  func beginReload() {
    state.withLock { state in
      state.reloads += 1
      if state.isReady, state.reloads == 1 { manager.tell(.reloading(monotonic())) }
    }
  }

  /// After that, whatever came of it.
  func endReload() {
    state.withLock { state in
      state.reloads -= 1
      if state.isReady, state.reloads == 0 { state.isReady = manager.tell(.ready) }
    }
  }
}
