import PromQL

/// A result in the form in which it is compared.
enum Outcome {
  case scalar(Double)
  case vector([VectorElement])
  case matrix([Series])
  case string(String)
  case other(Value)

  init(_ value: Value) {
    switch value {
    case .scalar(let number): self = .scalar(number)
    case .vector(let elements): self = .vector(Array(elements))
    case .matrix(let series): self = .matrix(series)
    case .string(let text): self = .string(text)
    }
  }
}

struct Mismatch: Error, CustomStringConvertible {
  let description: String
}

/// A result beside what a script expects (Prometheus' promql/promqltest/test.go).
struct Comparison {
  private static let tolerance = 1e-6

  private let evaluation: Evaluation
  /// The expression, which may be another form of that of the script.
  private let text: String
  private let query: String

  init(_ evaluation: Evaluation, _ text: String, _ manner: String = "") {
    self.evaluation = evaluation
    self.text = text
    query = manner.isEmpty ? text : "\(text) \(manner)"
  }

  func mismatch(_ expected: String, _ got: String) -> Mismatch {
    Mismatch(description: "\(query)\n  expected \(expected)\n  got      \(got)")
  }

  func checkFailure(_ error: EvaluationError) throws {
    guard evaluation.mustFail else { throw mismatch("a result", "error: \(error)") }
    for expectation in evaluation.expectations {
      guard case .fail = expectation.kind, let message = expectation.message else { continue }
      guard message.matches(error.description) else { throw mismatch("error \"\(message.description)\"", "error \"\(error)\"") }
    }
  }

  func check(_ annotations: Annotations) throws {
    try check(annotations.texts(.warning, in: text), "warning") { if case .warning(let isWanted) = $0 { isWanted } else { nil } }
    try check(annotations.texts(.info, in: text), "info") { if case .info(let isWanted) = $0 { isWanted } else { nil } }
  }

  /// Each wanted message must be there, and then no others.
  private func check(_ found: [String], _ name: String, _ isWanted: (Evaluation.Kind) -> Bool?) throws {
    let wanted = evaluation.expectations.filter { isWanted($0.kind) == true }
    if evaluation.expectations.contains(where: { isWanted($0.kind) == false }), let first = found.first {
      throw mismatch("no \(name)", first)
    }
    for expectation in wanted {
      guard found.contains(where: { expectation.message?.matches($0) ?? true }) else {
        throw mismatch("\(name) \(expectation.message?.description ?? "")", found.isEmpty ? "none" : found.joined(separator: "; "))
      }
    }
    guard !wanted.isEmpty else { return }
    for text in found where !wanted.contains(where: { $0.message?.matches(text) ?? true }) {
      throw mismatch("no other \(name)", text)
    }
  }

  func check(_ outcome: Outcome) throws {
    switch outcome {
    case .scalar(let number):
      guard let wanted = evaluation.scalar else { throw mismatch("a vector", "scalar \(number)") }
      if !isSame(number, wanted) { throw mismatch("\(wanted)", "\(number)") }
    case .string(let text): if text != evaluation.string { throw mismatch("string \(evaluation.string ?? "none")", "string \(text)") }
    case .vector(let elements): try check(elements)
    case .matrix(let series): try check(series)
    case .other(let value): throw mismatch("a matrix", "\(value)")
    }
  }

  /// The last line for a series counts.
  private var wanted: [Labels: (position: Int, values: [SeriesNotation.Value])] {
    var wanted: [Labels: (position: Int, values: [SeriesNotation.Value])] = [:]
    for (index, series) in evaluation.series.enumerated() { wanted[series.labels] = (index, series.values) }
    return wanted
  }

  private func check(_ elements: [VectorElement]) throws {
    if let scalar = evaluation.scalar { throw mismatch("scalar \(scalar)", "a vector") }
    var missing = wanted
    for (position, element) in elements.enumerated() {
      let shown = "\(element.labels) \(element.value)"
      guard let expected = missing.removeValue(forKey: element.labels) else { throw mismatch("no \(element.labels)", shown) }
      if evaluation.isOrdered && expected.position != position {
        throw mismatch("\(element.labels) at position \(expected.position)", "\(position)")
      }
      guard case .number(let number)? = expected.values.first, isSame(element.value, number) else {
        throw mismatch("\(element.labels) \(expected.values)", shown)
      }
    }
    if let (labels, expected) = missing.first { throw mismatch("\(labels) \(expected.values)", "nothing for it") }
  }

  private func check(_ all: [Series]) throws {
    if evaluation.isOrdered { throw mismatch("an ordered result", "a matrix") }
    if let scalar = evaluation.scalar { throw mismatch("scalar \(scalar)", "a matrix") }
    var missing = wanted
    for series in all {
      guard let expected = missing.removeValue(forKey: series.labels) else { throw mismatch("no \(series.labels)", "\(series.samples)") }
      var samples: [Sample] = []
      for (index, value) in expected.values.enumerated() {
        if case .number(let number) = value {
          samples.append(Sample(time: evaluation.start + Int64(index) * evaluation.step, value: number))
        }
      }
      let isSame =
        samples.count == series.samples.count
        && zip(samples, series.samples).allSatisfy { $0.time == $1.time && self.isSame($0.value, $1.value) }
      if !isSame { throw mismatch("\(series.labels) \(shown(samples))", "\(shown(series.samples))") }
    }
    if let (labels, expected) = missing.first { throw mismatch("\(labels) \(expected.values)", "nothing for it") }
  }

  private func shown(_ samples: [Sample]) -> String { samples.map { "\($0.value)@\($0.time)" }.joined(separator: " ") }

  private func isSame(_ left: Double, _ right: Double) -> Bool { isAlmostEqual(left, right, within: Comparison.tolerance) }
}
