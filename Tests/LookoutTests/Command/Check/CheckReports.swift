@testable import Lookout

/// A row as a look left it.
func row(
  _ check: String, _ component: Component, _ status: CheckReport.Status, _ sentence: String = "the answer was right", reason: Reason? = nil,
  cause: Component? = nil, value: Double? = nil, unit: String? = nil, budget: Double? = nil, evidence: [Evidence] = [],
  measured: [MetricSample] = [], target: String = "crm"
) -> CheckReport.Row {
  CheckReport.Row(
    check: CheckID(target: target, check: check), component: component, status: status,
    weight: component.failsHealth ? status : status == .fail ? .warn : status, reason: reason, cause: cause, sentence: sentence,
    value: value,
    unit: unit, budget: budget, evidence: evidence, observedAt: status == .unknown ? nil : notifyStart, seconds: value,
    measured: measured)
}

func report(_ rows: [CheckReport.Row], others: [CheckReport.Row] = [], notes: [String] = []) -> CheckReport {
  CheckReport(target: "crm", at: notifyStart, seconds: 2.34, rows: rows, others: others, notes: notes)
}

enum SomeReports {
  static let passing = report([
    row("odoo_health", .process, .pass, value: 0.002, unit: "s"),
    row("page", .page, .pass, "the page and its 2 bundles came", value: 0.234, unit: "s", budget: 3),
    row(
      "postgresql", .postgresql, .pass, "7 of 97 connections are in use", value: 7, unit: "connections", budget: 60,
      measured: [Metric.postgresConnectionsUsed.sample([:], 7), Metric.postgresConnectionsLimit.sample([:], 97)]),
    row("log", .log, .pass, "no error in Odoo's log for 5 min", value: 0, unit: "errors"),
  ])

  static let databaseDown = report([
    row(
      "postgresql", .postgresql, .fail,
      "PostgreSQL cannot be reached: connection to server at \"127.0.0.1\", port 5433 failed: Connection refused",
      reason: .databaseUnreachable, cause: .postgresql),
    row(
      "login_page", .registry, .fail, "Odoo offers to choose a database", reason: .databaseSelector, cause: .postgresql, value: 0.004,
      unit: "s", budget: 3),
    row("page", .page, .fail, "Odoo answered HTTP 500", reason: .httpStatus, cause: .postgresql, value: 0.1, unit: "s", budget: 3),
    row("log", .log, .warn, "2 errors in Odoo's log within 5 min", reason: .logErrors, cause: .log, value: 2, unit: "errors"),
    row("dashboard_data", .dashboard, .unknown, "did not answer within 60 s", reason: .notObserved, budget: 2),
    row("mail", .mail, .warn, "cannot be checked: GRANT SELECT ON mail_mail", reason: .rightMissing, cause: .mail),
    row("odoo_health", .process, .pass, value: 0.002, unit: "s"),
  ])

  static let hostile = report([
    row(
      "it's=\"<x>\"|y", .page, .fail, "a|b\nc\u{1b}[31m <&> \"q\" 'p' \u{0}\u{fffe}\u{202e}", reason: .rpcError, cause: .page, value: 0.5,
      unit: "s", budget: 3,
      evidence: [Evidence(name: "message", value: "]]> \u{8}\n|")], target: "c'r=m")
  ])
}
