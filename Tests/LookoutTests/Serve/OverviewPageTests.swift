import Testing

@testable import Lookout

@Suite struct OverviewPageTests {
  private func html(_ findings: [Finding], alerts: [Alert] = [], problems: [String] = [], target: String = "crm") -> String {
    let standing = Standing(CheckStanding.all(findings: findings, expected: [], now: servedNow + .seconds(8)))
    return OverviewPage(
      now: servedNow + .seconds(8), target: target, version: "1.2.3", standing: standing, alerts: alerts, problems: problems
    )
    .html
  }

  private func alert(_ state: Alert.State, _ labels: [String: String], finding: String) -> Alert {
    Alert(
      labels: labels, annotations: ["finding": finding], state: state, activeAt: servedNow - .seconds(200),
      firedAt: servedNow - .seconds(180),
      value: 1)
  }

  @Test("the verdict is one line with the root, and the title says it too")
  func verdict() {
    let page = html(databaseDownFindings)
    #expect(page.contains("<p class=\"verdict fail\" role=\"status\">fail: postgresql: no connection to PostgreSQL</p>"))
    #expect(page.contains("<title>fail: crm - Lookout</title>"))
    #expect(html([servedFinding("a", .page)]).contains(">pass: the one check passes</p>"))
  }

  @Test("a check's row has all that is known of it, its status as a word and a class")
  func row() {
    let slow = servedFinding(
      "login_page", .page, .warn, reason: .tooSlow, cause: .workers, database: "sales", sentence: "slow", value: 3.14159, unit: "s")
    let expected = """
      <tr class="warn"><th scope="row" data-label="Component">page</th><td data-label="Check">login_page (sales)</td>\
      <td data-label="Status"><span class="status">warn</span></td><td data-label="Reason"><a href="/runbook#too_slow">too_slow</a></td>\
      <td data-label="Cause"><a href="/runbook#component-workers">workers</a></td><td data-label="Value">3.142 s</td><td data-label="Since">\
      <time datetime="2026-11-22T12:59:09.329Z" title="2026-11-22T12:59:09.329Z">10 min ago</time></td><td data-label="Last seen">\
      <time datetime="2026-11-22T13:09:09.329Z" title="2026-11-22T13:09:09.329Z">8 s ago</time></td>\
      <td data-label="What is seen">slow</td></tr>
      """
    #expect(html([slow]).contains(expected))
  }

  @Test("only firing alerts are shown, and none is said")
  func alerts() {
    let page = html(
      [],
      alerts: [
        alert(.firing, ["alertname": "OdooDown", "severity": "critical"], finding: "it is down"),
        alert(.pending, ["alertname": "OdooSlow"], finding: ""), alert(.resolved, ["alertname": "OdooGone"], finding: ""),
      ])
    #expect(page.contains("data-label=\"Alert\">OdooDown</th><td data-label=\"Severity\">critical</td>"))
    #expect(page.contains(">3 min ago</time></td><td data-label=\"What is seen\">it is down</td>"))
    #expect(!page.contains("OdooSlow") && !page.contains("OdooGone"))
    #expect(html([]).contains("<p>None.</p>"))
  }

  @Test("each reason and cause links to its section of the runbook, and so does an alert that names one")
  func links() {
    let page = html([servedFinding("a", .page, .fail, reason: .notJSON, cause: .postgresql)])
    #expect(page.contains("<a href=\"/runbook#not_json\">not_json</a>"))
    #expect(page.contains("<a href=\"/runbook#component-postgresql\">postgresql</a>"))
    var firing = alert(.firing, ["alertname": "OdooDown"], finding: "it is down")
    firing.annotations["runbook"] = "Alerts/README.md#odoodown"
    #expect(html([], alerts: [firing]).contains("<a href=\"/runbook#odoodown\">OdooDown</a>"))
    firing.annotations["runbook"] = "https://wiki.example.com/odoo"
    #expect(html([], alerts: [firing]).contains("data-label=\"Alert\">OdooDown</th>"))
    #expect(RunbookPage.shipped.contains("id=\"not_json\"") && RunbookPage.shipped.contains("id=\"component-postgresql\""))
  }

  @Test("the page needs nothing from elsewhere, runs nothing, and loads itself every five seconds")
  func selfContained() {
    let page = html(databaseDownFindings, problems: ["the log cannot be read"])
    #expect(page.contains("<meta http-equiv=\"refresh\" content=\"5\">"))
    #expect(page.contains("<li>the log cannot be read</li>"))
    for foreign in ["<script", "src=", "url(", "@import", "http:", "https:", "<link", "<iframe"] { #expect(!page.contains(foreign)) }
    for link in ["/runbook", "/health", "/metrics", "/livez", "/readyz"] { #expect(page.contains("<a href=\"\(link)\">")) }
  }

  @Test("no value can become markup, wherever it comes from")
  func escaping() {
    let hostile = "\"><script>alert('1')</script>&\u{0}\u{202e}"
    let failing = servedFinding(
      hostile, .page, .fail, cause: .page, database: hostile, sentence: hostile, value: 1, unit: hostile,
      evidence: [Evidence(name: hostile, value: hostile)])
    let labels = ["alertname": hostile, "severity": hostile, "check": hostile, "database": hostile]
    let page = html([failing], alerts: [alert(.firing, labels, finding: hostile)], problems: [hostile], target: hostile)
    #expect(!page.contains("<script"))
    #expect(!page.contains("alert('1')"))
    #expect(!page.unicodeScalars.contains { $0.value == 0 || $0.value == 0x202e })
    #expect(page.contains("&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;\u{fffd}\u{fffd}"))
  }
}
