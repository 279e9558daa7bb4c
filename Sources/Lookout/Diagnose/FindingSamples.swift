/// What a finding adds to the metrics of its check.
enum FindingSamples {
  static func samples(_ observation: Observation, _ finding: Finding) -> [MetricSample] {
    let labels = observation.labels
    var samples = observation.sight.samples.map { sample in
      var sample = sample
      sample.labels.merge(labels) { own, _ in own }
      return sample
    }
    samples.append(Metric.checkStatus.sample(labels, Double(finding.level.rawValue)))
    if observation.isProbe {
      samples.append(Metric.probeSuccess.sample(labels, finding.isRight ? 1 : 0))
      if let budget = observation.budget { samples.append(Metric.checkBudget.sample(labels, budget)) }
      if let seconds = finding.verdict.value, finding.isRight { samples.append(Metric.checkDuration.sample(labels, seconds)) }
    }
    if let reason = finding.verdict.reason, let cause = finding.cause {
      let why = labels.merging(["reason": reason.rawValue, "cause": cause.rawValue]) { own, _ in own }
      samples.append(Metric.checkReason.sample(why, 1))
    }
    return samples
  }
}

extension Observation {
  fileprivate var isProbe: Bool {
    switch component {
    case .process, .page, .dashboard, .export, .session: true
    default: false
    }
  }
}

extension Finding {
  /// Whether the answer was right, however long it took.
  fileprivate var isRight: Bool { level != .fail || verdict.reason == .tooSlow }
}
