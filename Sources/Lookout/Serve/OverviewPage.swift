/// The page at `/`: verdict, checks and alerts, in one file without scripts, that loads itself anew.
struct OverviewPage {
  /// Seconds between two loads.
  static let refresh = 5

  let now: Timestamp
  let target: String
  let version: String
  let standing: Standing
  let alerts: [Alert]
  /// Of the agent itself.
  let problems: [String]

  var html: String {
    PageForPeople.html(
      title: "\(standing.level.word): \(target)", refresh: Self.refresh,
      body: """
        <body>
        <h1>\(target)</h1>
        <p class="verdict \(standing.level.word)" role="status">\(standing.headline)</p>
        \(ownProblems)\(checkTable)\(alertTable)\(links)</body>
        """)
  }

  private var ownProblems: Markup {
    guard !problems.isEmpty else { return "" }
    return """
      <h2>Lookout itself</h2>
      <ul>
      \(problems.map { "<li>\($0)</li>\n" as Markup })</ul>

      """
  }

  private var checkTable: Markup {
    guard !standing.checks.isEmpty else { return "" }
    return """
      <h2>Checks</h2>
      \(table(["Component", "Check", "Status", "Reason", "Cause", "Value", "Since", "Last seen", "What is seen"], standing.checks.map(row)))
      """
  }

  private func row(_ check: CheckStanding) -> Markup {
    let name = check.database.map { "\(check.check.check) (\($0))" } ?? check.check.check
    return """
      <tr class="\(check.level.word)"><th scope="row" data-label="Component">\(check.component.rawValue)</th>\
      \(cell("Check", name))\
      <td data-label="Status"><span class="status">\(check.level.word)</span></td>\
      \(cell("Reason", check.reason?.rawValue, section: check.reason?.section))\
      \(cell("Cause", check.cause?.rawValue, section: check.cause?.section))\(cell("Value", measured(check)))\
      \(cell("Since", check.since))\(cell("Last seen", check.observedAt, orElse: "never"))\
      \(cell("What is seen", check.sentence))</tr>

      """
  }

  private var alertTable: Markup {
    let firing = alerts.filter { $0.state == .firing }
    guard !firing.isEmpty else { return "<h2>Firing alerts</h2>\n<p>None.</p>\n" }
    let sorted = firing.sorted {
      ($0.firedAt ?? $0.activeAt, $0.name, $0.fingerprint) < ($1.firedAt ?? $1.activeAt, $1.name, $1.fingerprint)
    }
    return """
      <h2>Firing alerts</h2>
      \(table(["Alert", "Severity", "Check", "Database", "Cause", "Since", "What is seen"], sorted.map(row)))
      """
  }

  private func row(_ alert: Alert) -> Markup {
    let (labels, notes) = (alert.labels, alert.annotations)
    let sentence = notes["finding"] ?? notes["summary"] ?? notes["description"]
    return """
      <tr><th scope="row" data-label="Alert">\(linked(alert.name, to: RunbookLink.section(of: notes)))</th>\
      \(cell("Severity", labels["severity"]))\
      \(cell("Check", labels["check"]))\(cell("Database", labels["database"]))\
      \(cell("Cause", notes["cause"], section: notes["cause"].flatMap(Component.init(rawValue:))?.section))\
      \(cell("Since", alert.firedAt ?? alert.activeAt))\(cell("What is seen", sentence))</tr>

      """
  }

  private var links: Markup {
    """
    <footer><a href="\(RunbookLink.path)">runbook</a> <a href="/health">health</a> <a href="/metrics">metrics</a> <a href="/livez">livez</a> <a href="/readyz">readyz</a>
    <span>Lookout \(version), <time datetime="\(now.rfc3339)">\(now.rfc3339)</time></span></footer>

    """
  }
}

extension OverviewPage {
  private func table(_ columns: [String], _ rows: [Markup]) -> Markup {
    """
    <table>
    <thead><tr>\(columns.map { "<th scope=\"col\">\($0)</th>" as Markup })</tr></thead>
    <tbody>
    \(rows)</tbody>
    </table>

    """
  }

  /// The label stands before the value where the screen is too narrow for a table.
  private func cell(_ label: String, _ text: String?, section: String? = nil) -> Markup {
    "<td data-label=\"\(label)\">\(linked(text ?? "", to: section))</td>"
  }

  /// With a link to a section of the runbook, where there is one.
  private func linked(_ text: String, to section: String?) -> Markup {
    guard let section, !text.isEmpty else { return "\(text)" }
    return "<a href=\"\(RunbookLink.path)\(section)\">\(text)</a>"
  }

  private func cell(_ label: String, _ moment: Timestamp?, orElse never: String = "") -> Markup {
    guard let moment else { return cell(label, never) }
    let written = moment.rfc3339
    return "<td data-label=\"\(label)\"><time datetime=\"\(written)\" title=\"\(written)\">\((now - moment).roughly) ago</time></td>"
  }

  /// Thousandths are the finest a person reads.
  private func measured(_ check: CheckStanding) -> String? {
    guard let value = check.value else { return nil }
    let rounded = abs(value) < 1e9 ? (value * 1000).rounded() / 1000 : value
    let number = Int64(exactly: rounded).map(String.init) ?? String(rounded)
    return [number, check.unit].compactMap { $0 }.joined(separator: " ")
  }
}

extension Reason {
  /// Of the runbook.
  fileprivate var section: String { "#\(MarkdownMarkup.anchor(of: rawValue))" }
}

extension Component {
  /// Of the runbook.
  fileprivate var section: String { "#\(MarkdownMarkup.anchor(of: "component \(rawValue)"))" }
}
