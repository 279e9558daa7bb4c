import Synchronization

/// The latest of something, for those who only read.
final class Board<Value: Sendable>: Sendable {
  private let value: Mutex<Value>

  init(_ value: Value) {
    self.value = Mutex(value)
  }

  var latest: Value { value.withLock { $0 } }

  func post(_ new: Value) { value.withLock { $0 = new } }
  func update(_ change: (inout Value) -> Void) { value.withLock { change(&$0) } }
}
