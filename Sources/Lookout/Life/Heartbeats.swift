import ServiceLifecycle
import Synchronization

/// The sign of life of one loop, which leaves it each time that it goes round.
final class Heartbeat: Sendable {
  /// The loop's name, for people.
  let loop: String
  private let state = Mutex(State())
  private let onFirstBeat: @Sendable () -> Void

  private struct State {
    var wake: (@Sendable () -> Void)?
    /// Since when an answer is waited for.
    var askedAt: Timestamp?
    var hasBeaten = false
  }

  fileprivate init(_ loop: String, onFirstBeat: @escaping @Sendable () -> Void) {
    (self.loop, self.onFirstBeat) = (loop, onFirstBeat)
  }

  /// For the loop, at the beginning of each round: what it hangs in later is what it was not asked about.
  func beat() {
    let isFirst = state.withLock { state in
      defer { (state.askedAt, state.hasBeaten) = (nil, true) }
      return !state.hasBeaten
    }
    if isFirst { onFirstBeat() }
  }

  /// Says how the loop, which may be asleep for long, is made to go round.
  func wake(by wake: @escaping @Sendable () -> Void) {
    state.withLock { $0.wake = wake }
    wake()
  }

  fileprivate func ask(at now: Timestamp) {
    let wake = state.withLock { state in
      state.askedAt = state.askedAt ?? now
      return state.wake
    }
    wake?()
  }

  fileprivate var hasBeaten: Bool { state.withLock(\.hasBeaten) }

  fileprivate func silence(at now: Timestamp) -> Duration { state.withLock { $0.askedAt.map { now - $0 } ?? .zero } }
}

/// Whether every loop of the agent makes progress. Each is asked for a sign from time to time, which it can only give by going round; so
/// loops may sleep as long as they like. What `/livez` says and what feeds the service manager's watchdog.
final class Heartbeats: Service {
  private let timeline: Timeline
  private let all = Mutex<[Heartbeat]>([])
  /// Rings when the last of the expected loops has gone round for the first time.
  let areComplete = Alarm()

  static let askEvery = Duration.seconds(15)
  /// A loop that gives no sign for so long does not get on any more. A disk may well take half of that for one write.
  static let patience = Duration.seconds(60)

  init(timeline: Timeline) {
    self.timeline = timeline
  }

  /// One more loop that there is to be.
  func expect(_ loop: String) -> Heartbeat {
    let heartbeat = Heartbeat(loop) { [weak self] in self?.ringIfComplete() }
    all.withLock { $0.append(heartbeat) }
    return heartbeat
  }

  var haveAllBeaten: Bool { all.withLock { $0 }.allSatisfy(\.hasBeaten) }

  /// One sentence a loop that makes no progress.
  func stuck(at now: Timestamp) -> [String] {
    all.withLock { $0 }.compactMap { heartbeat in
      let silence = heartbeat.silence(at: now)
      return silence > Self.patience ? "\(heartbeat.loop) has not gone round for \(silence.inSeconds.formatted()) s" : nil
    }
  }

  /// Asks each loop, but those that still owe an answer.
  func ask(at now: Timestamp) {
    for heartbeat in all.withLock({ $0 }) { heartbeat.ask(at: now) }
  }

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        let now = self.timeline.now()
        self.ask(at: now)
        try? await self.timeline.sleep(now + Self.askEvery)
      }
    }
  }

  private func ringIfComplete() {
    if haveAllBeaten { areComplete.ring() }
  }
}
