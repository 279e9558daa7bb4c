/// The JSON routes of the two dashboards.
extension Visit {
  private var today: Day { now.day }

  private func period(_ params: JSON, _ subject: Subject, _ act: (Period) -> Reply) -> Reply {
    do throws(Period.Malformed) {
      let asked = try Period(params, today: today)
      return act(odoo.faults.strikes(.filtersIgnored, request.path) == nil ? asked : try Period([:], today: today))
    } catch {
      return swallowed(error.message, empty: subject.empty, in: subject.function)
    }
  }

  func dashboardData(_ params: JSON) -> Reply {
    period(params, Subject(path: request.path)) { period in
      let dashboard = Dashboard(odoo.leads, period, today: today)
      return Reply(result: ["success": true, "data": dashboard.data], cost: dashboard.cost)
    }
  }

  func strategicData(_ params: JSON) -> Reply {
    period(params, Subject(path: request.path)) { period in
      let strategic = Strategic(odoo.leads, period, today: today)
      return Reply(result: ["success": true, "data": strategic.data], cost: strategic.cost)
    }
  }

  func overdue(_ params: JSON) -> Reply {
    rows(params, Cost(queries: 8, seconds: 0.01)) { $0.overdue }
  }

  func performers(_ params: JSON) -> Reply {
    rows(params, Cost(queries: 4, seconds: 0.008)) { $0.performers(limit: params["limit"]?.int ?? 5) }
  }

  private func rows(_ params: JSON, _ cost: Cost, _ rows: (Dashboard) -> JSON) -> Reply {
    do throws(Period.Malformed) {
      let dashboard = Dashboard(odoo.leads, try Period(params, today: today), today: today)
      return Reply(result: ["success": true, "data": rows(dashboard)], cost: cost)
    } catch {
      let subject = Subject(path: request.path)
      let message = "Error in \(subject.function): \(error.message)"
      let record = Record(level: .error, logger: subject.controller, message: message, database: databaseName)
      return Reply(result: ["success": false, "error": .string(error.message)], cost: Cost(queries: 2, seconds: 0.003), records: [record])
    }
  }
}
