import Testing

@testable import Lookout

@Suite struct RunbookTests {
  private let headings: Set<String>

  init() throws {
    let lines = try RuleData.text("Alerts/README.md").split(separator: "\n")
    headings = Set(lines.filter { $0.hasPrefix("#") }.map { $0.drop { $0 == "#" || $0 == " " }.lowercased() })
  }

  @Test("every reason has a heading", arguments: Reason.allCases)
  func reasons(reason: Reason) {
    #expect(headings.contains(reason.rawValue))
  }

  @Test("every component has a heading", arguments: Component.allCases)
  func components(component: Component) {
    #expect(headings.contains("component \(component.rawValue)"))
  }

  @Test("every shipped alert has a heading, and its annotation leads there")
  func alerts() throws {
    for rule in try RuleSet.shipped().rules {
      #expect(headings.contains(rule.name.lowercased()))
      #expect(rule.annotations["runbook"]?.text == "Alerts/README.md#\(rule.name.lowercased())")
    }
  }
}
