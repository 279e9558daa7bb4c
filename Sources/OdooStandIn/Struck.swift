/// What the faults make of the routes behind the login.
extension Visit {
  private static let application: [Fault.Name] = [.http500, .rpcError, .accessDenied, .notSuccess, .dataError, .emptyKPIs]

  private static let forManagers = ["/crm/strategic/dashboard/data"] + Dashboards.exports

  private var fault: Fault.Name? {
    let struck = odoo.faults.first(of: Self.application, striking: request.path)
    return struck ?? (isViewer && Self.forManagers.contains(request.path) ? .accessDenied : nil)
  }

  /// `http_500`: what Odoo itself does to pages only, and what stands before it does to any route.
  func struckDown() -> Answer? {
    guard fault == .http500 else { return nil }
    odoo.faults.count(.http500)
    return failed(in: Subject(path: request.path))
  }

  private func failed(in subject: Subject) -> Answer {
    let traceback = Traceback.model(subject.function, raising: "ZeroDivisionError: float division by zero")
    return Answer.text(Page.error(.failed, Page.failedMessage), .failed, cost: Cost(queries: 4, seconds: 0.01))
      .logging(.unhandled(traceback, database: databaseName))
  }

  /// The answer of a JSON route that a fault strikes, `nil` where none does.
  func struck(_ params: JSON) throws(Raised) -> Reply? {
    guard let fault else { return nil }
    odoo.faults.count(fault)
    let subject = Subject(path: request.path)
    switch fault {
    case .rpcError:
      let last = "ZeroDivisionError: float division by zero"
      throw Raised(
        name: "builtins.ZeroDivisionError", message: "float division by zero", traceback: Traceback.model(subject.function, raising: last))
    case .accessDenied: return failure(subject.denial, of: subject)
    case .notSuccess: return failure("The dashboard could not be computed", of: subject)
    case .dataError: return dataError(subject)
    default: return Reply(result: ["success": true, "data": subject.empty], cost: Cost(queries: 6, seconds: 0.01))
    }
  }

  private func failure(_ message: String, of subject: Subject) -> Reply {
    let record = Record(
      level: .error, logger: subject.controller, message: "Error in \(subject.function): \(message)", database: databaseName)
    return Reply(result: ["success": false, "error": .string(message)], cost: Cost(queries: 2, seconds: 0.004), records: [record])
  }

  /// The module as published meets a field that Odoo 17 no longer has: the one route swallows it, the others do not.
  private func dataError(_ subject: Subject) -> Reply {
    switch subject.kind {
    case .overdue: return failure("'crm.lead' object has no attribute 'planned_revenue'", of: subject)
    case .performers: return failure("Invalid field 'user_id' on model 'crm.lead'", of: subject)
    case .data, .strategic, .other:
      return swallowed("'planned_revenue'", empty: subject.empty, in: subject.function)
    }
  }

  /// `success` stays true: the error is in `data` alone, and in the log.
  func swallowed(_ message: String, empty: JSON, in function: String) -> Reply {
    guard case .object(let members) = empty else { return Reply(result: empty, cost: .nothing) }
    let record = Record(
      level: .error, logger: "odoo.addons.crm_executive_dashboard.models.crm_dashboard", message: "Error in \(function): \(message)",
      database: databaseName)
    let data = JSON.object([JSON.Member(name: "error", value: .string(message))] + members)
    return Reply(result: ["success": true, "data": data], cost: Cost(queries: 23, seconds: 0.02), records: [record])
  }

  /// The answer of a page or an export that a fault strikes.
  func struckExport() -> Answer? {
    guard let fault else { return nil }
    odoo.faults.count(fault)
    let subject = Subject(path: request.path)
    switch fault {
    case .http500, .rpcError: return failed(in: subject)
    case .accessDenied: return exportFailed("Error exporting data: \(subject.denial)", subject)
    case .notSuccess: return exportFailed("Error exporting data: The dashboard could not be computed", subject)
    default: return emptyExport(subject, error: fault == .dataError ? "'planned_revenue'" : nil)
    }
  }

  func exportFailed(_ text: String, _ subject: Subject) -> Answer {
    let message = "Error in \(subject.function): " + (text.split(separator: ": ", maxSplits: 1).last ?? "")
    return Answer.text(text, .failed, cost: Cost(queries: 3, seconds: 0.004)).with(Answer.nosniff)
      .logging(Record(level: .error, logger: subject.controller, message: message, database: databaseName))
  }
}

/// One of the six routes: what its controller is called, and what it says when it has nothing to say.
struct Subject: Sendable {
  enum Kind: Sendable { case data, overdue, performers, strategic, other }

  var kind: Kind
  var function: String
  var controller: String
  var denial: String

  init(path: String) {
    let strategic = path.hasPrefix("/crm/strategic/")
    let export = path.hasSuffix("/export")
    controller = "odoo.addons.crm_executive_dashboard.controllers." + (strategic ? "strategic_controller" : "main")
    let name = strategic ? "Strategic CRM dashboard" : "CRM dashboard"
    denial = "You don't have permission to \(export ? "export \(name) data" : "access \(name)")"
    switch path {
    case "/crm/dashboard/overdue": (kind, function) = (.overdue, "get_overdue_opportunities")
    case "/crm/dashboard/performers": (kind, function) = (.performers, "get_top_performers")
    case "/crm/dashboard/data": (kind, function) = (.data, "get_dashboard_data")
    case "/crm/strategic/dashboard/data": (kind, function) = (.strategic, "get_strategic_dashboard_data")
    default: (kind, function) = (.other, strategic ? "export_strategic_dashboard_data" : "export_dashboard_data")
    }
    if kind == .overdue || kind == .performers { denial = Self.leadDenial }
  }

  private static let leadDenial =
    "You are not allowed to access 'Lead/Opportunity' (crm.lead) records.\n\nThis operation is allowed for the following groups:\n"
    + "\t- Sales/Administrator\n\t- Sales/User: Own Documents Only\n\nContact your administrator to request access if necessary."

  var empty: JSON {
    switch kind {
    case .overdue, .performers: []
    case .strategic: ["strategic_kpis": [:], "financial_performance": [:], "market_intelligence": [:], "customer_insights": [:]]
    case .data, .other: ["kpis": [:], "pipeline": [:], "trends": [:], "team_performance": [:], "customer_acquisition": [:]]
    }
  }
}
