import OdooLog

/// The counts of Odoo's log as samples.
enum LogSamples {
  static func all(_ statistics: LogStatistics, isUnreadable: Bool) -> [MetricSample] {
    var samples = [
      Metric.logUnreadable.sample([:], isUnreadable ? 1 : 0),
      Metric.logErrors.sample([:], Double(statistics.errors)),
      Metric.logLines.sample([:], Double(statistics.lines)),
      Metric.logBytes.sample([:], Double(statistics.bytes)),
    ]
    let odd = [
      (OddLine.stray, statistics.strayLines), (.truncated, statistics.truncatedLines),
      (.unparsedAccess, statistics.unparsedAccessLines), (.unparsedRecord, statistics.unparsedRecords),
    ]
    samples += odd.map { Metric.logOddLines.sample(["kind": $0.0.rawValue], Double($0.1)) }
    // Those that did not happen too: a counter that is born at 1 has not increased.
    samples += statistics.signs.map { Metric.logEvents.sample(["event": $0.key.rawValue], Double($0.value)) }
    samples += statistics.records.map { key, count in
      Metric.logRecords.sample(["level": "\(key.level)", "logger": key.logger], Double(count))
    }
    for (route, one) in statistics.routes { samples += route.isEmpty ? [] : self.route(route, one) }
    return samples
  }

  static func all(_ progress: LogReader.Progress, at now: Timestamp) -> [MetricSample] {
    let log = progress.log
    let states = log.errorStates(at: now.milliseconds)
    var samples = all(log.statistics, isUnreadable: progress.unreadable != nil)
    samples.append(Metric.logLosses.sample([:], Double(progress.losses.count)))
    samples.append(Metric.logLostBytes.sample([:], Double(progress.losses.bytes)))
    if let patterns = progress.patterns {
      samples += patterns.samples
      samples.append(Metric.logPatternFailures.sample([:], Double(patterns.failures)))
    }
    for kind in ErrorKind.allCases {
      samples += ErrorStanding.State.allCases.map { state in
        Metric.logErrorGroups.sample(["kind": kind.rawValue, "state": state.rawValue], Double(states[kind]?[state] ?? 0))
      }
    }
    samples.append(Metric.logNewErrors.sample([:], Double(log.errorNewsCount)))
    return samples + log.secrets.map { Metric.logSecrets.sample(["kind": $0.kind.rawValue], Double($0.count)) }
  }

  private static func route(_ route: String, _ statistics: RouteStatistics) -> [MetricSample] {
    var samples = statistics.outcomes.map { outcome in
      Metric.requests.sample(
        ["route": route, "method": "\(outcome.method)", "status": String(outcome.status)], Double(outcome.requests))
    }
    samples.append(Metric.requestSQL.sample(["route": route], statistics.sql))
    samples.append(Metric.requestQueries.sample(["route": route], Double(statistics.queries)))
    return samples + histogram(route, statistics.durations)
  }

  private static func histogram(_ route: String, _ durations: DurationHistogram) -> [MetricSample] {
    var total: UInt64 = 0
    // As a float also where it is whole, for that is how OpenMetrics has it and Prometheus 3 writes it.
    let bounds = DurationHistogram.bounds.map { "\($0)" } + ["+Inf"]
    var samples = zip(bounds, durations.counts).map { bound, count in
      total += count
      return MetricSample(metric: .requestDuration, suffix: "_bucket", labels: ["route": route, "le": bound], value: Double(total))
    }
    samples.append(MetricSample(metric: .requestDuration, suffix: "_sum", labels: ["route": route], value: durations.sum))
    samples.append(MetricSample(metric: .requestDuration, suffix: "_count", labels: ["route": route], value: Double(total)))
    return samples
  }
}
