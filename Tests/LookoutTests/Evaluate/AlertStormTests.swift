import Testing

@testable import Lookout

/// Something that goes wrong at a site, all that the checks see of it, and what may be told.
struct SiteTrouble: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let told: Set<String>
  let see: @Sendable (inout Outage) -> Void

  init(_ name: String, tells told: Set<String>, _ see: @escaping @Sendable (inout Outage) -> Void) {
    (testDescription, self.told, self.see) = (name, told, see)
  }

  private static let selector = HTTPExchange.made(303, type: "text/html", location: "/web/database/selector")
  private static let noDatabase = HTTPExchange.made(404, "Not Found", type: "text/html")
  private static let serverError = HTTPExchange.made(500, "Internal Server Error", type: "text/html")
  private static let swallowed = HTTPExchange.made(200, #"{"result": {"success": true, "data": {"error": "'planned_revenue'"}}}"#)

  static let all = [
    SiteTrouble("nothing", tells: []) { _ in },
    SiteTrouble("PostgreSQL is stopped", tells: ["PostgreSQLDown"]) { outage in
      outage.see(["postgresql"] + Outage.ofDatabase, Outage.unasked(.unreachable("connection refused")))
      withoutDatabase(&outage)
    },
    SiteTrouble("every connection of PostgreSQL is in use", tells: ["PostgreSQLDown"]) { outage in
      outage.see(["postgresql"]) { _ in Outage.postgres(used: 97) }
      withoutDatabase(&outage)
    },
    SiteTrouble("PostgreSQL is nearly full", tells: ["PostgreSQLConnectionsNearLimit"]) { outage in
      outage.see(["postgresql"]) { _ in Outage.postgres(used: 96) }
    },
    SiteTrouble("PostgreSQL refuses Odoo and nobody else", tells: ["OdooBroken"], withoutDatabase),
    SiteTrouble("the password of Lookout's user at Odoo has expired", tells: ["LookoutCannotLogIn"]) { outage in
      outage.see(["session"] + Outage.ofSession, Outage.noSession(.loginFailed))
    },
    SiteTrouble("the password of Lookout's role at PostgreSQL has expired", tells: ["LookoutCannotSeePostgreSQL"]) { outage in
      outage.see(["postgresql"] + Outage.ofDatabase, Outage.unasked(PostgresFailure(state: "28P01", message: "no")))
    },
    SiteTrouble("the module is broken", tells: ["DashboardBroken"]) { outage in
      outage.see(Outage.ofDashboards, Outage.instead(swallowed))
      outage.see(["dashboard_export"]) { _ in Outage.export(.made(200, "Lead,Sum\n", type: "text/csv")) }
      outage.see(["strategic_export"], Outage.instead(.made(500, "Error retrieving dashboard data: x", type: "text/html")))
      outage.logErrors = 12
    },
    SiteTrouble("the module is gone", tells: ["DashboardBroken"]) { outage in
      outage.see(
        Outage.ofDashboards + Outage.ofExports, Outage.instead(.made(404, String(repeating: "x", count: 6009), type: "text/html")))
    },
    SiteTrouble("the process behind live messages is gone", tells: ["WebsocketBroken"]) { outage in
      outage.see(["websocket"], Outage.instead(.unanswered(.connect)))
    },
    SiteTrouble("the dashboards' routes are public", tells: ["DashboardExposed"]) { outage in
      outage.see(["anonymous_access"]) { _ in
        Outage.asked("without a login", isToBeRefused: true, .made(200, #"{"result": {"success": true, "data": []}}"#))
      }
    },
    SiteTrouble("sellers are refused the dashboards", tells: ["AccessMissing"]) { outage in
      outage.see(["viewer_access"]) { _ in Outage.asked("the viewer", isToBeRefused: false, .made(200, #"{"result": false}"#)) }
      outage.see(["menus"], Outage.instead(.made(200, "{}")))
    },
    SiteTrouble("a probe of one's own fails", tells: ["ProbeFailed"]) { outage in
      outage.see(["shop"]) { _ in Outage.probe(.init(reason: .httpStatus, sentence: "made"), daysLeft: 60) }
    },
    SiteTrouble("a certificate ends soon", tells: ["CertificateExpires"]) { outage in
      outage.see(["shop"]) { _ in Outage.probe(nil, daysLeft: 3) }
    },
    SiteTrouble("the database manager is open", tells: ["OdooExposed"]) { outage in
      outage.see(["exposure"]) { _ in Sight(seen: .exposure(ExposureSight(isOpen: [.databaseManager: true]))) }
    },
    SiteTrouble("an export alone is broken", tells: ["ExportBroken"]) { outage in
      outage.see(["dashboard_export"]) { _ in Outage.export(.made(200, "Lead,Sum\n", type: "text/csv")) }
      outage.logErrors = 3
    },
    SiteTrouble("Odoo is stopped, and its jobs and mails wait", tells: ["OdooDown"]) { outage in
      outage.see(["odoo_health", "login_page"] + Outage.ofSession, Outage.instead(.unanswered(.connect)))
      outage.see(["mail"]) { _ in Outage.mail(failed: 0, stuck: 4) }
      overdue(&outage)
    },
    SiteTrouble("the name server is gone", tells: ["OdooDown"]) { outage in
      outage.see(["odoo_health", "login_page", "session"] + Outage.ofSession, Outage.instead(.unanswered(.dns)))
    },
    SiteTrouble("a module does not load", tells: ["OdooBroken"]) { outage in
      outage.see(["login_page"] + Outage.ofSession, Outage.instead(serverError))
      outage.logErrors = 60
    },
    SiteTrouble("Odoo's login is broken", tells: ["DashboardBroken"]) { outage in
      outage.see(["session"] + Outage.ofSession, Outage.noSession(.httpStatus, isRefusal: false))
    },
    SiteTrouble("every user of sales lost the dashboards", tells: ["DashboardBroken"]) { outage in
      outage.see(Outage.ofDashboards, Outage.instead(.made(200, #"{"result": {"success": false, "error": "You don't have permission"}}"#)))
      outage.see(Outage.ofExports, Outage.instead(.made(500, "Error: You don't have permission", type: "text/html")))
    },
    SiteTrouble("all is slow", tells: ["DashboardSlow"]) { outage in
      outage.see(["login_page"]) { _ in
        Outage.answer(.made(200, "<form class=\"oe_login_form\">", type: "text/html", seconds: 9), .loginPage)
      }
      outage.see(["page"]) { _ in Outage.page(.made(200, "<html>", type: "text/html", seconds: 9)) }
      outage.see(["dashboard_overdue", "dashboard_performers"], Outage.instead(slowList))
      outage.see(Outage.ofExports) { _ in Outage.export(.made(200, "Lead,Sum\nA,7\n", type: "text/csv", seconds: 9)) }
    },
    SiteTrouble("the mail server is gone", tells: ["MailFailed"]) { outage in
      outage.see(["mail"]) { _ in Outage.mail(failed: 3, stuck: 0) }
    },
    SiteTrouble("no cron worker lives", tells: ["CronOverdue"], overdue),
    SiteTrouble("errors that no check sees", tells: ["OdooLogErrors"]) { $0.logErrors = 2 },
    SiteTrouble("a slow dashboard, and errors elsewhere", tells: ["DashboardSlow", "OdooLogErrors"]) { outage in
      outage.see(["dashboard_overdue"], Outage.instead(slowList))
      outage.logErrors = 2
    },
    SiteTrouble("a worker is killed, which the log alone tells", tells: ["OdooWorkerKilled"]) { outage in
      outage.see(["log_worker_killed"]) { _ in Outage.logTrouble("log_worker_killed", .workerKilled) }
    },
    SiteTrouble("the dashboard is broken, and the log has the trace of it", tells: ["DashboardBroken"]) { outage in
      outage.see(["dashboard_data"], Outage.instead(serverError))
      for check in ["log_new_errors", "log_pool_full", "log_registry", "log_database"] {
        outage.see([check]) { _ in Outage.logTrouble(check, LogCheck.all.first { $0.name == check }?.reason) }
      }
      outage.logErrors = 5
    },
    SiteTrouble("Lookout's role lacks rights", tells: ["LookoutCannotCheck"]) { outage in
      outage.see(["mail", "cron"], Outage.unasked(.rightMissing("GRANT SELECT")))
    },
  ]

  private static let slowList = HTTPExchange.made(200, #"{"result": {"success": true, "data": []}}"#, seconds: 9)

  /// What an Odoo answers that does not reach its database (field notes on Odoo 17).
  @Sendable private static func withoutDatabase(_ outage: inout Outage) {
    outage.see(["login_page"], Outage.instead(selector))
    outage.see(["page"], Outage.instead(serverError))
    outage.see(Outage.ofDashboards + Outage.ofExports, Outage.instead(noDatabase))
    outage.logErrors = 200
  }

  @Sendable private static func overdue(_ outage: inout Outage) {
    let job = OverdueJob(name: "Mail", seconds: 3600)
    outage.see(["cron"]) { _ in Sight(seen: .cron(.success([job])), samples: [Metric.cronOverdue.sample([:], 1)]) }
  }
}

@Suite struct AlertStormTests {
  @Test("one trouble, whatever it takes along, is told by one alert", arguments: SiteTrouble.all)
  func one(trouble: SiteTrouble) throws {
    var outage = Outage()
    trouble.see(&outage)
    let alerts = try outage.alerts()
    #expect(alerts.told == trouble.told, "\(alerts.map { "\($0.name) \($0.labels["check"] ?? "")" })")
  }
}
