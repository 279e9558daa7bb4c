import PromQL

struct FuzzComparison {
  enum Outcome {
    case same
    case failedAlike
    /// Different for a reason that is known.
    case explained(String)
    case different(String)
  }

  private static let inexact = ["sin", "cos", "tan", "ln(", "log", "exp(", " ^ ", "rad(", "deg("]

  let query: String
  let range: (start: Int64, end: Int64, step: Int64)?
  let time: Int64

  func run(_ client: PrometheusClient, _ source: MemorySource) throws -> Outcome {
    let theirs = try ask(client)
    let ours: Value
    do {
      let expression = try Expression(parsing: query)
      let options = EvaluationOptions(limits: EvaluationLimits(samples: 100_000_000))
      ours =
        try range.map { try expression.evaluate(from: $0.start, through: $0.end, step: $0.step, over: source, options: options) }?.value
        ?? expression.evaluate(at: time, over: source, options: options).value
    } catch {
      if theirs.status == "error" { return .failedAlike }
      if "\(error)".hasPrefix("multiple matches for labels") {
        return .explained("several partners are an error since Prometheus 3.9 even where a comparison keeps none")
      }
      return told("fails here: \(error)", "succeeds there")
    }
    guard let data = theirs.data else { return told("succeeds here", "fails there: \(theirs.error ?? "")") }
    let (here, there) = (points(ours), points(data))
    if isSame(here, there) { return .same }
    if ["topk", "bottomk"].contains(where: query.contains), values(here) == values(there) {
      return .explained("of equal elements topk and bottomk choose some, Prometheus by chance")
    }
    if query.contains(" ^ "), query.contains(" % ") { return .explained("the last bit of a power decides a remainder") }
    if query.contains("count_values"), Self.inexact.contains(where: query.contains) {
      return .explained("count_values tells the last digit of functions that no two libraries compute alike")
    }
    return told(shown(here, beside: there), shown(there, beside: here))
  }

  private func ask(_ client: PrometheusClient) throws -> PrometheusClient.Answer {
    func seconds(_ milliseconds: Int64) -> String { "\(Double(milliseconds) / 1000)" }
    guard let range else { return try client.ask("query", ["query": query, "time": seconds(time)]) }
    let parameters = ["query": query, "start": seconds(range.start), "end": seconds(range.end), "step": seconds(range.step)]
    return try client.ask("query_range", parameters)
  }

  private func told(_ here: String, _ there: String) -> Outcome {
    let place = range.map { "from \($0.start) to \($0.end) step \($0.step)" } ?? "at \(time)"
    return .different("\(query) \(place)\n  here:  \(here)\n  there: \(there)")
  }

  private typealias Points = [Labels: [Int64: Double]]

  private func points(_ value: Value) -> Points {
    switch value {
    case .scalar(let number): [Labels(): [time: number]]
    case .string: [:]
    case .vector(let elements): Dictionary(elements.map { ($0.labels, [time: $0.value]) }) { first, _ in first }
    case .matrix(let series):
      Dictionary(series.map { ($0.labels, Dictionary($0.samples.map { ($0.time, $0.value) }) { first, _ in first }) }) { first, _ in first }
    }
  }

  private func points(_ data: PrometheusClient.Answer.Content) -> Points {
    switch data.result {
    case .point(let point): return [Labels(): [time: point.value]]
    case .elements(let elements):
      return Dictionary(
        elements.map { element in
          let labels = Labels(element.metric.map { (name: $0.key, value: $0.value) })
          if let point = element.value { return (labels, [time: point.value]) }
          let pairs = (element.values ?? []).map { (Int64(($0.time * 1000).rounded()), $0.value) }
          return (labels, Dictionary(pairs) { first, _ in first })
        }
      ) { first, _ in first }
    }
  }

  private func isSame(_ left: Points, _ right: Points) -> Bool {
    left.count == right.count
      && left.allSatisfy { labels, values in
        guard let others = right[labels], others.count == values.count else { return false }
        return values.allSatisfy { time, value in others[time].map { isAlmostEqual(value, $0, within: 1e-8) } ?? false }
      }
  }

  /// By time, to six digits.
  private func values(_ points: Points) -> [Int64: [String]] {
    var values: [Int64: [String]] = [:]
    for (time, value) in points.values.joined() {
      let exponent = value.isFinite && value != 0 ? Int(value.exponent) : 0
      let scaled = value.isFinite ? "\((value.significand * 1e6).rounded())e\(exponent)\(value.sign)" : value.isNaN ? "nan" : "\(value)"
      values[time, default: []].append(scaled)
    }
    return values.mapValues { $0.sorted() }
  }

  /// What the other does not have.
  private func shown(_ points: Points, beside others: Points) -> String {
    var parts: [String] = []
    for (labels, values) in points {
      let different = values.filter { time, value in others[labels]?[time].map { !isAlmostEqual(value, $0, within: 1e-8) } ?? true }
      if let (time, value) = different.min(by: { $0.key < $1.key }) {
        parts.append("\(labels) \(value)@\(time) (\(different.count) points)")
      }
    }
    return parts.isEmpty ? "nothing else" : parts.sorted().prefix(4).joined(separator: "; ")
  }
}
