import OdooLog

/// The report for a person at a terminal. Pure.
struct LogsText {
  let report: LogsReport
  let style: OutputStyle

  private static let mostRoutes = 10
  private static let mostSlowRoutes = 5
  private static let mostGroups = 15
  private static let mostMistakes = 5

  var text: String {
    let parts = [head, timeLine, signs, routes, slowest, errors, cron, logins, oddLines]
    return parts.filter { !$0.isEmpty }.map { $0.map { $0 + "\n" }.joined() }.joined(separator: "\n")
  }

  private var width: Int { style.width ?? 100 }

  // MARK: - What it is about

  private var head: [String] {
    let statistics = report.statistics
    let period = report.digest.period.map { "\(LogsFigures.moment($0.lowerBound)) to \(LogsFigures.moment($0.upperBound)) UTC" }
    let left = report.digest.linesLeftOut > 0 ? "; \(LogsFigures.count(report.digest.linesLeftOut)) lines of other times left out" : ""
    let levels = report.levels.reversed().filter { $0.count > 0 }.map { level, count in
      style.painted("\(LogsFigures.count(count)) \(level)", level.colour)
    }
    var lines = [style.painted(period ?? "no record", .bold)]
    lines.append("\(LogsFigures.count(statistics.lines)) lines, \(LogsFigures.bytes(statistics.bytes))\(left)")
    if !levels.isEmpty { lines.append("\(LogsFigures.count(report.records)) records: \(levels.joined(separator: ", "))") }
    if report.requests > 0 {
      let slow = "\(LogsFigures.count(report.slowRequests)) took \(LogsFigures.span(report.slow)) or longer"
      lines.append("\(LogsFigures.count(report.requests)) requests, \(slow)")
    }
    return lines + report.remarks.flatMap { wrapped("note: \($0.oneLine)", .yellow) }
  }

  // MARK: - When

  private var timeLine: [String] {
    let (columns, seconds) = report.columns(atMost: max(20, width - 30))
    guard columns.count > 1 else { return [] }
    let ends =
      "\(LogsFigures.moment(columns[0].start.milliseconds).prefix(16)) to \(LogsFigures.moment(columns[columns.count - 1].start.milliseconds).prefix(16))"
    return [heading("When (\(LogsFigures.span(Double(seconds))) a column, \(ends))")]
      + [
        bars("requests", columns.map(\.requests), .green), bars("slow", columns.map(\.slow), .yellow),
        bars("warnings", columns.map(\.warnings), .yellow), bars("errors", columns.map(\.errors), .red),
      ].compactMap(\.self)
  }

  private func bars(_ name: String, _ values: [UInt64], _ colour: OutputStyle.Colour) -> String? {
    guard let most = values.max(), most > 0 else { return nil }
    let steps = Array("▁▂▃▄▅▆▇█")
    let bars = values.map { value -> Character in
      value == 0 ? " " : steps[min(steps.count - 1, Int(Double(value) / Double(most) * Double(steps.count - 1) + 0.5))]
    }
    return name.padded(10) + style.painted(String(bars), colour) + "  most \(LogsFigures.count(most))"
  }

  // MARK: - What happened

  private var signs: [String] {
    guard !report.signs.isEmpty else { return [] }
    return [heading("What happened")]
      + report.signs.flatMap { entry -> [String] in
        let until = entry.count > 1 ? ", until \(LogsFigures.moment(entry.lastSeen).dropFirst(11))" : ""
        let count = "×\(LogsFigures.count(entry.count))".padded(8)
        let head = "\(LogsFigures.moment(entry.firstSeen))  \(count) "
        let notes = entry.texts.flatMap { wrapped($0, .faint, indentation: 30) }
        return below(head, "\(entry.sign.sentence)\(until)", entry.sign.isDeath ? .red : nil) + notes
      }
      + report.digest.silences.longest.map { silence in
        let span = LogsFigures.span(Double(silence.to - silence.from) / 1_000)
        return "\(LogsFigures.moment(silence.from))  \("".padded(8)) nothing was logged for \(span)"
      }
  }

  // MARK: - Routes

  private struct Figure: Sendable {
    let title: String
    let width: Int
    /// Of the terminal, for there to be room.
    let from: Int
    let value: @Sendable (RouteDigest) -> String
  }

  private static let figures = [
    Figure(title: "requests", width: 9, from: 0) { LogsFigures.count($0.counts.requests) },
    Figure(title: "5xx", width: 7, from: 90) { $0.failures > 0 ? LogsFigures.count($0.failures) : "" },
    Figure(title: "total", width: 12, from: 0) { LogsFigures.span($0.counts.durations.sum) },
    Figure(title: "p50", width: 9, from: 90) { LogsFigures.span($0.durations.quantile(0.5)) },
    Figure(title: "p95", width: 9, from: 0) { LogsFigures.span($0.durations.quantile(0.95)) },
    Figure(title: "longest", width: 9, from: 90) { LogsFigures.span($0.longest) },
    Figure(title: "queries", width: 9, from: 72) { $0.queries.quantile(0.95).map { LogsFigures.count(UInt64($0)) } ?? "-" },
  ]

  private var routes: [String] {
    let byTime = report.routesByTime.prefix(Self.mostRoutes)
    guard !byTime.isEmpty else { return [] }
    var lines = [heading("Routes, by total time of the workers"), style.painted(row("") { $0.title }, .faint)]
    lines += byTime.map(row)
    var shown = Set(byTime.map(\.name))
    let others = [("the slowest besides, by p95", report.routesBySlowness), ("those with most queries besides", report.routesByQueries)]
    for (title, routes) in others {
      let more = routes.prefix(Self.mostSlowRoutes).filter { !shown.contains($0.name) }
      if !more.isEmpty { lines += [style.painted(title, .faint)] + more.map(row) }
      shown.formUnion(more.map(\.name))
    }
    return lines
  }

  private func row(_ route: RouteDigest) -> String { row(route.name.oneLine) { $0.value(route) } }

  /// The name is cut where there is no room for it.
  private func row(_ name: String, _ text: (Figure) -> String) -> String {
    let figures = Self.figures.filter { width >= $0.from }
    let room = max(20, width - figures.map(\.width).reduce(0, +) - 1)
    let cut = name.count > room ? "…" + name.suffix(room - 1) : name
    return cut.padded(room) + figures.map { Self.right(text($0), $0.width) }.joined()
  }

  private static func right(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(1, width - text.count)) + text }

  private var slowest: [String] {
    let slowest = report.digest.slowestRequests.prefix(5)
    guard !slowest.isEmpty else { return [] }
    return [heading("The slowest requests")]
      + slowest.flatMap { one in
        let seconds = LogsFigures.span(Double(one.cost.duration) / 1e6)
        let sql = LogsFigures.span(Double(one.cost.sql) / 1e6)
        let what = "\(one.route.oneLine) (\(one.status), \(LogsFigures.count(one.cost.queries)) queries, SQL \(sql))"
        return below("\(LogsFigures.moment(one.endedAt))  \(seconds.padded(9)) ", what)
      }
  }

  // MARK: - Errors

  private var errors: [String] {
    var lines: [String] = []
    for kind in ErrorKind.allCases {
      let groups = report.errorGroups.filter { $0.kind == kind }
      guard !groups.isEmpty else { continue }
      if !lines.isEmpty { lines.append("") }
      let limit = kind == .failure ? Self.mostGroups : Self.mostMistakes
      lines.append(
        heading(
          "\(kind.heading) (\(LogsFigures.count(groups.map(\.count).reduce(0, +))) in \(LogsFigures.count(UInt64(groups.count), "group")))")
      )
      lines += groups.prefix(limit).flatMap { group($0, isFailure: kind == .failure) }
      if groups.count > limit {
        lines.append(style.painted("and \(LogsFigures.count(UInt64(groups.count - limit), "group")) more: --output json tells all", .faint))
      }
    }
    return lines
  }

  private func group(_ group: ErrorGroup, isFailure: Bool) -> [String] {
    let count = "×\(LogsFigures.count(group.count))".padded(8)
    let first = below("\(count) ", group.title.oneLine, isFailure ? .red : nil)
    guard isFailure else { return first }
    var details = [group.exceptionClass == nil ? group.logger : group.culprit ?? group.logger]
    let routes = report.digest.routes(of: group).prefix(3).map { "\($0.route) ×\(LogsFigures.count($0.count))" }
    if !routes.isEmpty { details.append("requests: \(routes.joined(separator: ", "))") }
    let span =
      group.count > 1
      ? "\(LogsFigures.moment(group.firstSeen)) to \(LogsFigures.moment(group.lastSeen))" : LogsFigures.moment(group.firstSeen)
    details.append("\(span), \(group.databases.joined(separator: ", "))")
    return first + details.flatMap { wrapped($0.oneLine, .faint, indentation: 9) }
  }

  // MARK: - The rest

  private var cron: [String] {
    let jobs = report.cronJobs.prefix(Self.mostRoutes)
    guard !jobs.isEmpty else { return [] }
    return [heading("Scheduled jobs")]
      + jobs.map { job in
        let failures = job.failures > 0 ? style.painted(", \(LogsFigures.count(job.failures)) failed", .red) : ""
        let times = job.completions > 0 ? ", longest \(LogsFigures.span(job.longest))" : ""
        return "\(job.name.oneLine): \(LogsFigures.count(job.runs, "run"))\(times)\(failures)"
      }
  }

  private var logins: [String] {
    let addresses = report.failedLogins.prefix(Self.mostRoutes)
    guard !addresses.isEmpty else { return [] }
    return [heading("Failed logins")]
      + addresses.map { one in
        let refusals = one.refusals > 0 ? ", \(LogsFigures.count(one.refusals)) more refused unseen" : ""
        return "\(one.address.oneLine.padded(20)) \(LogsFigures.count(one.failures))\(refusals)"
      }
  }

  private var oddLines: [String] {
    let odd = report.odd.filter { $0.count > 0 }
    guard !odd.isEmpty else { return [] }
    return [heading("Lines that could not be used")]
      + odd.flatMap { kind, count in
        ["\(LogsFigures.count(count)) \(kind.words)"]
          + (report.digest.oddSamples.samples[kind] ?? []).prefix(2).flatMap { wrapped($0.oneLine, .faint, indentation: 4) }
      }
  }

  // MARK: - Lines

  private func heading(_ text: String) -> String { style.painted(text, .bold) }

  /// Broken to the width; without one it stays whole.
  private func wrapped(_ text: String, _ colour: OutputStyle.Colour?, indentation: Int = 0) -> [String] {
    let lines = style.width.map { text.wrapped(max(20, $0 - indentation)) } ?? [text]
    return lines.map { line in String(repeating: " ", count: indentation) + (colour.map { style.painted(line, $0) } ?? line) }
  }

  /// Text behind a head, its further lines below its first.
  private func below(_ head: String, _ text: String, _ colour: OutputStyle.Colour? = nil) -> [String] {
    let lines = wrapped(text, colour, indentation: head.count)
    return [head + (lines.first.map { String($0.dropFirst(head.count)) } ?? "")] + lines.dropFirst()
  }
}

extension LogLevel {
  fileprivate var colour: OutputStyle.Colour {
    switch self {
    case .error, .critical: .red
    case .warning: .yellow
    case .info: .green
    case .debug: .faint
    }
  }
}

extension OddLine {
  /// For a person.
  var words: String {
    switch self {
    case .stray: "lines before the first record"
    case .truncated: "lines longer than 64 kB, of which the beginning was read"
    case .unparsedAccess: "requests in a form that is not known"
    case .unparsedRecord: "lines that begin with a date and are no record of Odoo's"
    }
  }
}
