/// What a probe of the configuration saw: whether all was as described, and its figures under blackbox_exporter's names.
struct ProbeOutcome: Sendable {
  struct Flaw: Sendable, Equatable {
    let reason: Reason
    let sentence: String
  }

  /// What was wrong; nil where nothing was.
  var flaw: Flaw?
  var seconds: Double
  var samples: [MetricSample] = []
  /// Of an answer, where there was one.
  var evidence: [(name: String, value: String)] = []

  init(flaw: Flaw?, seconds: Double, samples: [MetricSample]) {
    (self.flaw, self.seconds) = (flaw, seconds)
    self.samples = samples + [Metric.probeDuration.sample([:], seconds)]
  }
}

extension ProbeOutcome.Flaw {
  init(_ failure: TransportFailure) {
    self.init(reason: failure.reason, sentence: failure.message)
  }
}
