import PromQL

@testable import Lookout

/// What the looks saw while something was wrong, on the way from their verdicts to the alerts: judged, given their causes, written as
/// samples, and held against the rules that ship for a quarter of an hour.
struct Outage {
  /// A check, and what it sees while all is well.
  struct Healthy {
    let check: String
    let component: Component
    var budget: Double?
    let sight: Sight
  }

  /// Every check there is.
  static let healthy: [Healthy] =
    [
      Healthy(check: "odoo_health", component: .process, sight: answer(.made(200, #"{"status": "pass"}"#), .health)),
      Healthy(
        check: "login_page", component: .registry, budget: 3,
        sight: answer(.made(200, "<form class=\"oe_login_form\">", type: "text/html"), .loginPage)),
      Healthy(check: "session", component: .session, sight: Sight(seen: .session(SessionState()))),
      Healthy(check: "page", component: .page, budget: 3, sight: page(.made(200, "<html>", type: "text/html"))),
      Healthy(check: "dashboard_data", component: .dashboard, budget: 2, sight: data("{\"kpis\": {\"a\": 1}}", .object(["kpis"]))),
      Healthy(check: "dashboard_overdue", component: .dashboard, budget: 2, sight: data("[]", .list)),
      Healthy(check: "dashboard_performers", component: .dashboard, budget: 2, sight: data("[]", .list)),
      Healthy(
        check: "strategic_data", component: .dashboard, budget: 2,
        sight: data("{\"strategic_kpis\": {\"a\": 1}}", .object(["strategic_kpis"]).forManagers)),
      Healthy(check: "dashboard_export", component: .export, budget: 5, sight: export(.made(200, "Lead,Sum\nA,7\n", type: "text/csv"))),
      Healthy(check: "strategic_export", component: .export, budget: 5, sight: export(.made(200, "Lead,Sum\nA,7\n", type: "text/csv"))),
      Healthy(check: "page_load", component: .page, budget: 3, sight: page(.made(200, "<html>", type: "text/html"))),
      Healthy(
        check: "dashboard_export_xlsx", component: .export, budget: 5, sight: export(.made(200, "Lead,Sum\nA,7\n", type: "text/csv"))),
      Healthy(
        check: "strategic_export_xlsx", component: .export, budget: 5, sight: export(.made(200, "Lead,Sum\nA,7\n", type: "text/csv"))),
      Healthy(check: "shop", component: .host, sight: probe(nil, daysLeft: 60)),
      Healthy(check: "websocket", component: .process, sight: answer(.made(200, #"{"status": "pass"}"#), .websocket)),
      Healthy(
        check: "menus", component: .access, sight: answer(.made(200, #"{"1": {"name": "CRM"}}"#), Expectation(content: .menus(["CRM"])))),
      Healthy(
        check: "anonymous_access", component: .access,
        sight: asked("without a login", isToBeRefused: true, .made(303, location: "/web/login"))),
      Healthy(
        check: "viewer_access", component: .access, sight: asked("the viewer", isToBeRefused: false, .made(200, #"{"result": true}"#))),
      Healthy(check: "exposure", component: .access, sight: Sight(seen: .exposure(ExposureSight(isOpen: [.databaseManager: false])))),
      Healthy(check: "postgresql", component: .postgresql, budget: 60, sight: postgres()),
      Healthy(
        check: "statements", component: .database, budget: 1,
        sight: Sight(seen: .statements(.success([])), samples: [Metric.slowStatements.sample([:], 0)])),
      Healthy(check: "mail", component: .mail, sight: mail(failed: 0, stuck: 0)),
      Healthy(check: "cron", component: .cron, sight: Sight(seen: .cron(.success([])), samples: [Metric.cronOverdue.sample([:], 0)])),
      Healthy(check: "log", component: .log, sight: log(errors: 0)),
    ]
    + LogCheck.all.map { Healthy(check: $0.name, component: $0.component, sight: logTrouble($0.name, nil)) } + [
      Healthy(check: "agent", component: .agent, sight: agent(unobserved: 0))
    ]

  static let checks = healthy.map(\.check)
  static let ofSession = ["page", "page_load"] + ofDashboards + ofExports
  static let ofDashboards = ["dashboard_data", "dashboard_overdue", "dashboard_performers", "strategic_data"]
  static let ofExports = ["dashboard_export", "strategic_export", "dashboard_export_xlsx", "strategic_export_xlsx"]
  static let ofDatabase = ["statements", "mail", "cron"]

  /// What differs from a healthy Odoo, by check.
  private(set) var sights: [String: Sight] = [:]
  /// So many errors came into the log with it.
  var logErrors = 0.0

  mutating func see(_ checks: [String], _ sight: (Healthy) -> Sight) {
    for healthy in Self.healthy where checks.contains(healthy.check) { sights[healthy.check] = sight(healthy) }
  }
}

extension Outage {
  var findings: [CheckID: Finding] {
    let judged = Self.healthy.map { ($0, Judgement.verdict(on: observation($0))) }
    let failing = judged.filter { $0.1.level == .fail }.flatMap { [$0.0.component] + ($0.1.blamed.map { [$0] } ?? []) }
    return Dictionary(
      uniqueKeysWithValues: judged.map { healthy, verdict in
        let id = CheckID(target: "crm", check: healthy.check)
        let cause = verdict.level == .pass ? nil : ComponentGraph.cause(of: healthy.component, failing: Set(failing))
        return (
          id,
          Finding(
            check: id, component: healthy.component, database: Self.database(healthy), verdict: verdict, cause: cause,
            since: .seconds(0), observedAt: .seconds(0), freshUntil: .seconds(60))
        )
      })
  }

  /// All that fired within that time, with what it said last.
  func alerts() throws -> [Alert] {
    let findings = findings
    var evaluating = Evaluating(try Self.rules.get(), series: try series(findings))
    evaluating.findings = findings
    var fired: [String: Alert] = [:]
    for seconds in stride(from: Int64(0), through: Self.duration, by: Int(Self.step)) {
      for alert in evaluating.evaluate(at: seconds).alerts where alert.state == .firing { fired[alert.fingerprint] = alert }
    }
    return fired.values.sorted { ($0.name, $0.fingerprint) < ($1.name, $1.fingerprint) }
  }

  private static let rules = Result { try RuleSet.shipped() }
  private static let duration: Int64 = 900
  private static let step: Int64 = 60
  private static let steps = Int(duration / step) + 1

  private func series(_ findings: [CheckID: Finding]) throws -> RuleSeries {
    var series = try RuleSeries()
    for healthy in Self.healthy {
      let observation = observation(healthy)
      guard let finding = findings[observation.check] else { continue }
      for sample in FindingSamples.samples(observation, finding) {
        let labels = sample.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\"\($0.value)\"" }.joined(separator: ",")
        try series.add("\(sample.metric.name){\(labels)}", Array(repeating: sample.value, count: Self.steps), step: Self.step * 1000)
      }
    }
    let errors = [0, 0] + Array(repeating: logErrors, count: Self.steps - 2)
    try series.add("odoo_log_errors_total{target=\"crm\",component=\"log\",check=\"log\"}", errors, step: Self.step * 1000)
    return series
  }

  private func observation(_ healthy: Healthy) -> Observation {
    Observation(
      check: CheckID(target: "crm", check: healthy.check), component: healthy.component, database: Self.database(healthy),
      interval: .seconds(15), lifetime: .seconds(45), budget: healthy.budget, cost: .cheap, startedAt: .seconds(0), endedAt: .seconds(0),
      sight: sights[healthy.check] ?? healthy.sight)
  }

  private static func database(_ healthy: Healthy) -> String? {
    ["odoo_health", "websocket", "log", "agent"].contains(healthy.check) || healthy.check.hasPrefix("log_") ? nil : "crm"
  }
}

// MARK: - What looks see

extension Outage {
  static func answer(_ exchange: HTTPExchange, _ expected: Expectation) -> Sight { Sight(answer: exchange, expecting: expected) }

  static func data(_ text: String, _ expected: Expectation) -> Sight {
    answer(.made(200, "{\"result\": {\"success\": true, \"data\": \(text)}}"), expected)
  }

  static func demanding(_ demand: String) -> Expectation {
    .object(["kpis"]).demanding((try? JSONDemand(demand)).map { [$0] } ?? [])
  }

  static func probe(_ flaw: ProbeOutcome.Flaw?, daysLeft: Double) -> Sight {
    let outcome = ProbeOutcome(flaw: flaw, seconds: 0.1, samples: [Metric.probeCertificate.sample([:], daysLeft * 86_400)])
    return Sight(seen: .probe(outcome), samples: outcome.samples, labels: ["module": "http_2xx"])
  }

  static func asked(_ who: String, isToBeRefused: Bool, _ exchange: HTTPExchange) -> Sight {
    let question = AccessSight.Question(about: "/crm/dashboard/data", isToBeRefused: isToBeRefused, exchange: exchange)
    return Sight(seen: .access(AccessSight(who: who, questions: [question])))
  }

  static func page(_ exchange: HTTPExchange, bundle: HTTPExchange = .made(200, "body {}", type: "text/css")) -> Sight {
    Sight(seen: .page(exchange, assets: exchange.status == 200 ? [bundle] : []), samples: exchange.samples)
  }

  static func export(_ exchange: HTTPExchange) -> Sight { answer(exchange, .export.forManagers) }

  /// Whatever the check asked for, this came.
  static func instead(_ exchange: HTTPExchange) -> (Healthy) -> Sight {
    { healthy in
      switch healthy.sight.seen {
      case .answer(_, let expected): answer(exchange, expected)
      case .page: page(exchange)
      default: Sight(seen: .session(SessionState(trouble: trouble(exchange))))
      }
    }
  }

  private static func trouble(_ exchange: HTTPExchange) -> SessionTrouble {
    SessionTrouble(reason: exchange.failure?.reason ?? .httpStatus, message: "made", exchange: exchange)
  }

  static func noSession(_ reason: Reason, isRefusal: Bool = true) -> (Healthy) -> Sight {
    { _ in Sight(seen: .session(SessionState(trouble: SessionTrouble(reason: reason, message: "made", isRefusal: isRefusal)))) }
  }

  static func postgres(used: Double = 10, longest: Double = 0) -> Sight {
    let samples = [
      Metric.postgresUp.sample([:], 1), Metric.postgresConnectionsUsed.sample([:], used),
      Metric.postgresConnectionsLimit.sample([:], 97), Metric.postgresLongestStatement.sample([:], longest),
    ]
    return Sight(
      seen: .database(.up(PostgresFacts(connectionsUsed: used, connectionsLimit: 97, longestStatement: longest))), samples: samples)
  }

  static func unasked(_ failure: PostgresFailure) -> (Healthy) -> Sight {
    { healthy in
      switch healthy.check {
      case "postgresql": Sight(seen: .database(.down(failure)), samples: [Metric.postgresUp.sample([:], 0)])
      case "statements": Sight(seen: .statements(.failure(failure)))
      case "mail": Sight(seen: .mail(.failure(failure)))
      default: Sight(seen: .cron(.failure(failure)))
      }
    }
  }

  static func mail(failed: Double, stuck: Double) -> Sight {
    let samples = [Metric.mailFailed.sample([:], failed), Metric.mailFailedLately.sample([:], failed), Metric.mailStuck.sample([:], stuck)]
    return Sight(seen: .mail(.success(MailSight(failed: failed, stuck: stuck))), samples: samples)
  }

  static func log(errors: UInt64, unreadable: String? = nil) -> Sight {
    Sight(
      seen: .log(LogSight(unreadable: unreadable, recentErrors: errors)),
      samples: [Metric.logUnreadable.sample([:], unreadable == nil ? 0 : 1)])
  }

  /// - Parameter reason: nil while nothing is wrong.
  static func logTrouble(_ check: String, _ reason: Reason?) -> Sight {
    let sentence = LogCheck.all.first { $0.name == check }?.sentence ?? ""
    return Sight(
      seen: .logTrouble(
        LogTroubleSight(count: reason == nil ? 0 : 3, reason: reason ?? .logErrors, sentence: sentence, lasts: .seconds(300))))
  }

  static func agent(unobserved: Double) -> Sight {
    Sight(
      seen: .agent(AgentSight(troubles: unobserved > 0 ? ["nobody has looked for too long at crm/mail"] : [])),
      samples: [Metric.checksUnobserved.sample([:], unobserved), Metric.reloadSuccessful.sample([:], 1)])
  }
}

extension [Alert] {
  /// The names of those that no critical alert of a deeper component keeps from being told.
  var told: Set<String> {
    func component(_ alert: Alert) -> Component? { alert.labels["component"].flatMap(Component.init(rawValue:)) }
    let critical = Set(filter { $0.labels["severity"] == "critical" }.compactMap(component))
    return Set(filter { alert in component(alert).map { ComponentGraph.reaches($0).isDisjoint(with: critical) } ?? true }.map(\.name))
  }
}
