import Foundation
import OdooStandIn
import Testing

@Suite("figures of the dashboards")
struct DashboardTests {
  private static func total(_ running: Running, _ params: String, _ session: String) async throws -> Int {
    let answer = await running.odoo.call("/crm/dashboard/data", params, session: session)
    return try #require(answer["result", "data", "kpis", "total_leads"] as? Int)
  }

  @Test("dates and teams choose the leads")
  func filters() async throws {
    try await withStandIn { running in
      let session = try await running.session()
      let year = try await Self.total(running, #"{"date_from": "2000-01-01", "date_to": "2999-12-31"}"#, session)
      let month = try await Self.total(running, "{}", session)
      let none = try await Self.total(running, #"{"date_from": "2000-01-01", "date_to": "2000-12-31"}"#, session)
      #expect(year == 1095)
      #expect(month >= 3 && month <= 93)
      #expect(none == 0)
      let teams = [
        try await Self.total(running, #"{"date_from": "2000-01-01", "team_ids": [1]}"#, session),
        try await Self.total(running, #"{"date_from": "2000-01-01", "team_ids": [2]}"#, session),
      ]
      #expect(teams.reduce(0, +) == year && !teams.contains(0))
    }
  }

  @Test("the number of queries grows with the leads")
  func queries() async throws {
    try await withStandIn { running in
      let session = try await running.session()
      _ = try await Self.total(running, #"{"date_from": "2000-01-01"}"#, session)
      _ = try await Self.total(running, "{}", session)
      let queries = try running.records().compactMap(\.access).filter { $0.request == "POST /crm/dashboard/data" }.map(\.queries)
      #expect(queries.first == 14 + 4 * 1095)
      #expect((queries.last ?? 0) < 400)
    }
  }

  @Test("performers are limited, overdue opportunities are past")
  func rows() async throws {
    try await withStandIn { running in
      let session = try await running.session()
      let two = await running.odoo.call("/crm/dashboard/performers", #"{"date_from": "2000-01-01", "limit": 2}"#, session: session)
      let rows = try #require(two["result", "data"] as? [[String: Any]])
      let revenues = rows.compactMap { $0["revenue"] as? Double }
      #expect(revenues.count == 2 && revenues == revenues.sorted(by: >))
      let overdue = await running.odoo.call("/crm/dashboard/overdue", session: session)
      let deadlines = try #require(overdue["result", "data"] as? [[String: Any]]).compactMap { $0["date_deadline"] as? String }
      let log = try #require(try running.records().last)
      #expect(deadlines.count == 10)
      #expect(deadlines.allSatisfy { $0 < log.time.prefix(10) })
    }
  }

  @Test("csv and xlsx hold the figures")
  func exports() async throws {
    try await withStandIn { running in
      let session = try await running.session()
      let query = "date_from=2000-01-01&date_to=2999-12-31"
      let csv = await running.odoo.get("/crm/dashboard/export?\(query)&format=csv", session: session)
      #expect(csv.header("content-disposition") == "attachment; filename=crm_dashboard_2000-01-01_2999-12-31.csv")
      #expect(csv.text.components(separatedBy: "\r\n").contains("Total Leads,1095"))
      for path in ["/crm/dashboard/export", "/crm/strategic/dashboard/export"] {
        let xlsx = await running.odoo.get("\(path)?\(query)", session: session)
        #expect(try Archive.names(xlsx.body).contains("xl/worksheets/sheet1.xml"))
      }
      let strategic = await running.odoo.get("/crm/strategic/dashboard/export?\(query)&format=csv", session: session)
      #expect(strategic.text.hasPrefix("Strategic CRM Dashboard Report\r\n"))
      let injected = await running.odoo.get("/crm/dashboard/export?date_from=%0d%0aX-Evil:1&format=csv", session: session)
      #expect(injected.header("x-evil") == nil)
    }
  }

  @Test("call_kw counts, and names what it does not know")
  func callKW() async throws {
    try await withStandIn { running in
      let session = try await running.session()
      func ask(_ model: String, _ domain: String) async -> Client.Response {
        let params = #"{"model": "\#(model)", "method": "search_count", "args": [\#(domain)], "kwargs": {}}"#
        return await running.odoo.call("/web/dataset/call_kw", params, session: session)
      }
      #expect(await ask("crm.lead", "[]")["result"] as? Int == 1095)
      let some = await ask("crm.lead", #"[["expected_revenue", ">", 50000]]"#)["result"] as? Int ?? 0
      #expect(some > 0 && some < 1095)
      #expect(await ask("no.such", "[]")["error", "data", "name"] as? String == "builtins.KeyError")
      let field = await ask("crm.lead", #"[["planned_revenue", ">", 1]]"#)
      #expect(field["error", "data", "message"] as? String == "Invalid field crm.lead.planned_revenue in leaf ('planned_revenue', '>', 1)")
    }
  }
}

/// Enough of a zip reader to walk the local headers of a stored archive.
enum Archive {
  struct Malformed: Error { var at: Int }

  static func names(_ bytes: [UInt8]) throws -> [String] {
    func number(_ at: Int, _ width: Int) throws -> Int {
      guard at + width <= bytes.count else { throw Malformed(at: at) }
      return bytes[at..<at + width].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    var names: [String] = []
    var at = 0
    while try number(at, 4) == 0x0403_4b50 {
      let (size, length) = (try number(at + 18, 4), try number(at + 26, 2))
      guard at + 30 + length + size <= bytes.count else { throw Malformed(at: at) }
      names.append(String(decoding: bytes[at + 30..<at + 30 + length], as: UTF8.self))
      at += 30 + length + size
    }
    guard try number(at, 4) == 0x0201_4b50 else { throw Malformed(at: at) }
    return names
  }
}
