import PromQL

/// `/probe?target=…&module=…` in blackbox_exporter's manner: probes at once, and answers with the figures alone. Only what the configuration
/// names is asked for: a module of `probe_modules`, a target that `probe_targets` allows; else whoever reaches this page could have the agent
/// knock at any door that it can reach.
struct ProbePage: Sendable {
  let modules: [String: ProbeModule]
  /// Patterns that a target must match as a whole.
  let targets: [ProbePattern]
  let probe: @Sendable (ProbeModule, _ address: String, Duration) async -> ProbeOutcome

  static let path = "/probe"
  static let usualTimeout = Duration.seconds(10)

  /// - Parameters:
  ///   - query: as it stands behind the `?`.
  ///   - scrapeTimeout: Prometheus' header `X-Prometheus-Scrape-Timeout-Seconds`, which leaves half a second for the way back.
  func reply(to query: String, scrapeTimeout: String?, accept: String?) async -> Reply {
    let parameters = Self.parameters(query)
    guard let target = parameters["target"], !target.isEmpty else { return .line("the parameter 'target' is missing", status: 400) }
    let name = parameters["module"] ?? "http_2xx"
    guard let module = modules[name] else { return .line("there is no module '\(Self.shown(name))' in probe_modules", status: 400) }
    guard targets.contains(where: { !$0.fails(on: target) }) else {
      return .line("probe_targets does not allow '\(Self.shown(target))'", status: 403)
    }
    let format = MetricsFormat(accept: accept)
    let outcome = await probe(module, target, timeout(of: module, scrapeTimeout))
    let samples = outcome.samples + [Metric.probeSuccess.sample([:], outcome.flaw == nil ? 1 : 0)]
    return Reply(contentType: format.contentType, body: MetricsText.render(samples.map(LiveSeries.init), as: format))
  }

  private func timeout(of module: ProbeModule, _ scrapeTimeout: String?) -> Duration {
    let given = scrapeTimeout.flatMap(Double.init).flatMap { $0.isFinite && $0 > 0.5 && $0 < 3600 ? Duration.seconds($0 - 0.5) : nil }
    return [module.timeout, given].compactMap(\.self).min() ?? Self.usualTimeout
  }

  private static func shown(_ text: String) -> String { String(text.prefix(100).filter { !$0.isNewline }) }

  /// Of a query in the form that browsers send; of a name that stands there twice the first counts.
  static func parameters(_ query: String) -> [String: String] {
    var parameters: [String: String] = [:]
    for pair in query.split(separator: "&").prefix(16) {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = decoded(parts[0])
      if parameters[name] == nil { parameters[name] = parts.count > 1 ? decoded(parts[1]) : "" }
    }
    return parameters
  }

  private static func decoded(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.first {
      rest = rest.dropFirst()
      if byte == UInt8(ascii: "%"), let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16), rest.count >= 2 {
        bytes.append(code)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension LiveSeries {
  fileprivate init(_ sample: MetricSample) {
    let name = (name: Labels.metricName, value: sample.metric.name + sample.suffix)
    self.init(metric: sample.metric, labels: Labels(sample.labels.map { (name: $0.key, value: $0.value) } + [name]), value: sample.value)
  }
}
