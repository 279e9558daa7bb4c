import OdooLog

/// The report as one page, with its charts in it and nothing beside it: to send to somebody, and to read on a telephone.
struct LogsPage {
  let report: LogsReport

  private static let mostRoutes = 30
  private static let mostGroups = 60

  var html: String {
    PageForPeople.html(
      title: "Log of Odoo\(period.map { ", \($0)" } ?? "")", style: Self.style,
      body: """
        <body>
        <h1>Log of Odoo</h1>
        \(head)\(charts)\(signs)\(errors)\(routes)\(slowest)\(cron)\(logins)\(oddLines)\(foot)</body>
        """)
  }

  private var period: String? {
    report.digest.period.map { "\(LogsFigures.moment($0.lowerBound)) to \(LogsFigures.moment($0.upperBound)) UTC" }
  }

  // MARK: - What it is about

  private var head: Markup {
    let figures: [(String, String)] = [
      ("records", LogsFigures.count(report.records)), ("requests", LogsFigures.count(report.requests)),
      ("slow requests", LogsFigures.count(report.slowRequests)), ("errors", LogsFigures.count(count(of: [.error, .critical]))),
      ("warnings", LogsFigures.count(count(of: [.warning]))), ("workers that died", LogsFigures.count(report.deaths)),
    ]
    let notes: Markup =
      report.remarks.isEmpty ? "" : "<ul class=\"notes\">\n\(report.remarks.map { "<li>\($0)</li>\n" as Markup })</ul>\n"
    return """
      <p class="dim">\(period ?? "no record"), \(LogsFigures.count(report.statistics.lines)) lines, \(LogsFigures.bytes(report.statistics.bytes))</p>
      <dl class="figures">\(figures.map { "<div><dt>\($0.0)</dt><dd>\($0.1)</dd></div>" as Markup })</dl>
      \(notes)
      """
  }

  private func count(of levels: [LogLevel]) -> UInt64 { report.levels.filter { levels.contains($0.level) }.map(\.count).reduce(0, +) }

  private var charts: Markup {
    let (columns, seconds) = report.columns(atMost: 120)
    guard columns.count > 1 else { return "" }
    func chart(_ title: String, _ colour: String, _ value: (LogsReport.Column) -> UInt64, over: ((LogsReport.Column) -> UInt64)? = nil)
      -> Markup
    {
      BarChart(
        title: title, moments: columns.map(\.start), values: columns.map(value), colour: colour, over: over.map { columns.map($0) } ?? []
      ).markup
    }
    return """
      <h2>When</h2>
      <p class="dim">\(LogsFigures.span(Double(seconds))) a bar</p>
      \(chart("requests, slow ones dark", "--pass", \.requests, over: \.slow))\(chart("errors", "--fail", \.errors))\
      \(chart("warnings", "--warn", \.warnings))
      """
  }

  // MARK: - What happened

  private var signs: Markup {
    guard !report.signs.isEmpty || !report.digest.silences.longest.isEmpty else { return "" }
    let rows = report.signs.map { entry -> Markup in
      let notes = entry.texts.map { "<br><code>\($0)</code>" as Markup }
      return """
        <tr class="\(entry.sign.isDeath ? "fail" : "warn")">\(cell("First", LogsFigures.moment(entry.firstSeen)))\
        \(cell("Last", LogsFigures.moment(entry.lastSeen)))\(cell("Times", LogsFigures.count(entry.count)))\
        <td data-label="What"><span>\(entry.sign.sentence)\(notes)</span></td></tr>

        """
    }
    let silences = report.digest.silences.longest.map { silence -> Markup in
      """
      <tr>\(cell("First", LogsFigures.moment(silence.from)))\(cell("Last", LogsFigures.moment(silence.to)))\(cell("Times", ""))\
      \(cell("What", "nothing was logged for \(LogsFigures.span(Double(silence.to - silence.from) / 1_000))"))</tr>

      """
    }
    return section("What happened", ["First", "Last", "Times", "What"], rows + silences)
  }

  // MARK: - Errors

  private var errors: Markup {
    ErrorKind.allCases.map { kind -> Markup in
      let groups = report.errorGroups.filter { $0.kind == kind }
      guard !groups.isEmpty else { return "" }
      return """
        <h2>\(kind.heading)</h2>
        \(groups.prefix(Self.mostGroups).map { group($0) })
        """
    }.reduce("" as Markup) { "\($0)\($1)" }
  }

  private func group(_ group: ErrorGroup) -> Markup {
    let routes = report.digest.routes(of: group).map { "\($0.route) ×\(LogsFigures.count($0.count))" }.joined(separator: ", ")
    let frames: Markup = group.frames.isEmpty ? "" : "<pre>\(group.frames.joined(separator: "\n"))</pre>"
    let facts: [(String, String)] = [
      ("first", LogsFigures.moment(group.firstSeen)), ("last", LogsFigures.moment(group.lastSeen)), ("logger", group.logger),
      ("databases", group.databases.joined(separator: ", ")), ("requests", routes),
    ]
    return """
      <details class="\(group.kind == .failure ? "fail" : "warn")"><summary><span class="status">×\(LogsFigures.count(group.count))</span> \
      \(group.title) <span class="dim">\(group.culprit ?? "")</span></summary>
      <dl>\(facts.filter { !$0.1.isEmpty }.map { "<dt>\($0.0)</dt><dd>\($0.1)</dd>" as Markup })</dl>\(frames)</details>

      """
  }

  // MARK: - Routes

  private var routes: Markup {
    let routes = report.routesByTime.prefix(Self.mostRoutes)
    guard !routes.isEmpty else { return "" }
    let most = routes.first?.counts.durations.sum ?? 0
    let rows = routes.map { route -> Markup in
      let share = most > 0 ? route.counts.durations.sum / most * 100 : 0
      return """
        <tr><th scope="row" data-label="Route">\(route.name)</th>\(cell("Requests", LogsFigures.count(route.counts.requests)))\
        \(cell("5xx", route.failures > 0 ? LogsFigures.count(route.failures) : ""))\
        <td data-label="Total"><span class="share" style="--share: \(share.formatted())%">\(LogsFigures.span(route.counts.durations.sum))</span></td>\
        \(cell("p50", LogsFigures.span(route.durations.quantile(0.5))))\(cell("p95", LogsFigures.span(route.durations.quantile(0.95))))\
        \(cell("Longest", LogsFigures.span(route.longest)))\(cell("SQL p95", LogsFigures.span(route.sql.quantile(0.95))))\
        \(cell("Queries p95", route.queries.quantile(0.95).map { LogsFigures.count(UInt64($0)) } ?? ""))</tr>

        """
    }
    let columns = ["Route", "Requests", "5xx", "Total", "p50", "p95", "Longest", "SQL p95", "Queries p95"]
    return section("Routes, by total time of the workers", columns, rows)
  }

  private var slowest: Markup {
    let rows = report.digest.slowestRequests.map { one -> Markup in
      """
      <tr>\(cell("Ended", LogsFigures.moment(one.endedAt)))\(cell("Route", one.route))\(cell("Status", "\(one.status)"))\
      \(cell("Took", LogsFigures.span(Double(one.cost.duration) / 1e6)))\(cell("SQL", LogsFigures.span(Double(one.cost.sql) / 1e6)))\
      \(cell("Queries", LogsFigures.count(one.cost.queries)))</tr>

      """
    }
    return rows.isEmpty ? "" : section("The slowest requests", ["Ended", "Route", "Status", "Took", "SQL", "Queries"], rows)
  }

  // MARK: - The rest

  private var cron: Markup {
    let rows = report.cronJobs.map { job -> Markup in
      """
      <tr class="\(job.failures > 0 ? "fail" : "")">\(cell("Job", job.name))\(cell("Runs", LogsFigures.count(job.runs)))\
      \(cell("Failed", job.failures > 0 ? LogsFigures.count(job.failures) : ""))\(cell("Longest", LogsFigures.span(job.longest)))\
      \(cell("Total", LogsFigures.span(job.total)))</tr>

      """
    }
    return rows.isEmpty ? "" : section("Scheduled jobs", ["Job", "Runs", "Failed", "Longest", "Total"], rows)
  }

  private var logins: Markup {
    let rows = report.failedLogins.prefix(Self.mostRoutes).map { one -> Markup in
      "<tr>\(cell("Address", one.address))\(cell("Failed", LogsFigures.count(one.failures)))\(cell("Refused", LogsFigures.count(one.refusals)))</tr>\n"
    }
    return rows.isEmpty ? "" : section("Failed logins", ["Address", "Failed", "Refused"], Array(rows))
  }

  private var oddLines: Markup {
    let odd = report.odd.filter { $0.count > 0 }
    guard !odd.isEmpty else { return "" }
    let items = odd.map { kind, count -> Markup in
      let samples = (report.digest.oddSamples.samples[kind] ?? []).map { "<br><code>\($0)</code>" as Markup }
      return "<li>\(LogsFigures.count(count)) \(kind.words)\(samples)</li>\n"
    }
    return "<h2>Lines that could not be used</h2>\n<ul>\n\(items)</ul>\n"
  }

  private var foot: Markup {
    "<footer>\(report.files.joined(separator: ", ")), read by Lookout \(Version.number). All times are UTC.</footer>\n"
  }

  private func section(_ title: String, _ columns: [String], _ rows: [Markup]) -> Markup {
    """
    <h2>\(title)</h2>
    <table>
    <thead><tr>\(columns.map { "<th scope=\"col\">\($0)</th>" as Markup })</tr></thead>
    <tbody>
    \(rows)</tbody>
    </table>

    """
  }

  /// The label stands before the value where the screen is too narrow for a table.
  private func cell(_ label: String, _ text: String) -> Markup { "<td data-label=\"\(label)\">\(text)</td>" }
}
