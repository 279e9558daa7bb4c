import Synchronization

/// Wishes on their way from the diagnosis to the schedule, and the alarm that the schedule sleeps by.
final class Wishlist: Sendable {
  let alarm = Alarm()
  private let wishes = Mutex<[Wish]>([])

  func post(_ new: [Wish]) {
    guard !new.isEmpty else { return }
    wishes.withLock { $0 += new }
    if new.contains(where: \.isUrgent) { alarm.ring() }
  }

  func take() -> [Wish] {
    wishes.withLock { wishes in
      defer { wishes = [] }
      return wishes
    }
  }
}
