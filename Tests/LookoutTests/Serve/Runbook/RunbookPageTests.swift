import Testing

@testable import Lookout

@Suite struct RunbookPageTests {
  private static let anchors = Set(RunbookPage.shipped.matches(of: /\ id="([^"]*)"/).map { String($0.1) })

  @Test("every alert, reason and component has its section", arguments: [RunbookPage.shipped])
  func sections(page: String) throws {
    for reason in Reason.allCases { #expect(Self.anchors.contains(reason.rawValue)) }
    for component in Component.allCases { #expect(Self.anchors.contains("component-\(component.rawValue)")) }
    for rule in try RuleSet.shipped().rules { #expect(Self.anchors.contains(rule.name.lowercased())) }
  }

  @Test("every link on the page leads somewhere on it, or to the overview")
  func links() {
    let links = RunbookPage.shipped.matches(of: /href="([^"]*)"/).map { String($0.1) }
    #expect(links.count > 100)
    for link in links { #expect(link == "/" || link.hasPrefix("#") && Self.anchors.contains(String(link.dropFirst())), "\(link)") }
  }

  @Test("no mark of Markdown is left in the text, and no link has become mere text")
  func rendered() {
    let visible = RunbookPage.shipped.replacing(/<pre>(.|\n)*?<\/pre>|<code>[^<]*<\/code>|<style>(.|\n)*?<\/style>/, with: "")
    for mark in ["**", "`", "](", "\n#", "|--"] { #expect(!visible.contains(mark), "\(mark)") }
  }

  @Test("the page needs nothing from elsewhere and runs nothing")
  func selfContained() {
    for foreign in ["<script", "src=", "url(", "@import", "<link", "<iframe"] { #expect(!RunbookPage.shipped.contains(foreign)) }
  }

  @Test("a runbook without anything is a page too")
  func empty() {
    #expect(RunbookPage("").html.contains("<title>Runbook - Lookout</title>"))
    #expect(!RunbookPage("").html.contains("<details>"))
  }
}
