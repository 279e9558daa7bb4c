/// What the diagnosis asks of the schedule.
struct Wish: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    /// "Look at this check at that moment, whatever its interval."
    case look
    /// "The cause of its failure has gone: look, though Odoo's workers have not had their rest."
    case recheck
    /// "Until that moment users' own requests say how it stands."
    case spare
    /// "The request that was given up has ended, after so long: its worker is free again."
    case release(took: Duration)
  }

  let check: CheckID
  let at: Timestamp
  var kind = Kind.look
}
