import CProcess
import Glibc
import Synchronization

/// Tells when something was written to one of several files, or when a name leads to another one (inotify(7)). Where the kernel cannot tell,
/// time alone does; where it once said nothing of a change, on a network file system say, it is not relied on any more.
///
/// For one task at a time, on a thread that may block: a wait blocks it.
final class FileChanges: Sendable {
  /// What to wait for.
  struct Sources: Sendable, Equatable {
    /// Files; of a pattern (glob(7)) its folder is watched.
    var paths: [String] = []
    /// What becomes readable, of pipes.
    var descriptors: [Int32] = []
  }

  private let usual: Sources
  private let state = Mutex(State())
  /// Written to end a wait before its time.
  private let interrupt: Int32

  private struct State {
    /// inotify's; -1 where there is none.
    var descriptor: Int32 = -1
    /// As the names led to them when the latest wait ended.
    var seen: [String: Stamp] = [:]
    var isDeaf = false
  }

  /// Looking costs a few system calls: no more often than this while changes come without a pause.
  static let pause = Duration.milliseconds(20)
  /// Without a word from the kernel.
  static let longestWait = Duration.seconds(5)
  static let blindWait = Duration.milliseconds(250)

  private static let ofFile = UInt32(IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF | IN_DELETE_SELF)
  private static let ofFolder = UInt32(IN_CREATE | IN_MOVED_TO | IN_DELETE)

  /// - Parameter path: what to wait for where a wait does not say.
  init(of path: String? = nil) {
    usual = Sources(paths: path.map { [$0] } ?? [])
    interrupt = lookout_open_event()
  }

  deinit {
    let descriptor = state.withLock(\.descriptor)
    if descriptor >= 0 { close(descriptor) }
    if interrupt >= 0 { close(interrupt) }
  }

  /// Returns when something has changed since the last call, at the latest after `limit` or when the task is cancelled; whether somebody
  /// told so.
  @discardableResult
  func wait(in sources: Sources? = nil, atMost limit: Duration) async -> Bool {
    let sources = sources ?? usual
    return await withTaskCancellationHandler {
      if Task.isCancelled { return false }
      return wait(sources, min(limit, Self.longestWait), min(limit, Self.blindWait), min(limit, Self.pause))
    } onCancel: {
      var one: UInt64 = 1
      write(interrupt, &one, MemoryLayout.size(ofValue: one))
    }
  }

  private func wait(_ sources: Sources, _ longest: Duration, _ blind: Duration, _ pause: Duration) -> Bool {
    let start = ContinuousClock.now
    let descriptor = arm(sources.paths)
    let isBlind = descriptor == nil && !sources.paths.isEmpty
    let isTold = sleep([descriptor].compactMap(\.self) + sources.descriptors, for: isBlind ? blind : longest)
    if isTold, let descriptor { drain(descriptor) }
    noteSilence(sources.paths, isTold: isTold, descriptor)
    let rest = start + pause - .now
    if rest > .zero { _ = sleep([], for: rest) }
    return isTold
  }

  /// Watches what the names lead to now; a second watch of the same file is none (inotify_add_watch(2)). Nil where the kernel cannot tell.
  private func arm(_ paths: [String]) -> Int32? {
    guard !paths.isEmpty else { return nil }
    return state.withLock { state in
      if state.descriptor < 0 { state.descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC)) }
      guard state.descriptor >= 0, !state.isDeaf else { return nil }
      let folders = Set(paths.map { path in path.lastIndex(of: "/").map { String(path[...$0]) } ?? "." })
      let watched = folders.filter { !$0.isPattern && inotify_add_watch(state.descriptor, $0, Self.ofFolder) >= 0 }
      let files = paths.filter { !$0.isPattern && inotify_add_watch(state.descriptor, $0, Self.ofFile) >= 0 }
      return watched.count == folders.count || files.count == paths.count ? state.descriptor : nil
    }
  }

  /// Until one of the descriptors is readable, the time is over or the wait is interrupted; whether one of them is.
  private func sleep(_ descriptors: [Int32], for span: Duration) -> Bool {
    var waits = (descriptors + [interrupt]).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    return poll(&waits, nfds_t(waits.count), Int32(clamping: span.milliseconds + 1)) > 0 && waits.dropLast().contains { $0.revents != 0 }
  }

  private func drain(_ descriptor: Int32) {
    var events = [UInt8](repeating: 0, count: 4 << 10)
    while read(descriptor, &events, events.count) > 0 {}
  }

  /// A file that has changed without a word says that the kernel does not see who writes it. (The word may have come since the wait ended.)
  private func noteSilence(_ paths: [String], isTold: Bool, _ descriptor: Int32?) {
    guard !paths.isEmpty else { return }
    let now = Dictionary(paths.compactMap { path in Stamp(of: path).map { (path, $0) } }) { first, _ in first }
    let isSilent = !isTold && descriptor.map { !sleep([$0], for: .zero) } == true
    state.withLock { state in
      if isSilent, state.seen.contains(where: { path, stamp in now[path].map { $0 != stamp } ?? false }) { state.isDeaf = true }
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
