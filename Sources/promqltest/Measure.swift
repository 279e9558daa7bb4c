import ArgumentParser
import PromQL

struct Measure: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "measure", abstract: "Measure evaluations beside a Prometheus on this machine that has the same series.",
    shouldDisplay: false)

  private static let queries = [
    ("filter", "load_ratio > 0.5"), ("rate", "rate(requests_total[5m])"), ("sum_by_rate", "sum by (job) (rate(requests_total[5m]))"),
    ("one_to_one", "requests_total - errors_total"),
  ]

  @Option(help: "Only write the series to this file, in OpenMetrics format.")
  var write: String?

  @Option(help: "Where Prometheus listens; 0 for no comparison.")
  var port: UInt16 = 0

  @Option(help: "Series of each metric.")
  var series = 10_000

  func run() throws {
    let all = MeasuredSeries(count: series)
    if let write { return try OpenMetrics.write(all.series, to: write) }
    var source = SeriesTable()
    for one in all.series {
      let index = source.insert(one.labels)
      source.change(index) { history in for sample in one.samples { history.append(sample) } }
    }
    var isShort = try measureRules(source)
    isShort = MeasuredMemory.measure() || isShort
    for (name, query) in Self.queries {
      let ours = try best(of: 40) { try own(query, source) }
      guard port != 0 else {
        print("figure promql_\(name) \(shown(ours)) ms")
        continue
      }
      let client = PrometheusClient(port: port)
      let theirs = try best(of: 40) { try peer(query, client) }
      let isEnough = ours * 10 <= theirs
      isShort = isShort || !isEnough
      print(
        "figure promql_\(name) \(shown(ours)) ms (bound \(shown(theirs / 10)) ms, a tenth of Prometheus' \(shown(theirs)) ms) "
          + (isEnough ? "ok" : "short"))
    }
    if isShort { throw ExitCode.failure }
  }

  /// Rules over 2,000 series; whether they fall short.
  private func measureRules(_ source: SeriesTable) throws -> Bool {
    let rules = MeasuredSeries.rules
    var ours = Double.infinity
    for _ in 0..<5 { ours = min(ours, try rules.reduce(0) { try $0 + own($1, source) }) }
    guard port != 0 else {
      print("figure promql_500_rules \(shown(ours)) ms")
      return false
    }
    let client = PrometheusClient(port: port)
    var theirs = Double.infinity
    for _ in 0..<5 { theirs = min(theirs, try rules.reduce(0) { try $0 + peer($1, client) }) }
    let isEnough = ours * 5 <= theirs
    print(
      "figure promql_500_rules \(shown(ours)) ms (bound \(shown(theirs / 5)) ms, a fifth of Prometheus' \(shown(theirs)) ms) "
        + (isEnough ? "ok" : "short"))
    return !isEnough
  }

  private func shown(_ milliseconds: Double) -> String { "\((milliseconds * 1000).rounded() / 1000)" }

  /// The least of several: what else the machine does only ever adds.
  private func best(of count: Int, _ measure: () throws -> Double) throws -> Double {
    var best = Double.infinity
    for _ in 0..<count { best = min(best, try measure()) }
    return best
  }

  /// Milliseconds of one evaluation, from the expression that has been read to the result.
  private func own(_ query: String, _ source: SeriesTable) throws -> Double {
    let expression = try Expression(parsing: query)
    let clock = ContinuousClock()
    var count = 0
    let took = try clock.measure {
      guard case .vector(let elements) = try expression.evaluate(at: MeasuredSeries.end, over: source).value else { return }
      count = elements.count
    }
    guard count > 0 else { throw PrometheusClient.Failure(description: "no result for \(query)") }
    return Double(took.components.attoseconds) / 1e15 + Double(took.components.seconds) * 1000
  }

  /// What Prometheus says that its evaluation took.
  private func peer(_ query: String, _ client: PrometheusClient) throws -> Double {
    let answer = try client.ask("query", ["query": query, "time": "\(MeasuredSeries.end / 1000)", "stats": "all"])
    guard let took = answer.data?.stats?.timings["evalTotalTime"], case .elements(let elements)? = answer.data?.result, !elements.isEmpty
    else {
      throw PrometheusClient.Failure(description: "no result for \(query): \(answer.error ?? "")")
    }
    return took * 1000
  }
}

/// Many series of a few metrics over ten minutes.
struct MeasuredSeries {
  static let start: Int64 = 1_700_000_000_000
  static let step: Int64 = 15_000
  static let end = start + 40 * step

  let series: [Series]

  /// Five hundred rules of the kinds that people write, each over the two thousand series of `queue_length`.
  static let rules: [String] = (0..<100).flatMap { number in
    [
      "sum by (job) (queue_length) > \(number)", "max by (region) (queue_length{path=~\"/api/v1/resource/\(number % 10).*\"}) > 0",
      "rate(queue_length{job=\"job-\(number % 20)\"}[5m]) >= 0", "queue_length{path=\"/api/v1/resource/\(number)\"} > 0",
      "avg_over_time(queue_length{region=\"eu-west-\(number % 4)\"}[2m]) / on (instance, path, job, code, region) queue_length > 0",
    ]
  }

  init(count: Int) {
    var generator = SeededGenerator(state: 1)
    series = ["errors_total", "load_ratio", "queue_length", "requests_total"].flatMap { metric in
      (0..<(metric == "queue_length" ? min(count, 2000) : count)).map { index in
        let labels: [(name: String, value: String)] = [
          ("__name__", metric), ("job", "job-\(index % 20)"), ("instance", "host-\(index / 100).example.com:9100"),
          ("path", "/api/v1/resource/\(index % 100)"), ("code", index % 3 == 0 ? "200" : "500"), ("region", "eu-west-\(index % 4)"),
        ]
        var value = 0.0
        let samples = (0...40).map { step in
          value =
            metric == "load_ratio" ? Double.random(in: 0...1, using: &generator) : value + Double(Int.random(in: 0...20, using: &generator))
          return Sample(time: Self.start + Int64(step) * Self.step, value: value)
        }
        return Series(labels: Labels(labels), samples: samples)
      }
    }
  }
}
