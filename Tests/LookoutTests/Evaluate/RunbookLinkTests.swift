import Testing

@testable import Lookout

@Suite struct RunbookLinkTests {
  @Test(
    "an annotation that names a section of the runbook gets a link that works from outside",
    arguments: [
      ("Alerts/README.md#odoodown", "http://lookout:9069", "http://lookout:9069/runbook#odoodown"),
      ("Alerts/README.md#odoodown", "https://example.com/lookout/", "https://example.com/lookout/runbook#odoodown"),
      ("Alerts/README.md", "http://lookout:9069", "http://lookout:9069/runbook"),
      ("Alerts/README.md#odoodown", "", nil), ("https://wiki.example.com/#odoodown", "http://lookout:9069", nil),
      ("Alerts/README.mdx", "http://lookout:9069", nil), ("", "http://lookout:9069", nil),
    ] as [(String, String, String?)])
  func linked(runbook: String, externalURL: String, link: String?) {
    let annotations = RunbookLink.add(to: ["runbook": runbook, "summary": "x"], externalURL: externalURL)
    #expect(annotations["runbook_url"] == link)
    #expect(annotations["runbook"] == runbook && annotations["summary"] == "x" && annotations.count == (link == nil ? 2 : 3))
  }

  @Test("a rule's own link stays, and without a runbook there is none")
  func own() {
    let own = ["runbook": "Alerts/README.md#a", "runbook_url": "https://wiki.example.com"]
    #expect(RunbookLink.add(to: own, externalURL: "http://lookout:9069") == own)
    #expect(RunbookLink.add(to: ["summary": "x"], externalURL: "http://lookout:9069") == ["summary": "x"])
  }

  @Test("an alert that fires carries it, also where the section is written by a template")
  func evaluated() throws {
    let rules = """
        - alert: Down
          expr: up == 0
          annotations: {runbook: "Alerts/README.md#{{ $labels.job }}"}
      """
    var evaluating = try Evaluating(rules: rules, series: RuleSeries(["up{job=\"odoodown\"}": [0]]))
    #expect(evaluating.evaluate(at: 0).alerts.first?.annotations["runbook_url"] == "http://lookout:9069/runbook#odoodown")
  }
}
