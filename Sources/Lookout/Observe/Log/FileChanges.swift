import Glibc

/// Tells when something was written to a file, or when its name leads to another one (inotify(7)). Where the kernel cannot tell, on a network
/// file system say, time alone does.
actor FileChanges {
  private let path: String
  private let loop: EventLoop
  private var descriptor: Int32 = -1

  /// Looking costs a few system calls: no more often than this while changes come without a pause.
  static let pause = Duration.milliseconds(20)
  /// Without a word from the kernel.
  static let longestWait = Duration.seconds(1)
  static let blindWait = Duration.milliseconds(250)

  private static let ofFile = UInt32(IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF | IN_DELETE_SELF)
  private static let ofFolder = UInt32(IN_CREATE | IN_MOVED_TO | IN_DELETE)

  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  init(of path: String, loop: EventLoop) {
    self.path = path
    self.loop = loop
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Returns when something has changed since the last call, at the latest after `limit`; whether the kernel told so.
  @discardableResult
  func wait(atMost limit: Duration) async -> Bool {
    let start = ContinuousClock.now
    let canTell = arm()
    let deadline = start + min(limit, canTell ? Self.longestWait : Self.blindWait)
    let isTold = canTell ? await loop.wait(for: descriptor, .reading, until: deadline) : false
    if isTold { drain() } else if !canTell { try? await Task.sleep(until: deadline) }
    try? await Task.sleep(until: start + min(limit, Self.pause))
    return isTold
  }

  /// Watches what the name leads to now; a second watch of the same file is none (inotify_add_watch(2)).
  private func arm() -> Bool {
    if descriptor < 0 { descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC)) }
    guard descriptor >= 0 else { return false }
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let watchesFolder = inotify_add_watch(descriptor, folder, Self.ofFolder) >= 0
    return inotify_add_watch(descriptor, path, Self.ofFile) >= 0 || watchesFolder
  }

  private func drain() {
    var events = [UInt8](repeating: 0, count: 16 << 10)
    while read(descriptor, &events, events.count) > 0 {}
  }
}
