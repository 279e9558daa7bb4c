/// What the costly looks at one Odoo share: one at a time, and together no more of its workers' time than their share.
struct WorkerSlot: Sendable, Hashable {
  /// The Odoo's address.
  let odoo: String
  /// Seconds of its workers that a second of wall time may cost: share × workers.
  let share: Double
  /// How long a request that was given up may hold its worker: Odoo's `limit_time_real`.
  let longestRequest: Duration

  /// How long the slot rests after a look that held a worker for so long; at most an hour.
  func rest(after took: Duration) -> Duration { min(.seconds(took.inSeconds / share), .seconds(3600)) }
}
