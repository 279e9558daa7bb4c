import PromQL

/// Runs a script and keeps what went wrong.
struct ScriptRunner {
  private(set) var passed = 0
  /// Evaluations that look at native histograms, which the engine does not have.
  private(set) var skipped = 0
  private(set) var failures: [String] = []
  private let options: EvaluationOptions
  private var source = MemorySource()
  private var histograms: [Labels] = []

  init(delaysNameRemoval: Bool) {
    options = EvaluationOptions(delaysNameRemoval: delaysNameRemoval, usesStartTimes: true)
  }

  /// Only evaluations whose expression contains the filter count. Throws `Script.Malformed`.
  mutating func run(_ text: String, filter: String = "") throws {
    for command in try Script(text).commands {
      switch command {
      case .clear:
        source = MemorySource()
        histograms = []
      case .load(let load): add(load)
      case .evaluate(let evaluation): if filter.isEmpty || evaluation.text.contains(filter) { run(evaluation) }
      }
    }
  }

  private mutating func add(_ load: Script.Load) {
    var last: [Labels: Int] = [:]
    for (index, series) in load.series.enumerated() { last[series.notation.labels] = index }
    // Within one load the last definition of a series wins.
    for (index, series) in load.series.enumerated() where last[series.notation.labels] == index {
      let labels = series.notation.labels
      if series.notation.values.contains(.histogram) { histograms.append(labels) }
      add(series, step: load.step)
      guard load.withHistograms, let name = labels[Labels.metricName] else { continue }
      for suffix in ["_bucket", "_count", "_sum"] where name.hasSuffix(suffix) {
        histograms.append(labels.removing("le").setting(Labels.metricName, to: String(name.dropLast(suffix.count))))
      }
    }
  }

  private mutating func add(_ series: Script.LoadedSeries, step: Int64) {
    var samples: [Sample] = []
    var starts: [Int64] = []
    for (index, value) in series.notation.values.enumerated() {
      guard case .number(let number) = value else { continue }
      let time = Int64(index) * step
      samples.append(Sample(time: time, value: number))
      if !series.startOffsets.isEmpty { starts.append(series.startOffsets[index].map { time + $0 } ?? 0) }
    }
    guard !samples.isEmpty else { return }
    source.add(Series(labels: series.notation.labels, samples: samples), startTimes: starts)
  }

  private mutating func run(_ evaluation: Evaluation) {
    do {
      let expression = try Expression(parsing: evaluation.text, features: .all)
      do {
        try evaluation.isRange ? checkRange(expression, evaluation) : checkInstant(expression, evaluation)
        passed += 1
      } catch  where touchesHistograms(expression) || evaluation.series.contains(where: { $0.values.contains(.histogram) }) {
        // Many functions leave native histograms out, and then nothing is missed; the others cannot be judged.
        skipped += 1
      }
    } catch let error as PromQLError where error.kind == .unsupported {
      skipped += 1
    } catch let error as PromQLError {
      // As in Prometheus, a script whose expression cannot be read is wrong, whatever it expects.
      failures.append("line \(evaluation.line): \(evaluation.text): \(error)")
    } catch {
      failures.append("line \(evaluation.line): \(error)")
    }
  }

  private func touchesHistograms(_ expression: Expression) -> Bool {
    expression.selectors.contains { matchers in histograms.contains { labels in matchers.allSatisfy { $0.matches(labels) } } }
  }
}

extension ScriptRunner {
  private func checkRange(_ expression: Expression, _ evaluation: Evaluation) throws {
    try check(evaluation, expression.text, "") { () throws(EvaluationError) in
      try expression.evaluate(from: evaluation.start, through: evaluation.end, step: evaluation.step, over: source, options: options)
    }
  }

  /// Every instant query is made again with `@` at other times, and each of them as the middle of a range query.
  private func checkInstant(_ expression: Expression, _ evaluation: Evaluation) throws {
    let time = evaluation.end
    try checkInstant(expression, at: time, evaluation)
    guard let pinned = expression.pinned(at: time) else { return }
    let again = try Expression(parsing: pinned.description, features: .all)
    for other in time == 0 ? [-1000, 0, 1000] : [-10 * time, 0, time / 5, time, 10 * time] {
      try checkInstant(again, at: other, evaluation)
    }
  }

  private func checkInstant(_ expression: Expression, at time: Int64, _ evaluation: Evaluation) throws {
    let text = expression.text
    let result = try check(evaluation, text, "at \(time) ms") { () throws(EvaluationError) in
      try expression.evaluate(at: time, over: source, options: options)
    }
    guard result != nil, !evaluation.givesMatrix, evaluation.string == nil, !expression.dependsOnQuery else { return }
    let range = try expression.evaluate(from: time - 60_000, through: time + 60_000, step: 60_000, over: source, options: options)
    guard !evaluation.isOrdered else { return }
    let middle = middle(of: range.value, at: time, isScalar: expression.type == .scalar)
    try Comparison(evaluation, text, "at \(time) ms in range mode").check(middle)
  }

  private func middle(of value: Value, at time: Int64, isScalar: Bool) -> Outcome {
    guard case .matrix(let series) = value else { return .other(value) }
    let elements = series.compactMap { series in
      series.samples.first { $0.time == time }.map { VectorElement(labels: series.labels, value: $0.value) }
    }
    return isScalar ? .scalar(elements.first?.value ?? .nan) : .vector(elements)
  }

  /// Nil where it was to fail, and did.
  @discardableResult
  private func check(
    _ evaluation: Evaluation, _ text: String, _ manner: String, _ evaluate: () throws(EvaluationError) -> QueryResult
  ) throws -> QueryResult? {
    let comparison = Comparison(evaluation, text, manner)
    let result: QueryResult
    do throws(EvaluationError) {
      result = try evaluate()
    } catch {
      try comparison.checkFailure(error)
      return nil
    }
    if evaluation.mustFail { throw comparison.mismatch("an error", "none") }
    try comparison.check(result.annotations)
    try comparison.check(Outcome(result.value))
    return result
  }
}
