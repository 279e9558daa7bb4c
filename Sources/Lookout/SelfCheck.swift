/// The agent's look at itself: what it uses, what it missed, and what it cannot do.
struct SelfCheck: Sendable {
  let target: String
  let startedAt: Timestamp
  let store: SeriesStore
  let boards: Pipeline.Boards
  let effort: Board<Schedule.Effort>
  let reloads: Board<Reloading.Status>
  let state: StateDirectory
  let notifier: Notifier
  let timeline: Timeline
  let heartbeats: Heartbeats
  let requests: RequestCounts

  /// A message that waits longer is a trouble of its own.
  static let longestWait = Duration.seconds(300)

  func check(every interval: Duration) -> Check {
    Check(id: CheckID(target: target, check: "agent"), component: .agent, interval: interval) { await look() }
  }

  private func look() async -> Sight {
    let notified = await notifier.counters
    let now = timeline.now()
    let unobserved = Unobserved.checks(of: boards.checks.latest, findings: boards.findings.latest, at: now)
    return Sight(
      seen: .agent(AgentSight(troubles: troubles(notified, unobserved, at: now))),
      samples: samples(notified, at: now) + [Metric.checksUnobserved.sample([:], Double(unobserved.count))])
  }

  /// Loops that make no progress.
  func stuck() -> [String] {
    heartbeats.stuck(at: timeline.now())
  }

  /// Troubles that stay until somebody does something.
  func standingTroubles() -> [String] {
    boards.counts.latest.troubles + reloads.latest.troubles + (state.trouble.map { [$0] } ?? [])
  }

  private func troubles(_ notified: Notifier.Counters, _ unobserved: [CheckID], at now: Timestamp) -> [String] {
    var troubles = standingTroubles()
    if !unobserved.isEmpty { troubles.append("nobody has looked for too long at \(Unobserved.inShort(unobserved))") }
    if let oldest = notified.oldestPendingSince, now - oldest > Self.longestWait {
      troubles.append("a message has been waiting for \((now - oldest).inSeconds.formatted()) s to be delivered")
    }
    if notified.isFileBehind { troubles.append("the state database cannot be written: a restart would forget what was told") }
    if store.dropped > 0 { troubles.append("the store is full: \(store.dropped) samples were left out") }
    return troubles
  }
}
