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

  /// A message that waits longer is a trouble of its own.
  static let longestWait = Duration.seconds(300)
  /// A loop that has not gone round for so long does not get on any more; the tick alone moves it every 15 s.
  static let longestTurn = Duration.seconds(60)

  func check(every interval: Duration) -> Check {
    Check(id: CheckID(target: target, check: "agent"), component: .agent, interval: interval) { await look() }
  }

  private func look() async -> Sight {
    let notified = await notifier.counters
    let now = timeline.now()
    let unobserved = Unobserved.checks(of: boards.checks.latest, findings: boards.findings.latest, at: now)
    return Sight(
      seen: .agent(AgentSight(troubles: troubles(notified, unobserved, at: now))),
      samples: process + loops(boards.counts.latest, effort.latest) + configuration + notifications(notified, at: now)
        + [Metric.checksUnobserved.sample([:], Double(unobserved.count))])
  }

  /// Loops that make no progress.
  func stuck() -> [String] {
    let turned = boards.counts.latest.turnedAt ?? startedAt
    let since = timeline.now() - turned
    return since > Self.longestTurn ? ["the loop that judges and evaluates has not gone round for \(since.inSeconds.formatted()) s"] : []
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

  // MARK: - Samples

  private var process: [MetricSample] {
    var samples = [
      Metric.buildInfo.sample(["version": Version.number], 1),
      Metric.cpuSeconds.sample([:], SelfUsage.cpuSeconds),
      Metric.startTime.sample([:], startedAt.seconds),
    ]
    if let resident = SelfUsage.residentBytes { samples.append(Metric.residentMemory.sample([:], resident)) }
    return samples
  }

  private func loops(_ counts: Pipeline.Counts, _ effort: Schedule.Effort) -> [MetricSample] {
    let alerts = boards.alerts.latest
    return [
      Metric.liveSeries.sample([:], Double(store.live().count)),
      Metric.seriesDropped.sample([:], Double(store.dropped)),
      Metric.samplesRefused.sample([:], Double(store.refused)),
      Metric.ruleEvaluations.sample([:], Double(counts.evaluations)),
      Metric.ruleFailures.sample([:], Double(counts.failures)),
      Metric.alertsActive.sample(["state": "pending"], Double(alerts.count { $0.state == .pending })),
      Metric.alertsActive.sample(["state": "firing"], Double(alerts.count { $0.state == .firing })),
      Metric.checksSkipped.sample([:], Double(effort.skipped.values.reduce(0, +))),
      Metric.checkLag.sample([:], effort.lagSeconds),
      Metric.looks.sample([:], Double(effort.looks)),
    ] + effort.workerSeconds.map { Metric.workerSeconds.sample(["target": $0.key], $0.value) }
  }

  private var configuration: [MetricSample] {
    let status = reloads.latest
    return [
      Metric.reloadSuccessful.sample([:], status.problem == nil ? 1 : 0), Metric.reloadTime.sample([:], status.loadedAt.seconds),
    ]
  }

  private func notifications(_ counters: Notifier.Counters, at now: Timestamp) -> [MetricSample] {
    [
      Metric.notificationsSent.sample([:], Double(counters.notificationsSent)),
      Metric.notificationsFailed.sample([:], Double(counters.notificationsFailed)),
      Metric.notificationsDropped.sample([:], Double(counters.notificationsDropped)),
      Metric.outboxPending.sample([:], Double(counters.pending)),
      Metric.outboxOldest.sample([:], counters.oldestPendingSince.map { (now - $0).inSeconds } ?? 0),
      Metric.stateWriteFailures.sample([:], Double(counters.stateWriteFailures)),
    ]
  }
}
