import PromQL

/// Runs a script and keeps what went wrong.
struct ScriptRunner {
  private(set) var passed = 0
  /// Uses what the engine refuses, or native histograms.
  private(set) var skipped = 0
  private(set) var failures: [String] = []
  private var source = MemorySource()
  private var histograms: [Labels] = []

  init(_ text: String) throws {
    for command in try Script(text).commands {
      switch command {
      case .clear:
        source = MemorySource()
        histograms = []
      case .load(let step, let series, let withHistograms): load(series, step: step, withHistograms: withHistograms)
      case .evaluate(let evaluation): run(evaluation)
      }
    }
  }

  private mutating func load(_ lines: [ScriptSeries], step: Int64, withHistograms: Bool) {
    // Within one load the last definition of a series wins.
    for (index, line) in lines.enumerated() where !lines[(index + 1)...].contains(where: { $0.labels == line.labels }) {
      if line.hasHistograms { histograms.append(line.labels) } else { source.add(line.series(step: step)) }
      guard withHistograms, let name = line.labels[Labels.metricName] else { continue }
      let base = name.replacing(/_(bucket|count|sum)$/, with: "")
      histograms.append(line.labels.removing("le").setting(Labels.metricName, to: base))
    }
  }

  private mutating func run(_ evaluation: Script.Evaluation) {
    do {
      let expression = try Expression(parsing: evaluation.text)
      let touchesHistograms = expression.selectors.contains { matchers in
        histograms.contains { labels in matchers.allSatisfy { $0.matches(labels) } }
      }
      if touchesHistograms || evaluation.isBeyond || (expression.type == .matrix) || (expression.type == .string) {
        skipped += 1
        return
      }
      let values = try evaluation.times.map { try expression.evaluate(at: $0, over: source) }
      if evaluation.mustFail { return failures.append(describe(evaluation, "was to fail")) }
      check(values, evaluation)
    } catch let error as PromQLError where error.kind == .unsupported {
      skipped += 1
    } catch {
      if evaluation.mustFail { passed += 1 } else { failures.append(describe(evaluation, "\(error)")) }
    }
  }

  private mutating func check(_ values: [Value], _ evaluation: Script.Evaluation) {
    var found: [Labels: [ScriptSeries.Point]] = [:]
    for (index, value) in values.enumerated() {
      for element in elements(of: value) {
        found[element.labels, default: Array(repeating: .gap, count: values.count)][index] = .value(element.value)
      }
    }
    var isGood = found.count == evaluation.expected.count
    for line in evaluation.expected {
      let wanted = line.points + Array(repeating: .gap, count: max(0, values.count - line.points.count))
      let got = found[line.labels] ?? []
      isGood = isGood && got.count == wanted.count && zip(got, wanted).allSatisfy(isSame)
    }
    if isGood { passed += 1 } else { failures.append(describe(evaluation, "got \(found)")) }
  }

  private func elements(of value: Value) -> [VectorElement] {
    switch value {
    case .scalar(let number): [VectorElement(labels: Labels(), value: number)]
    case .vector(let elements): elements
    case .string, .matrix: []
    }
  }

  private func isSame(_ left: ScriptSeries.Point, _ right: ScriptSeries.Point) -> Bool {
    guard case .value(let left) = left, case .value(let right) = right else { return left == right }
    if left.isStaleMarker || right.isStaleMarker { return left.isStaleMarker && right.isStaleMarker }
    if left.isNaN || right.isNaN { return left.isNaN && right.isNaN }
    if left == right { return true }
    return (left - right).magnitude <= 1e-6 * max(left.magnitude, right.magnitude)
  }

  private func describe(_ evaluation: Script.Evaluation, _ what: String) -> String {
    "line \(evaluation.line): \(evaluation.text): \(what)"
  }
}
