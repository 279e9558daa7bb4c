import ArgumentParser
import PromQL

struct Fuzz: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fuzz", abstract: "Compare random queries on random series with a Prometheus on this machine.", shouldDisplay: false)

  @Option(help: "What series and queries are drawn from.")
  var seed: UInt64 = 1

  @Option(help: "How many queries.")
  var count = 1000

  @Option(help: "Only write the series to this file, in OpenMetrics format.")
  var write: String?

  @Option(help: "Where Prometheus listens.")
  var port: UInt16 = 9090

  func run() throws {
    let series = FuzzSeries(seed: seed).all
    if let write { return try OpenMetrics.write(series, to: write) }
    var source = MemorySource()
    for one in series { source.add(one) }
    var queries = FuzzQueries(seed: seed)
    var tally = FuzzTally()
    let client = PrometheusClient(port: port)
    for _ in 0..<count {
      let query = queries.next()
      let comparison = FuzzComparison(query: query.text, range: query.range, time: query.time)
      if let difference = tally.add(try comparison.run(client, source)) { print(difference) }
    }
    print(tally.summary)
    if tally.differences > 0 { throw ExitCode.failure }
  }
}

struct FuzzTally {
  private(set) var differences = 0
  private var same = 0
  private var failedAlike = 0
  private var explained: [String: Int] = [:]

  /// What is to be told of an outcome.
  mutating func add(_ outcome: FuzzComparison.Outcome) -> String? {
    switch outcome {
    case .same: same += 1
    case .failedAlike: failedAlike += 1
    case .explained(let why): explained[why, default: 0] += 1
    case .different(let what):
      differences += 1
      return what
    }
    return nil
  }

  var summary: String {
    let reasons = explained.sorted { $0.key < $1.key }.map { "\($0.value) explained: \($0.key)\n" }.joined()
    return "\(reasons)\(same) the same, \(failedAlike) refused by both\n"
      + "\(same + failedAlike + explained.values.reduce(0, +)) passed, \(differences) failed"
  }
}
