import Testing

@testable import Lookout

/// How a reason is told.
private enum Telling {
  /// By this alert, when that check sees that.
  case alert(String, check: String, Sight)
  /// By no alert that carries it.
  case otherwise(why: String, by: String)

  private static func ladder(_ alert: String, _ check: String, _ exchange: HTTPExchange) -> Telling {
    guard let healthy = Outage.healthy.first(where: { $0.check == check }) else { return .otherwise(why: "there is no such check", by: "") }
    return .alert(alert, check: check, Outage.instead(exchange)(healthy))
  }

  private static func database(_ alert: String, _ check: String, _ state: String?, _ message: String = "made") -> Telling {
    guard let healthy = Outage.healthy.first(where: { $0.check == check }) else { return .otherwise(why: "there is no such check", by: "") }
    return .alert(alert, check: check, Outage.unasked(PostgresFailure(state: state, message: message))(healthy))
  }

  private static func session(_ alert: String, _ state: SessionState) -> Telling {
    .alert(alert, check: "session", Sight(seen: .session(state)))
  }

  private static func refused(_ reason: Reason) -> Telling {
    session("LookoutCannotLogIn", SessionState(trouble: SessionTrouble(reason: reason, message: "made", isRefusal: true)))
  }

  /// The alert is found by the reason's check, which is in its expression.
  private static func logTrouble(_ reason: Reason) -> Telling {
    guard let check = LogCheck.all.first(where: { $0.reason == reason })?.name,
      let alert = try? RuleSet.shipped().alertRules.first(where: { "\($0.expression)".contains("check=\"\(check)\"") })
    else { return .otherwise(why: "there is no such check or rule", by: "") }
    return .alert(alert.name, check: check, Outage.logTrouble(check, reason))
  }

  private static func rpc(_ error: String) -> HTTPExchange { .made(200, "{\"error\": {\(error)}}") }

  /// The compiler sees to it that no reason is left out.
  static func of(_ reason: Reason) -> Telling {
    switch reason {
    case .dns, .connect, .tls, .timeout, .emptyReply, .tooLarge, .protocolError:
      ladder("OdooDown", "odoo_health", .unanswered(reason, "made"))
    case .httpStatus: ladder("OdooBroken", "login_page", .made(500, "x", type: "text/html"))
    case .databaseSelector: ladder("OdooBroken", "login_page", .made(303, location: "/web/database/selector"))
    case .redirected: ladder("OdooBroken", "login_page", .made(303, location: "/elsewhere"))
    case .redirectedToLogin: ladder("DashboardBroken", "page", .made(303, location: "/web/login"))
    case .contentType: ladder("DashboardBroken", "dashboard_data", .made(200, "<html>", type: "text/html"))
    case .notJSON: ladder("DashboardBroken", "dashboard_data", .made(200, "{"))
    case .sessionExpired: ladder("DashboardBroken", "dashboard_data", rpc(#""code": 100"#))
    case .rpcError: ladder("DashboardBroken", "dashboard_data", rpc(#""code": 200, "message": "Odoo Server Error""#))
    case .dashboardError: ladder("DashboardBroken", "dashboard_data", .made(200, #"{"result": {"success": false, "error": "x"}}"#))
    case .emptyData: ladder("ExportBroken", "dashboard_export", .made(200, "Lead,Sum\n", type: "text/csv"))
    case .missingData: ladder("DashboardBroken", "dashboard_data", .made(200, "{}"))
    case .unexpectedData:
      .alert(
        "DashboardBroken", check: "dashboard_data", Outage.data(#"{"kpis": {"total_leads": 0}}"#, Outage.demanding("kpis.total_leads > 0")))
    case .notInstalled: ladder("DashboardBroken", "dashboard_data", .made(404, String(repeating: "x", count: 2000), type: "text/html"))
    case .assetBroken:
      .alert(
        "DashboardBroken", check: "page", Outage.page(.made(200, "<html>", type: "text/html"), bundle: .made(404, "", type: "text/html")))
    case .tooSlow:
      ladder("DashboardSlow", "dashboard_overdue", .made(200, #"{"result": {"success": true, "data": []}}"#, seconds: 9))
    case .accessDenied: ladder("LookoutCannotCheck", "strategic_data", .made(403, "", type: "text/html"))
    case .loginFailed, .loginCooldown, .secondFactor: refused(reason)
    case .exposed: session("OdooExposed", SessionState(isAdministrator: true))
    case .databaseUnreachable: database("PostgreSQLDown", "postgresql", nil)
    case .databaseMissing: database("PostgreSQLDown", "postgresql", "3D000")
    case .databaseRefused: database("LookoutCannotSeePostgreSQL", "postgresql", "28P01")
    case .connectionsExhausted: database("PostgreSQLDown", "postgresql", "53300")
    case .longStatement: .alert("PostgreSQLLongStatement", check: "postgresql", Outage.postgres(longest: 90))
    case .slowStatement:
      .alert(
        "PostgreSQLSlowStatements", check: "statements",
        Sight(
          seen: .statements(.success([SlowStatement(id: "7", calls: 3, meanSeconds: 4)])), samples: [Metric.slowStatements.sample([:], 1)]))
    case .rightMissing: database("LookoutCannotCheck", "mail", "42501")
    case .extensionMissing: database("LookoutCannotCheck", "statements", "42883", "no function pg_stat_statements")
    case .queryFailed: database("LookoutCannotSeePostgreSQL", "postgresql", "57014")
    case .mailFailed: .alert("MailFailed", check: "mail", Outage.mail(failed: 3, stuck: 0))
    case .mailStuck: .alert("MailStuck", check: "mail", Outage.mail(failed: 0, stuck: 3))
    case .cronOverdue:
      .alert(
        "CronOverdue", check: "cron",
        Sight(seen: .cron(.success([OverdueJob(name: "Mail", seconds: 3600)])), samples: [Metric.cronOverdue.sample([:], 1)]))
    case .logErrors: .alert("OdooLogErrors", check: "log", Outage.log(errors: 3))
    case .logUnreadable: .alert("OdooLogUnreadable", check: "log", Outage.log(errors: 0, unreadable: "no such file"))
    case .workerKilled, .respawnLoop, .poolFull, .registryFailed, .moduleSkipped, .cronFailed, .mailServerFailed, .loginsFailed,
      .databaseCreated, .newError, .logSilent, .logNotWritable, .logLost, .logBlind, .secretLogged:
      logTrouble(reason)
    case .debugLogged: .alert("OdooLogBlind", check: "log_level", Outage.logTrouble("log_level", reason))
    case .agentTrouble: .alert("LookoutTrouble", check: "agent", Outage.agent(unobserved: 1))
    case .notObserved:
      .otherwise(why: "what is not observed has no finding; lookout_checks_unobserved counts it", by: "LookoutTrouble")
    case .saturated:
      .otherwise(why: "no check gives it: the workers are seen through the answers of those that wait for them", by: "OdooDown")
    }
  }
}

@Suite struct ReasonCoverageTests {
  @Test("every reason has an alert that carries it, or is told by another one", arguments: Reason.allCases)
  func covered(reason: Reason) throws {
    switch Telling.of(reason) {
    case .alert(let name, let check, let sight):
      var outage = Outage()
      outage.see([check]) { _ in sight }
      if reason == .logErrors { outage.logErrors = 3 }
      let alerts = try outage.alerts()
      let alert = try #require(alerts.first { $0.name == name }, "\(alerts.map(\.name))")
      #expect(alert.labels["check"] == check && alert.annotations["reason"] == reason.rawValue, "\(alert)")
      #expect(alert.annotations["finding"]?.isEmpty == false)
    case .otherwise(let why, let alert):
      let rules = try RuleSet.shipped().alertRules.map(\.name)
      #expect(!why.isEmpty && rules.contains(alert))
    }
  }

  @Test("no alert is there for nothing: each one is told for some reason")
  func needed() throws {
    let named = Reason.allCases.compactMap { reason in
      if case .alert(let name, _, _) = Telling.of(reason) { name } else { nil }
    }
    let all = Set(try RuleSet.shipped().alertRules.map(\.name))
    // Its reason, connections_exhausted, comes with a verdict that only warns too.
    // Those of the doors share their reasons with OdooExposed and LookoutCannotCheck, WebsocketBroken its reasons with OdooDown.
    let shared: Set = [
      "PostgreSQLConnectionsNearLimit", "DashboardExposed", "AccessMissing", "WebsocketBroken", "ProbeFailed", "CertificateExpires",
      // Its reason, database_unreachable, is that of PostgreSQLDown too.
      "OdooCannotReachPostgreSQL",
    ]
    #expect(all.subtracting(named) == shared)
  }
}
