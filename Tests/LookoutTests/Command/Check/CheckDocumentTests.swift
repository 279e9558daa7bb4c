import Foundation
import Testing

@testable import Lookout

@Suite("The report as JSON")
struct CheckDocumentTests {
  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test("it has what /health has, and budget, duration, counts and the first action besides")
  func document() throws {
    let found = try object(CheckDocument(SomeReports.databaseDown).text())
    #expect(found["status"] as? String == "fail" && found["exitCode"] as? Int == 2)
    #expect(found["counts"] as? [String: Int] == ["pass": 1, "warn": 2, "fail": 3, "unknown": 1])
    let checks = try #require(found["checks"] as? [String: [[String: Any]]])
    let page = try #require(checks["crm:page"]?.first)
    #expect(page["status"] as? String == "fail" && page["cause"] as? String == "postgresql" && page["budget"] as? Double == 3)
    #expect(page["observedUnit"] as? String == "s" && (page["firstAction"] as? String)?.isEmpty == false)
    #expect(checks["crm:dashboard_data"]?.first?["status"] as? String == "unknown")
    #expect(checks["crm:odoo_health"]?.first?["output"] == nil)
  }

  @Test("the fields of /health have the same names here")
  func likeHealth() throws {
    let standing = Standing([
      CheckStanding(
        check: CheckID(target: "crm", check: "page"), component: .page, database: "crm", level: .fail, reason: .timeout, cause: .page,
        sentence: "x", value: 1, unit: "s", evidence: [Evidence(name: "a", value: "b")], observedAt: notifyStart)
    ])
    let health = try object(String(decoding: HealthDocument(standing, target: "crm", version: "1").json(), as: UTF8.self))
    let here = try object(CheckDocument(SomeReports.hostile).text())
    #expect(Set(health.keys).isSubset(of: here.keys))
    let one = try #require((health["checks"] as? [String: [[String: Any]]])?.values.first?.first)
    let other = try #require((here["checks"] as? [String: [[String: Any]]])?.values.first?.first)
    #expect(Set(one.keys).isSubset(of: other.keys))
  }

  @Test("a mistake is unknown")
  func unknown() throws {
    let found = try object(CheckDocument(unknown: "bad \"file\"").text())
    #expect(found["status"] as? String == "unknown" && found["exitCode"] as? Int == 3 && found["output"] as? String == "bad \"file\"")
  }
}
