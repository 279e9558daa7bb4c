/// Somebody's word that alerts with certain labels are not to be told for a while.
struct Silence: Sendable, Equatable {
  enum State: String, Sendable {
    case pending, active, expired
  }

  let id: String
  var matchers: [Matcher]
  var startsAt: Timestamp
  var endsAt: Timestamp
  var updatedAt: Timestamp
  var author: String
  var comment: String
  var annotations: [String: String] = [:]

  func state(at now: Timestamp) -> State {
    now < startsAt ? .pending : now < endsAt ? .active : .expired
  }
}
