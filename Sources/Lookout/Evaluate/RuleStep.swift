import PromQL

/// One alerting rule at one moment.
struct RuleStep {
  let rule: AlertRule
  let limit: Int?
  let query: RuleQuery
  let evaluator: Evaluator
  let surroundings: Evaluator.Surroundings

  private var now: Timestamp { query.now }

  struct Outcome {
    var active: [TrackedAlert] = []
    var resolved: [TrackedAlert] = []
  }

  /// Throws what the query throws, and for two elements that would be the same alert or for more than `limit`; nothing has changed then.
  func alerts(before: [TrackedAlert], adopting orphans: inout [[String: String]: TrackedAlert]) throws -> Outcome {
    let holding = try holding()
    let earlier = Dictionary(before.map { ($0.alert.labels, $0) }) { first, _ in first }
    var outcome = Outcome()
    for (labels, element) in holding.ordered {
      outcome.active.append(held(labels, element, earlier: earlier[labels] ?? orphans[labels]))
    }
    for alert in before where holding.elements[alert.alert.labels] == nil {
      if let kept = kept(alert) {
        outcome.active.append(kept)
      } else if let resolved = alert.resolved(at: now) {
        outcome.resolved.append(resolved)
      }
    }
    if let limit, outcome.active.count > limit {
      throw RuleQuery.Refusal(description: "exceeded limit of \(limit) with \(outcome.active.count) alerts")
    }
    for labels in holding.elements.keys { orphans[labels] = nil }
    return outcome
  }
}

/// The elements of a rule's answer, by the labels of the alerts that they are.
private struct Holding {
  var elements: [[String: String]: VectorElement] = [:]
  var ordered: [(labels: [String: String], element: VectorElement)] = []
}

extension RuleStep {
  private func holding() throws -> Holding {
    var holding = Holding()
    for element in try query.vector(rule.expression) {
      let labels = labels(of: element)
      guard holding.elements.updateValue(element, forKey: labels) == nil else {
        throw RuleQuery.Refusal(
          description: "two series of the answer would be the same alert: \(Labels(labels.map { ($0.key, $0.value) }))")
      }
      holding.ordered.append((labels, element))
    }
    return holding
  }

  /// Those of the series, the rule's over them, the alert's name over all. An empty label is no label.
  private func labels(of element: VectorElement) -> [String: String] {
    let data = data(of: element)
    var labels = data.labels
    labels[Labels.metricName] = nil
    for (name, template) in rule.labels { labels[name] = template.expand(with: data, alert: rule.name) }
    labels["alertname"] = rule.name
    return labels.filter { !$0.value.isEmpty }
  }

  private func data(of element: VectorElement) -> TemplateData {
    let query = query
    return TemplateData(
      labels: element.labels.dictionary, externalLabels: evaluator.externalLabels, value: element.value,
      externalURL: evaluator.externalURL, now: query.now.milliseconds,
      query: { (text) throws(GoError) in try query.samples(text) })
  }

  /// An alert whose expression holds now: a new one, or an earlier one brought up to date.
  private func held(_ labels: [String: String], _ element: VectorElement, earlier: TrackedAlert?) -> TrackedAlert {
    let annotations = annotations(of: element, labels: labels, earlier: earlier)
    let fresh = Alert(
      labels: labels, annotations: annotations, state: .pending, activeAt: now, firedAt: nil, resolvedAt: nil, value: element.value)
    var alert = earlier?.alert ?? fresh
    if let earlier, earlier.awaitsEvaluation { alert.activeAt = restored(alert) }
    alert.annotations = annotations
    alert.value = element.value
    if alert.state == .pending, now - alert.activeAt >= rule.hold {
      alert.state = .firing
      alert.firedAt = now
    }
    return TrackedAlert(rule: rule.id, alert: alert)
  }

  /// Since when an alert from before the restart is to have held. Where nothing says when it was last seen, the outage counts too.
  private func restored(_ alert: Alert) -> Timestamp {
    guard alert.state == .pending, let last = surroundings.latest(AlertSeries.labels(ofState: alert)), last.time <= now.milliseconds else {
      return alert.activeAt
    }
    return Restoration.activeAt(alert.activeAt, lastSeen: Timestamp(milliseconds: last.time), hold: rule.hold, now: now)
  }

  private func annotations(of element: VectorElement, labels: [String: String], earlier: TrackedAlert?) -> [String: String] {
    let data = data(of: element)
    let expanded = rule.annotations.mapValues { $0.expand(with: data, alert: rule.name) }
    let own = evaluator.addsRunbookLinks ? RunbookLink.add(to: expanded, externalURL: evaluator.externalURL) : expanded
    guard let target = labels["target"], let check = labels["check"] else { return own }
    let finding = surroundings.finding(CheckID(target: target, check: check))
    return FindingAnnotations.add(finding, to: own, earlier: earlier?.alert.annotations ?? [:])
  }

  /// A firing alert whose expression does not hold now, while `keep_firing_for` lasts; nil when it is over.
  private func kept(_ tracked: TrackedAlert) -> TrackedAlert? {
    guard tracked.alert.state == .firing, rule.keepFiringFor > .zero else { return nil }
    var copy = tracked
    let since = tracked.keepFiringSince ?? now
    copy.keepFiringSince = since
    copy.awaitsEvaluation = false
    return now - since < rule.keepFiringFor ? copy : nil
  }
}

extension Evaluation {
  mutating func add(_ outcome: RuleStep.Outcome) {
    active += outcome.active
    resolved += outcome.resolved
  }
}
