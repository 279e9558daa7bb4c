import OdooLog

/// Finds in the counts of Odoo's log what an operator has done since they were last looked at.
struct OperationsSeen {
  private var counts: [LogSign: UInt64]?
  private var diedAt: Timestamp?

  /// An Odoo without workers that reached a limit stops in an orderly way too, to start anew; nobody has told it to.
  private static let deathExplains = Duration.seconds(30)
  private static let signs: [(LogSign, Operation)] = [(.stopped, .stop), (.started, .start), (.moduleChanged, .moduleChange)]

  mutating func take(_ statistics: LogStatistics, at now: Timestamp) -> [Operation] {
    let counts = statistics.signs
    defer { self.counts = counts }
    guard let before = self.counts, counts != before else { return [] }
    let seen = Set(counts.filter { $0.value > before[$0.key] ?? 0 }.keys)
    if seen.contains(where: \.isDeath) { diedAt = now }
    let hasDied = diedAt.map { now - $0 < Self.deathExplains } ?? false
    return Self.signs.filter { seen.contains($0.0) && !($0.1 == .stop && hasDied) }.map(\.1)
  }
}
