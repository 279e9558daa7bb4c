/// The figures of the agent about itself.
extension SelfCheck {
  func samples(_ notified: Notifier.Counters, at now: Timestamp) -> [MetricSample] {
    Self.process(SelfUsage.now(), startedAt: startedAt) + checks(effort.latest) + rules(boards.counts.latest) + series()
      + configuration(reloads.latest) + notifications(notified, at: now) + pages()
  }

  private static func process(_ usage: SelfUsage, startedAt: Timestamp) -> [MetricSample] {
    let known: [(Metric, Double?)] = [
      (.residentMemory, usage.residentBytes), (.virtualMemory, usage.virtualBytes), (.threads, usage.threads),
      (.openDescriptors, usage.openDescriptors), (.maximumDescriptors, usage.maximumDescriptors),
    ]
    return [
      Metric.buildInfo.sample(["version": Version.number], 1), Metric.cpuSeconds.sample([:], usage.cpuSeconds),
      Metric.startTime.sample([:], startedAt.seconds),
    ] + known.compactMap { metric, value in value.map { metric.sample([:], $0) } }
  }

  private func checks(_ effort: Schedule.Effort) -> [MetricSample] {
    [
      Metric.checksSkipped.sample([:], Double(effort.skipped.values.reduce(0, +))),
      Metric.checkLag.sample([:], effort.lagSeconds),
      Metric.looks.sample([:], Double(effort.looks)),
    ] + effort.workerSeconds.map { Metric.workerSeconds.sample(["target": $0.key], $0.value) }
  }

  private func rules(_ counts: Pipeline.Counts) -> [MetricSample] {
    let alerts = boards.alerts.latest.map(\.alert)
    let turned = counts.turnedAt.map { [Metric.lastTurn.sample([:], $0.seconds)] } ?? []
    return turned + [
      Metric.noticesWaiting.sample([:], Double(boards.waiting.latest)),
      Metric.ruleEvaluations.sample([:], Double(counts.evaluations)),
      Metric.ruleFailures.sample([:], Double(counts.failures)),
      Metric.alertsActive.sample(["state": "pending"], Double(alerts.count { $0.state == .pending })),
      Metric.alertsActive.sample(["state": "firing"], Double(alerts.count { $0.state == .firing })),
    ]
      + counts.groups.flatMap { name, effort in
        [
          Metric.groupDuration.sample(["rule_group": name], effort.latest.inSeconds),
          Metric.groupSeconds.sample(["rule_group": name], effort.total.inSeconds),
          Metric.groupTime.sample(["rule_group": name], effort.evaluatedAt.seconds),
        ]
      }
  }

  private func series() -> [MetricSample] {
    [Metric.liveSeries.sample([:], Double(store.live().count)), Metric.seriesDropped.sample([:], Double(store.dropped))]
  }

  private func configuration(_ status: Reloading.Status) -> [MetricSample] {
    [
      Metric.reloadSuccessful.sample([:], status.problem == nil ? 1 : 0),
      Metric.blackboxReload.sample([:], status.problem == nil ? 1 : 0), Metric.reloadTime.sample([:], status.loadedAt.seconds),
      Metric.configurationHash.sample([:], status.fileHash),
    ]
  }

  private func notifications(_ counters: Notifier.Counters, at now: Timestamp) -> [MetricSample] {
    counters.deliveries.flatMap { name, deliveries in
      [
        Metric.notificationsSent.sample(["receiver": name], Double(deliveries.sent)),
        Metric.notificationsFailed.sample(["receiver": name], Double(deliveries.failed)),
        Metric.notificationsDropped.sample(["receiver": name], Double(deliveries.dropped)),
        Metric.notificationSeconds.sample(["receiver": name], deliveries.took.inSeconds),
      ]
    } + [
      Metric.outboxPending.sample([:], Double(counters.pending)),
      Metric.outboxOldest.sample([:], counters.oldestPendingSince.map { (now - $0).inSeconds } ?? 0),
      Metric.stateWriteFailures.sample([:], Double(counters.stateWriteFailures)),
    ]
  }

  private func pages() -> [MetricSample] {
    requests.latest.map { kind, count in Metric.pageRequests.sample(["path": kind.path, "code": "\(kind.status)"], Double(count)) }
  }
}
