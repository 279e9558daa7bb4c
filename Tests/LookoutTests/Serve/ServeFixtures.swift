import PromQL

@testable import Lookout

/// 2026-11-22T13:09:09.329Z.
let servedNow = Timestamp(milliseconds: 1_795_352_949_329)

/// A finding of the target `crm`, observed at `servedNow` and fresh for 30 s unless told otherwise.
func servedFinding(
  _ check: String, _ component: Component, _ level: Level = .pass, reason: Reason? = nil, cause: Component? = nil, database: String? = nil,
  sentence: String = "as it should be", value: Double? = nil, unit: String? = nil, evidence: [Evidence] = [],
  since: Timestamp = servedNow - .seconds(600), observedAt: Timestamp = servedNow, freshFor: Duration = .seconds(30)
) -> Finding {
  Finding(
    check: CheckID(target: "crm", check: check), component: component, database: database,
    verdict: Verdict(level: level, reason: reason, sentence: sentence, value: value, unit: unit, evidence: evidence),
    cause: cause, since: since, observedAt: observedAt, freshUntil: observedAt + freshFor)
}

func serveSources(
  now: Timestamp = servedNow, findings: [Finding] = [], expected: [ExpectedCheck] = [],
  alerts: [Alert] = [], readiness: [String] = [], liveness: [String] = [], series: @escaping @Sendable () -> [LiveSeries] = { [] },
  reload: @escaping @Sendable () async throws -> Void = {}
) -> ServeSources {
  ServeSources(
    now: { now }, target: { "crm" }, version: "1.2.3", startedAt: servedNow - .seconds(3600), findings: { findings },
    expectedChecks: { expected }, series: series, alerts: { alerts }, readiness: { readiness }, liveness: { liveness }, reload: reload)
}

func expectedCheck(_ check: String, _ component: Component, database: String? = nil, since: Timestamp) -> ExpectedCheck {
  ExpectedCheck(
    row: CheckRow(id: CheckID(target: "crm", check: check), component: component, cost: .cheap, database: database), since: since)
}

func servedSeries(
  _ name: String, _ kind: Metric.Kind, help: String = "Some help.", suffix: String = "", _ labels: [(String, String)] = [],
  _ value: Double
) -> LiveSeries {
  let pairs = ([("__name__", name + suffix)] + labels).map { (name: $0.0, value: $0.1) }
  return LiveSeries(metric: Metric(name: name, kind: kind, help: help), labels: Labels(pairs), value: value)
}

func servedSeries(_ name: String, suffix: String = "", _ labels: [(String, String)] = [], _ value: Double) -> LiveSeries {
  servedSeries(name, .gauge, suffix: suffix, labels, value)
}

/// PostgreSQL is down: it is the cause of three failures; a slow export has nothing to do with it.
let databaseDownFindings = [
  servedFinding(
    "login_page", .page, .fail, reason: .databaseSelector, cause: .postgresql, sentence: "the login page leads to the selector"),
  servedFinding("dashboard_data", .dashboard, .fail, reason: .httpStatus, cause: .postgresql, sentence: "the dashboard's data answer 404"),
  servedFinding("connect", .postgresql, .fail, reason: .databaseUnreachable, cause: .postgresql, sentence: "no connection to PostgreSQL"),
  servedFinding("export_xlsx", .export, .warn, reason: .tooSlow, cause: .export, sentence: "the export takes 7 s"),
  servedFinding("web_health", .process, sentence: "answers in 4 ms"),
]

extension [UInt8] {
  var utf8Text: String { String(decoding: self, as: UTF8.self) }
}
