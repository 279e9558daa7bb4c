/// "Look at this check at that moment, whatever its interval": what the diagnosis asks of the schedule.
struct Wish: Hashable, Sendable {
  let check: CheckID
  let at: Timestamp
}
