import Testing

@testable import Lookout

@Suite(
  "blackbox_exporter's rules of awesome-prometheus-alerts", .enabled(if: RuleData.acceptance != nil, Comment(rawValue: RuleData.absence)))
struct BlackboxRulesTests {
  private func rules() throws -> RuleSet {
    let file = try #require(try RuleData.acceptanceFiles("rules").first { $0.name.contains("/blackbox/") })
    return try RuleSet.load(file.text, file: file.name)
  }

  /// The names of what fires within a quarter of an hour over what a check says that got that answer.
  private func fired(_ exchange: HTTPExchange, reloaded: Double = 1) throws -> Set<String> {
    let look = observed("odoo_health", .process, .answer(exchange, .health), at: .seconds(0), samples: exchange.samples)
    var diagnosis = Diagnosis(checks: [CheckRow(look)])
    let step = [diagnosis.take(look, at: .seconds(0)), diagnosis.expire(at: .seconds(60))].flatMap(\.published)
    let (observation, finding) = try #require(step.last)
    var series = try RuleSeries()
    for sample in FindingSamples.samples(observation, finding) + [Metric.blackboxReload.sample([:], reloaded)] {
      let labels = sample.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\"\($0.value)\"" }.joined(separator: ",")
      try series.add("\(sample.metric.name){\(labels)}", Array(repeating: sample.value, count: 61))
    }
    var evaluating = Evaluating(try rules(), series: series)
    for seconds in stride(from: Int64(0), through: 900, by: 60) { evaluating.evaluate(at: seconds) }
    return Set(evaluating.active.map(\.alert).filter { $0.state == .firing }.map(\.name))
  }

  private func healthy(daysLeft: Double = 60, seconds: Double = 0.1, status: Int = 200) -> HTTPExchange {
    var exchange = HTTPExchange.made(status, #"{"status": "pass"}"#, seconds: seconds)
    exchange.certificatesEnd = 900 + daysLeft * 86_400
    return exchange
  }

  @Test("work unmodified on what the agent exposes: each fires for what it is about, and none while all is well")
  func fires() throws {
    #expect(try fired(healthy()) == [])
    #expect(try fired(healthy(daysLeft: 10)) == ["BlackboxSslCertificateWillExpireSoon"])
    #expect(try fired(healthy(daysLeft: 2)) == ["BlackboxSslCertificateWillExpireVerySoon"])
    #expect(try fired(healthy(daysLeft: -1)) == ["BlackboxSslCertificateExpired"])
    #expect(try fired(healthy(seconds: 1.5)) == ["BlackboxSlowProbe", "BlackboxProbeSlowHttp"])
    #expect(try fired(healthy(status: 500)) == ["BlackboxProbeFailed", "BlackboxProbeHttpFailure"])
    #expect(try fired(healthy(), reloaded: 0) == ["BlackboxConfigurationReloadFailure"])
    // Of them all one is left, that of ICMP.
    #expect(try rules().alertRules.count == 9)
  }
}
