import CProcess
import Glibc
import Synchronization

/// Tells when something was written to a file, or when its name leads to another one (inotify(7)). Where the kernel cannot tell, time alone
/// does; where it once said nothing of a change, on a network file system say, it is not relied on any more.
///
/// For one task at a time, on a thread that may block: a wait blocks it.
final class FileChanges: Sendable {
  private let path: String
  private let state = Mutex(State())
  /// Written to end a wait before its time.
  private let interrupt: Int32

  private struct State {
    /// inotify's; -1 where there is none.
    var descriptor: Int32 = -1
    /// As the name led to it when the latest wait ended.
    var seen: Stamp?
    var isDeaf = false
  }

  /// Looking costs a few system calls: no more often than this while changes come without a pause.
  static let pause = Duration.milliseconds(20)
  /// Without a word from the kernel.
  static let longestWait = Duration.seconds(5)
  static let blindWait = Duration.milliseconds(250)

  private static let ofFile = UInt32(IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF | IN_DELETE_SELF)
  private static let ofFolder = UInt32(IN_CREATE | IN_MOVED_TO | IN_DELETE)

  init(of path: String) {
    self.path = path
    interrupt = lookout_open_event()
  }

  deinit {
    let descriptor = state.withLock(\.descriptor)
    if descriptor >= 0 { close(descriptor) }
    if interrupt >= 0 { close(interrupt) }
  }

  /// Returns when something has changed since the last call, at the latest after `limit` or when the task is cancelled; whether the kernel
  /// told so.
  @discardableResult
  func wait(atMost limit: Duration) async -> Bool {
    await withTaskCancellationHandler {
      if Task.isCancelled { return false }
      return wait(min(limit, Self.longestWait), min(limit, Self.blindWait), min(limit, Self.pause))
    } onCancel: {
      var one: UInt64 = 1
      write(interrupt, &one, MemoryLayout.size(ofValue: one))
    }
  }

  private func wait(_ longest: Duration, _ blind: Duration, _ pause: Duration) -> Bool {
    let start = ContinuousClock.now
    let descriptor = arm()
    let isTold = sleep(descriptor, for: descriptor == nil ? blind : longest)
    if isTold, let descriptor { drain(descriptor) }
    noteSilence(isTold: isTold, descriptor)
    let rest = start + pause - .now
    if rest > .zero { _ = sleep(nil, for: rest) }
    return isTold
  }

  /// Watches what the name leads to now; a second watch of the same file is none (inotify_add_watch(2)). Nil where the kernel cannot tell.
  private func arm() -> Int32? {
    state.withLock { state in
      if state.descriptor < 0 { state.descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC)) }
      guard state.descriptor >= 0, !state.isDeaf else { return nil }
      let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
      let watchesFolder = inotify_add_watch(state.descriptor, folder, Self.ofFolder) >= 0
      return inotify_add_watch(state.descriptor, path, Self.ofFile) >= 0 || watchesFolder ? state.descriptor : nil
    }
  }

  /// Until the descriptor is readable, if there is one, the time is over or the wait is interrupted; whether the descriptor is.
  private func sleep(_ descriptor: Int32?, for span: Duration) -> Bool {
    // A negative descriptor is passed over (poll(2)).
    var waits = [pollfd(fd: descriptor ?? -1, events: Int16(POLLIN), revents: 0), pollfd(fd: interrupt, events: Int16(POLLIN), revents: 0)]
    return poll(&waits, 2, Int32(clamping: span.milliseconds + 1)) > 0 && waits[0].revents != 0
  }

  private func drain(_ descriptor: Int32) {
    var events = [UInt8](repeating: 0, count: 4 << 10)
    while read(descriptor, &events, events.count) > 0 {}
  }

  /// A file that has changed without a word says that the kernel does not see who writes it. (The word may have come since the wait ended.)
  private func noteSilence(isTold: Bool, _ descriptor: Int32?) {
    let now = Stamp(of: path)
    let isSilent = !isTold && descriptor != nil && !sleep(descriptor, for: .zero)
    state.withLock { state in
      if isSilent, let seen = state.seen, seen != now { state.isDeaf = true }
      state.seen = now
    }
  }
}

/// What tells one state of a file from another; nil where there is no file.
private struct Stamp: Equatable {
  let inode: UInt64
  let size: Int64

  init?(of path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    inode = UInt64(status.st_ino)
    size = Int64(status.st_size)
  }
}
