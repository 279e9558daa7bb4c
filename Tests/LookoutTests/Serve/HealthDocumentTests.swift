import FoundationEssentials
import Testing

@testable import Lookout

@Suite struct HealthDocumentTests {
  private func json(_ findings: [Finding], of component: Component? = nil) throws -> String {
    let standing = Standing(CheckStanding.all(findings: findings, expected: [], now: servedNow), of: component)
    return try HealthDocument(standing, target: "crm", version: "1.2.3").json().utf8Text
  }

  @Test("a passing check is told without output, reason and cause")
  func pass() throws {
    let expected = """
      {"checks":{"crm:web_health":[{"componentId":"crm","componentType":"process","observedUnit":"s","observedValue":0.004,\
      "since":"2026-11-22T12:59:09.329Z","status":"pass","time":"2026-11-22T13:09:09.329Z"}]},"description":"the Odoo crm",\
      "serviceId":"crm","status":"pass","version":"1.2.3"}

      """
    #expect(try json([servedFinding("web_health", .process, value: 0.004, unit: "s")]) == expected)
  }

  @Test("a failing check is told with reason, cause, evidence and output, the document with the root's sentence")
  func fail() throws {
    let evidence = [Evidence(name: "status", value: "404"), Evidence(name: "url", value: "http://odoo/web")]
    let findings = [
      servedFinding("login_page", .page, .fail, reason: .httpStatus, cause: .process, sentence: "answers 404", evidence: evidence),
      servedFinding("port", .process, .fail, reason: .connect, cause: .process, sentence: "nothing listens"),
    ]
    let expected = """
      {"checks":{"crm:login_page":[{"cause":"process","componentId":"crm","componentType":"page",\
      "evidence":[{"name":"status","value":"404"},{"name":"url","value":"http://odoo/web"}],"output":"answers 404",\
      "reason":"http_status","since":"2026-11-22T12:59:09.329Z","status":"fail","time":"2026-11-22T13:09:09.329Z"}]},\
      "description":"page of the Odoo crm","output":"nothing listens","serviceId":"crm","status":"fail","version":"1.2.3"}

      """
    #expect(try json(findings, of: .page) == expected)
  }

  @Test("checks of several databases are entries of one key")
  func databases() throws {
    let text = try json([servedFinding("size", .database, database: "stock"), servedFinding("size", .database, database: "sales")])
    let document = try JSONDecoder().decode(HealthDocument.self, from: Data(text.utf8))
    #expect(document.checks["crm:size"]?.map(\.componentId) == ["sales", "stock"])
  }

  @Test("what has never been observed has no time")
  func unobserved() throws {
    let expected = [expectedCheck("a", .page, database: "sales", since: servedNow)]
    let standing = Standing(CheckStanding.all(findings: [], expected: expected, now: servedNow))
    let check = try #require(HealthDocument(standing, target: "crm", version: "1").checks["crm:a"]?.first)
    #expect((check.time, check.reason, check.status, check.componentId) == (nil, "not_observed", "warn", "sales"))
  }

  @Test("values and texts that JSON has no word for do not break it", arguments: [Double.nan, .infinity, -.infinity])
  func hostile(_ value: Double) throws {
    let sentence = "\u{0}\u{1f}\"\\</script>\u{2028}\u{fffd}🛑"
    let text = try json([servedFinding("a\"\n\u{0}", .page, .fail, sentence: sentence, value: value, unit: "s")])
    let document = try JSONDecoder().decode(HealthDocument.self, from: Data(text.utf8))
    let check = try #require(document.checks["crm:a\"\n\u{0}"]?.first)
    #expect(check.output == sentence)
    #expect(check.observedValue == nil && check.observedUnit == nil)
  }
}
