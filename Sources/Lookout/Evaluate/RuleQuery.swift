import PromQL

/// What the rules of a group ask at one moment.
struct RuleQuery {
  let source: any SeriesSource
  let options: EvaluationOptions
  let now: Timestamp
  /// How long before `now` the group looks.
  let offset: Duration

  /// The moment of the answer, and of what is recorded of it.
  var time: Timestamp { now - offset }

  /// Why a rule gives nothing although its query could be answered.
  struct Refusal: Error, CustomStringConvertible {
    let description: String
  }

  /// In the order of the labels, so that the same data give the same alerts in the same order.
  func vector(_ expression: Expression) throws -> [VectorElement] {
    switch try expression.evaluate(at: time.milliseconds, over: source, options: options).value {
    case .vector(let elements): return elements.sorted { $0.labels.description < $1.labels.description }
    case .scalar(let value): return [VectorElement(labels: Labels(), value: value)]
    case .matrix, .string: throw Refusal(description: "rule result is not a vector or scalar")
    }
  }

  /// A query of a template, which is asked at the moment of the evaluation.
  func samples(_ text: String) throws(GoError) -> [GoSample] {
    do {
      let expression = try Expression(parsing: text)
      let result = try expression.evaluate(at: now.milliseconds, over: source, options: options)
      switch result.value {
      case .vector(let elements):
        let ordered = expression.isSorted ? Array(elements) : elements.sorted { $0.labels.description < $1.labels.description }
        return ordered.map { GoSample(labels: $0.labels.dictionary, value: $0.value) }
      case .scalar(let value): return [GoSample(labels: [:], value: value)]
      case .matrix, .string: throw Refusal(description: "query result is not a vector or scalar")
      }
    } catch {
      throw GoError("\(error)")
    }
  }
}

extension RecordingRule {
  /// Throws what the query throws, and for two elements that would be the same series or for more than `limit`.
  func samples(_ query: RuleQuery, limit: Int?) throws -> [RecordedSample] {
    var known: Set<Labels> = []
    let samples = try query.vector(expression).map { element in
      var labels = element.labels.setting(Labels.metricName, to: name)
      for (name, value) in self.labels { labels = labels.setting(name, to: value) }
      guard known.insert(labels).inserted else {
        throw RuleQuery.Refusal(description: "vector contains metrics with the same labelset after applying rule labels")
      }
      return RecordedSample(labels: labels, value: element.value)
    }
    if let limit, samples.count > limit {
      throw RuleQuery.Refusal(description: "exceeded limit of \(limit) with \(samples.count) series")
    }
    return samples
  }
}

extension Labels {
  var dictionary: [String: String] { Dictionary(pairs.map { ($0.name, $0.value) }) { first, _ in first } }
}

extension Expression {
  /// Whether the order of its elements means something.
  fileprivate var isSorted: Bool {
    switch root.unwrapped.kind {
    case .call(let call): call.function.name.hasPrefix("sort")
    case .aggregation(let aggregation): ["topk", "bottomk"].contains(aggregation.operation.rawValue)
    default: false
    }
  }
}
