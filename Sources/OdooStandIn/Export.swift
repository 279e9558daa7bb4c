internal import NIOCore

/// The export routes of the two dashboards.
extension Visit {
  private enum Format {
    case csv, xlsx

    var type: String { self == .csv ? "text/csv" : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" }
    var suffix: String { self == .csv ? "csv" : "xlsx" }
  }

  private var format: Format { request.query["format"] == "csv" ? .csv : .xlsx }
  private var teams: [Int]? { request.query["team_ids"]?.split(separator: ",").compactMap { Int($0) } }

  /// Python's `None` where a date is missing, in the name and in the title alike.
  private var dates: (from: String, to: String) {
    (request.query["date_from"]?.fileSafe ?? "None", request.query["date_to"]?.fileSafe ?? "None")
  }

  private func period() throws(Period.Malformed) -> Period {
    try Period(from: request.query["date_from"], to: request.query["date_to"], teams: teams, today: now.day)
  }

  func export() -> Answer {
    do throws(Period.Malformed) {
      let dashboard = Dashboard(odoo.leads, try period(), today: now.day)
      return file(heading + dashboard.kpis.map { [$0.title, $0.value.text] }, cost: dashboard.cost)
    } catch {
      return emptyExport(Subject(path: request.path), error: error.message)
    }
  }

  private var heading: [[String]] { [["CRM Dashboard Export", "Period: \(dates.from) to \(dates.to)"], [], ["KPI", "Value"]] }

  private func file(_ rows: [[String]], cost: Cost) -> Answer {
    answer(rows, name: "crm_dashboard_\(dates.from)_\(dates.to).\(format.suffix)", cost: cost)
  }

  /// The dashboard's export has its heading and no rows when the figures fail; the strategic one says so, with a 500.
  func emptyExport(_ subject: Subject, error: String?) -> Answer? {
    guard Dashboards.exports.contains(request.path) else { return nil }
    let message = error ?? "no figures"
    if subject.controller.hasSuffix("strategic_controller") {
      return exportFailed("Error retrieving dashboard data: \(message)", subject)
    }
    return file(heading, cost: Cost(queries: 6, seconds: 0.008)).logging(
      Record(
        level: .error, logger: "odoo.addons.crm_executive_dashboard.models.crm_dashboard",
        message: "Error in get_dashboard_data: \(message)", database: databaseName))
  }

  /// As above, for a route that is an export.
  private func emptyExport(_ subject: Subject, error: String) -> Answer {
    emptyExport(subject, error: Optional(error)) ?? exportFailed("Error exporting data: \(error)", subject)
  }

  func strategicExport() -> Answer {
    let (from, to) = (request.query["date_from"] ?? "", request.query["date_to"] ?? "")
    guard !from.isEmpty, !to.isEmpty else {
      let message = "Missing required parameters: date_from and date_to"
      return .text(message, .badRequest, cost: Cost(queries: 1, seconds: 0.002)).with(Answer.nosniff)
    }
    do throws(Period.Malformed) {
      let strategic = Strategic(odoo.leads, try period(), today: now.day)
      let name = "\"strategic_dashboard_\(dates.from)_\(dates.to).\(format.suffix)\""
      return answer(strategic.rows(dates, now: now), name: name, cost: strategic.cost)
    } catch {
      return exportFailed("Error retrieving dashboard data: \(error.message)", Subject(path: request.path))
    }
  }

  private func answer(_ rows: [[String]], name: String, cost: Cost) -> Answer {
    let bytes = format == .csv ? ByteBuffer(string: CSV.text(rows)) : ByteBuffer(bytes: Spreadsheet.file(rows))
    return .bytes(bytes, type: format.type, cost: cost)
      .with(("Content-Disposition", "attachment; filename=\(name)"), Answer.nosniff)
  }
}

/// Comma-separated values as Python's `csv` writes them: CRLF, quotes where needed (RFC 4180).
enum CSV {
  static func text(_ rows: [[String]]) -> String {
    rows.map { $0.map(field).joined(separator: ",") + "\r\n" }.joined()
  }

  private static func field(_ text: String) -> String {
    guard text.utf8.contains(where: { ",\"\r\n".utf8.contains($0) }) else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}

extension Strategic {
  func rows(_ dates: (from: String, to: String), now: Stamp) -> [[String]] {
    let late = leads.filter { $0.isOpen && $0.deadline < 0 }
    let still = leads.filter { $0.isOpen && $0.stage == 0 }
    let risky = late.filter { $0.revenue >= 50_000 }
    let teams = Lead.teams.indices.map { team in
      let own = opportunities.filter { $0.team == team }
      let won = own.filter(\.isWon)
      return [Lead.teams[team], "\(won.revenue)", "\(own.count)", "\(percent(won.count, of: own.count))", "0", "3"]
    }
    return [
      ["Strategic CRM Dashboard Report"], ["Period: \(dates.from) to \(dates.to)"], ["Generated: \(now.plain)"], [],
      ["STRATEGIC KPIs"], ["Metric", "Value", "Type"], ["Total Pipeline Value", "\(pipelineValue)", "Currency"],
      ["Revenue Growth (%)", "\(growth)", "Percentage"], ["Average Sales Cycle (days)", "\(cycle)", "Days"],
      ["Market Penetration (%)", "\(penetration)", "Percentage"], ["New Customers", "\(customers)", "Number"], [],
      ["TEAM PERFORMANCE"], ["Team Name", "Revenue", "Opportunities", "Win Rate (%)", "Target Achievement (%)", "Team Size"],
    ] + teams + [
      [], ["RISK ANALYSIS"], ["Risk Factor", "Count/Value", "Severity"], ["Overdue Opportunities", "\(late.count)", "High"],
      ["Stagnant Opportunities", "\(still.count)", "Medium"], ["High-Value at Risk", "\(risky.count)", "High"],
      ["Pipeline Concentration (%)", "0.0", "Variable"],
    ]
  }
}

extension String {
  /// What may stand in a header: the rest of a date that is none is dropped.
  fileprivate var fileSafe: String {
    String(
      decoding: utf8.filter { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) || $0 == 0x2D }.prefix(40), as: UTF8.self)
  }
}
