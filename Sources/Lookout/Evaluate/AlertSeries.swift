import PromQL

/// The series that alerts are, as Prometheus writes them: rules may read them.
enum AlertSeries {
  /// 1 while the alert is pending or firing, which `alertstate` says.
  static let alerts = "ALERTS"
  /// Since when the expression has held, in seconds since 1970: what a restart takes the alert up from.
  static let forState = "ALERTS_FOR_STATE"

  static func samples(of active: [TrackedAlert]) -> [RecordedSample] {
    active.flatMap { tracked in
      let alert = tracked.alert
      let pairs = alert.labels.map { (name: $0.key, value: $0.value) }
      let state = Labels(pairs + [(Labels.metricName, alerts), ("alertstate", alert.state.rawValue)])
      return [
        RecordedSample(labels: state, value: 1),
        // Whole seconds, as Prometheus has them.
        RecordedSample(labels: labels(ofState: alert), value: (alert.activeAt.seconds).rounded(.down)),
      ]
    }
  }

  static func labels(ofState alert: Alert) -> Labels {
    Labels(alert.labels.map { (name: $0.key, value: $0.value) } + [(Labels.metricName, forState)])
  }
}

/// Takes a pending alert up after a restart (RestoreForState in rules/group.go of Prometheus).
enum Restoration {
  /// After a longer outage its `for` begins anew.
  static let outageTolerance = Duration.seconds(3600)
  /// A restart leaves at least so much of a longer `for`, for the samples that were missed may have ended it.
  static let gracePeriod = Duration.seconds(600)

  /// When the alert is to have begun.
  ///
  /// - Parameters:
  ///   - lastSeen: when it was last found to hold before the restart.
  static func activeAt(_ activeAt: Timestamp, lastSeen: Timestamp, hold: Duration, now: Timestamp) -> Timestamp {
    let outage = now - lastSeen
    guard outage <= outageTolerance else { return now }
    let remaining = hold - (lastSeen - activeAt)
    if remaining <= .zero { return activeAt }
    if hold >= gracePeriod, remaining < gracePeriod { return now + gracePeriod - hold }
    return activeAt + outage
  }
}
