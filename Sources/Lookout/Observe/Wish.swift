/// What the diagnosis asks of the schedule.
struct Wish: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    /// "Look at this check at that moment, whatever its interval."
    case look(Haste)
    /// "Until that moment users' own requests say how it stands."
    case spare
    /// "The request that was given up has ended, after so long: its worker is free again."
    case release(took: Duration)
  }

  /// What a costly look need not wait for.
  enum Haste: Comparable, Sendable {
    case none
    /// The rest of Odoo's workers: failures are rare, and what failed was no work.
    case unrested
    /// A request that was given up either: the cause of its failure has gone, and so has the request, or it will end now.
    case unconditional
  }

  /// Whether the schedule is to wake for it; what only puts a look off can wait until it wakes by itself.
  var isUrgent: Bool { kind != .spare }

  let check: CheckID
  let at: Timestamp
  var kind = Kind.look(.none)
}
