import Testing

@testable import Lookout

@Suite struct ShippedRulesTests {
  @Test("what is embedded is what lies in Alerts, and nothing is behind the last file")
  func embedded() throws {
    #expect(ShippedFile.all.map(\.name).prefix(3) == ["odoo.rules.yml", "odoo.test.yml", "README.md"])
    for file in ShippedFile.all { #expect(try file.text == RuleData.text("Alerts/\(file.name)")) }
  }

  @Test("a healthy Odoo sets off nothing")
  func healthy() throws {
    #expect(try Outage().alerts() == [])
  }

  @Test("a sick one sets off each alert, with no labels but those that are promised")
  func sick() throws {
    let alerts = try Self.sicknesses.flatMap { sickness in
      var outage = Outage()
      sickness(&outage)
      return try outage.alerts()
    }
    #expect(Set(alerts.map(\.name)) == Set(try RuleSet.shipped().alertRules.map(\.name)))
    let promised: Set = ["alertname", "target", "database", "component", "check", "severity"]
    for alert in alerts {
      #expect(promised.isSuperset(of: alert.labels.keys), "\(alert.labels)")
      #expect(alert.labels["component"].flatMap(Component.init(rawValue:)) != nil && alert.labels["target"] == "crm")
      #expect(Outage.checks.contains(alert.labels["check"] ?? ""))
      #expect(["critical", "warning", "info"].contains(alert.labels["severity"]))
      #expect(alert.annotations.values.allSatisfy { !$0.isEmpty && !$0.contains("{{") })
      #expect(alert.annotations["runbook_url"] == "http://lookout:9069/runbook#\(alert.name.lowercased())")
    }
  }

  @Test("critical is what stops users, and nothing else")
  func critical() throws {
    let critical = try RuleSet.shipped().alertRules.filter { $0.labels["severity"]?.text == "critical" }
    #expect(critical.map(\.name) == ["PostgreSQLDown", "OdooDown", "OdooBroken", "DashboardBroken"])
    #expect(critical.allSatisfy { $0.hold == .zero })
  }

  @Test("a lost database fires in the very evaluation that sees it, and only the group that reads it is asked")
  func atOnce() throws {
    var evaluating = Evaluating(try RuleSet.shipped(), series: try RuleSeries(["pg_up{target=\"crm\",database=\"crm\"}": [0]]))
    let groups = evaluating.evaluator.rules.groups(reading: ["pg_up"])
    #expect(groups.map(\.name) == ["odoo"])
    #expect(evaluating.evaluate(at: 0, groups: groups).alerts.map(\.name) == ["PostgreSQLDown"])
  }

  @Test("what was told is not called over while a greater trouble hides it")
  func hidden() throws {
    let place = "target=\"crm\",database=\"crm\""
    let series = try RuleSeries([
      "pg_connections_used{\(place)}": Array(repeating: 96, count: 40), "pg_connections_limit{\(place)}": Array(repeating: 97, count: 40),
      "probe_success{\(place),component=\"registry\",check=\"login_page\"}":
        Array(repeating: 1, count: 10) + Array(repeating: 0, count: 10),
    ])
    var evaluating = Evaluating(try RuleSet.shipped(), series: series)
    for seconds in stride(from: Int64(0), through: 285, by: 15) { evaluating.evaluate(at: seconds) }
    #expect(Set(evaluating.active.map(\.alert.name)) == ["OdooBroken", "PostgreSQLConnectionsNearLimit"])
  }

  /// Five states of a site in which between them everything is wrong that can be.
  private static let sicknesses: [@Sendable (inout Outage) -> Void] = [
    { outage in
      outage.see(["odoo_health", "login_page", "page"] + Outage.ofExports, Outage.instead(.made(500, "", type: "text/html")))
      outage.see(["postgresql"], Outage.unasked(.unreachable("gone")))
      outage.see(["agent"]) { _ in Outage.agent(unobserved: 2) }
      outage.see(["log"]) { _ in Outage.log(errors: 0, unreadable: "gone") }
    },
    { outage in
      outage.see(["session"] + Outage.ofSession, Outage.noSession(.loginFailed))
      outage.see(["postgresql"] + Outage.ofDatabase, Outage.unasked(PostgresFailure(state: "28P01", message: "no")))
      outage.see(["statements"], Outage.unasked(PostgresFailure(state: "42501", message: "no")))
      outage.logErrors = 3
    },
    { outage in
      outage.see(["session"]) { _ in Sight(seen: .session(SessionState(isAdministrator: true))) }
      outage.see(["postgresql"]) { _ in Outage.postgres(used: 90, longest: 300) }
      outage.see(["mail"]) { _ in Outage.mail(failed: 2, stuck: 3) }
      let job = OverdueJob(name: "Mail", seconds: 3600)
      outage.see(["cron"]) { _ in Sight(seen: .cron(.success([job])), samples: [Metric.cronOverdue.sample([:], 1)]) }
    },
    { outage in
      outage.see(["dashboard_overdue"], Outage.instead(.made(200, #"{"result": {"success": true, "data": []}}"#, seconds: 9)))
      outage.see(["shop"]) { _ in Outage.probe(.init(reason: .httpStatus, sentence: "made"), daysLeft: 3) }
      outage.see(["websocket"], Outage.instead(.unanswered(.connect)))
      outage.see(["anonymous_access"]) { _ in Outage.asked("without a login", isToBeRefused: true, .made(200, #"{"result": true}"#)) }
      outage.see(["menus"], Outage.instead(.made(200, "{}")))
      let slow = SlowStatement(id: "7", calls: 3, meanSeconds: 4)
      outage.see(["statements"]) { _ in
        Sight(seen: .statements(.success([slow])), samples: [Metric.slowStatements.sample([:], 1)])
      }
    },
    { outage in
      for check in LogCheck.all { outage.see([check.name]) { _ in Outage.logTrouble(check.name, check.reason) } }
    },
  ]
}
