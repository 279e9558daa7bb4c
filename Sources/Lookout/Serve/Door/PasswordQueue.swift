import Synchronization

/// Checks passwords one after another on a thread of its own: however many are tried, one core is free for everything else, and no address
/// can take all places in the queue.
final class PasswordQueue: Sendable {
  /// Those that wait or are being checked.
  struct Limits: Sendable {
    var inAll = 16
    var perAddress = 6
  }

  private let limits: Limits
  private let queue = BlockingQueue("passwords")
  private let waiting = Mutex<[[UInt8]: Int]>([:])

  init(_ limits: Limits = Limits()) {
    self.limits = limits
  }

  /// Nil when there was no place.
  func run(from address: IPAddress?, _ check: @escaping @Sendable () -> Bool) async -> Bool? {
    let key = address?.network ?? []
    // Behind a proxy everybody comes from this machine.
    guard enter(key, most: address?.isLoopback == true ? limits.inAll : limits.perAddress) else { return nil }
    defer { leave(key) }
    return await queue.run(check)
  }

  private func enter(_ key: [UInt8], most: Int) -> Bool {
    waiting.withLock { waiting in
      guard waiting.values.reduce(0, +) < limits.inAll, waiting[key, default: 0] < most else { return false }
      waiting[key, default: 0] += 1
      return true
    }
  }

  private func leave(_ key: [UInt8]) {
    waiting.withLock { waiting in
      let rest = waiting[key, default: 1] - 1
      waiting[key] = rest == 0 ? nil : rest
    }
  }
}
