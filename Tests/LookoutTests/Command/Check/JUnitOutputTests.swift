import Foundation
import FoundationXML
import Testing

@testable import Lookout

/// What a build server finds in the file.
private final class JUnitReader: NSObject, XMLParserDelegate {
  var cases: [String] = []
  var results: [String] = []
  var suite: [String: String] = [:]
  var texts = ""

  func parser(_: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?, attributes: [String: String]) {
    switch name {
    case "testsuite": suite = attributes
    case "testcase": cases.append("\(attributes["classname"] ?? "")/\(attributes["name"] ?? "")")
    case "failure", "error", "skipped", "system-out": results.append("\(cases.last ?? "") \(name) \(attributes["message"] ?? "")")
    default: break
    }
  }

  func parser(_: XMLParser, foundCharacters text: String) { texts += text }
}

@Suite("The report as JUnit's XML")
struct JUnitOutputTests {
  private func read(_ text: String) throws -> JUnitReader {
    let reader = JUnitReader()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = reader
    try #require(parser.parse(), "\(String(describing: parser.parserError)) in \(text)")
    return reader
  }

  @Test("a check is a test case; what fails, is unknown or cannot be looked at is told apart")
  func results() throws {
    let found = try read(JUnitOutput(report: SomeReports.databaseDown).text)
    #expect(found.cases.count == 7 && found.cases.contains("crm.registry/login_page"))
    #expect(found.suite["failures"] == "3" && found.suite["errors"] == "1" && found.suite["skipped"] == "1" && found.suite["tests"] == "7")
    let kinds = Dictionary(uniqueKeysWithValues: found.results.map { $0.split(separator: " ") }.map { ($0[0], $0[1]) })
    #expect(kinds["crm.page/page"] == "failure" && kinds["crm.dashboard/dashboard_data"] == "error")
    #expect(kinds["crm.mail/mail"] == "skipped" && kinds["crm.log/log"] == "system-out" && kinds["crm.process/odoo_health"] == nil)
    #expect(found.results.contains("crm.page/page failure because postgresql fails: Odoo answered HTTP 500"))
  }

  @Test("whatever was seen, it is XML 1.0")
  func hostile() throws {
    let found = try read(JUnitOutput(report: SomeReports.hostile).text)
    #expect(found.cases == ["c'r=m.page/it's=\"<x>\"|y"])
    #expect(found.results.first?.contains("a|b\nc\u{fffd}[31m <&> \"q\" 'p' \u{fffd}\u{fffd}") == true)
    #expect(found.texts.contains("]]> \u{fffd}\n|"))
  }

  @Test("a mistake is an error")
  func unknown() throws {
    let found = try read(JUnitOutput.unknown("lookout.yml:1:2: <bad>"))
    #expect(found.results == ["lookout/configuration error lookout.yml:1:2: <bad>"])
  }
}
