/// What a finding adds to the metrics of its check.
enum FindingSamples {
  static func samples(_ observation: Observation, _ finding: Finding) -> [MetricSample] {
    let labels = observation.labels.merging(observation.sight.labels) { own, _ in own }
    // What is not known has no sample; what the agent has spent on looking it knows nevertheless.
    let measured = observation.sight.samples.filter { !finding.verdict.isUnknown || $0.metric.isOfAgent }
    var samples = measured.map { sample in
      var sample = sample
      sample.labels.merge(labels) { own, _ in own }
      return sample
    }
    samples.append(Metric.checkStatus.sample(labels, Double(finding.level.rawValue)))
    if let budget = observation.budget { samples.append(Metric.checkBudget.sample(labels, budget)) }
    if observation.isProbe, !finding.verdict.isUnknown {
      samples.append(Metric.probeSuccess.sample(labels, finding.verdict.isRight ? 1 : 0))
      if let seconds = finding.verdict.value, finding.verdict.isRight { samples.append(Metric.checkDuration.sample(labels, seconds)) }
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
    if case .probe = sight.seen { return true }
    return switch component {
    case .proxy, .process, .registry, .page, .dashboard, .export, .session: true
    default: false
    }
  }
}

extension Metric {
  fileprivate var isOfAgent: Bool { name.hasPrefix("lookout_") }
}
