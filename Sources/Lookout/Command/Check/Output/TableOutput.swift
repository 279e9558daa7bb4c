/// The report for a person. Pure.
struct TableOutput {
  let report: CheckReport
  let style: OutputStyle
  var runbook = Runbook.shipped

  private static let statusWidth = 8
  private static let componentWidth = 11
  private static let nameWidth = 21
  private static let valueWidth = 16
  private static let valueColumn = statusWidth + componentWidth + nameWidth
  /// Where they begin that do not fit there.
  private static let indentation = 8

  var text: String { (groups + verdict).map { $0 + "\n" }.joined() }

  // MARK: - The checks

  /// Checks of a component together; the effects of a cause under a line that names it, once.
  private var groups: [String] {
    var lines: [String] = []
    var before: CheckReport.Row?
    for row in ordered {
      if row.deeperCause != before?.deeperCause {
        if before != nil { lines.append("") }
        if let cause = row.deeperCause { lines.append(style.painted("because \(cause.rawValue) fails:", .bold)) }
      }
      let opensGroup = row.component != before?.component || row.status != before?.status || row.deeperCause != before?.deeperCause
      lines += self.lines(row, component: opensGroup ? row.component.rawValue : "")
      before = row
    }
    return lines
  }

  /// Failures by their cause, the cause itself first.
  private var ordered: [CheckReport.Row] {
    let rows = report.others + report.rows
    func key(_ row: CheckReport.Row) -> (Int, Int, Int, Int, CheckID) {
      let cause = row.cause ?? row.component
      return (
        -row.status.rawValue, row.status == .fail ? cause.position : 0, row.deeperCause == nil ? 0 : 1, row.component.position, row.check
      )
    }
    return rows.sorted { key($0) < key($1) }
  }

  private func lines(_ row: CheckReport.Row, component: String) -> [String] {
    let name = hasOneTarget ? row.check.check : "\(row.check)"
    let head =
      style.painted(row.status.word.uppercased().padded(Self.statusWidth), row.status.colour) + component.padded(Self.componentWidth)
      + name.oneLine.padded(Self.nameWidth)
    // Counts stand in the sentence already.
    let measured = row.unit == "s" ? row.measuredText ?? "" : ""
    // Why not is said once, where the cause is.
    let sentence = row.isUnchecked && row.deeperCause != nil ? "cannot be checked" : row.sentence.oneLine
    // Where nothing was measured the sentence may begin earlier.
    let room = style.width.map { $0 - Self.valueColumn - (measured.isEmpty ? 0 : Self.valueWidth) } ?? .max
    if sentence.count <= room, measured.count < Self.valueWidth {
      let isEarly = measured.isEmpty && sentence.count > room - Self.valueWidth
      return [head + (isEarly ? "" : measured.padded(Self.valueWidth)) + sentence] + details(row)
    }
    // That it passes is all there is to it.
    if row.status == .pass, !measured.isEmpty { return [head + measured] }
    return [Self.trimmed(head + measured)] + below(sentence, nil) + details(row)
  }

  /// What backs a failure that is its own cause.
  private func details(_ row: CheckReport.Row) -> [String] {
    guard row.status == .fail, row.deeperCause == nil else { return [] }
    let shown = row.evidence.filter { ["message", "exception", "frame"].contains($0.name) }
    return shown.flatMap { below("\($0.name): \($0.value)".oneLine, .faint) }
  }

  private func below(_ text: String, _ colour: OutputStyle.Colour?) -> [String] {
    let lines = style.width.map { text.wrapped(max(20, $0 - Self.indentation)) } ?? [text]
    return lines.map { String(repeating: " ", count: Self.indentation) + painted($0, colour) }
  }

  private func painted(_ text: String, _ colour: OutputStyle.Colour?) -> String { colour.map { style.painted(text, $0) } ?? text }

  private var hasOneTarget: Bool { Set(report.rows.map(\.check.target)).count < 2 }

  private static func trimmed(_ line: String) -> String {
    var line = line[...]
    while line.last == " " { line.removeLast() }
    return String(line)
  }

  // MARK: - The verdict

  private var verdict: [String] {
    var lines = [""]
    lines += wrapped(report.notes.map { "note: \($0.oneLine)" }, .faint)
    lines += wrapped(["\(report.status.word.uppercased()): \(report.summary)"], report.status.colour)
    guard report.status == .fail, let reason = report.root?.reason, let action = runbook.firstAction(for: reason) else { return lines }
    return lines + wrapped(["first: \(action) (\(Runbook.place(of: reason)))"], nil)
  }

  /// Further lines stand under the text of the first.
  private func wrapped(_ texts: [String], _ colour: OutputStyle.Colour?) -> [String] {
    texts.flatMap { text in
      let lines = style.width.map { text.wrapped(max(20, $0 - 2)) } ?? [text]
      return lines.enumerated().map { index, line in
        (index > 0 ? "  " : "") + painted(line, colour)
      }
    }
  }
}

extension CheckReport {
  /// The verdict in one sentence for a person.
  var summary: String {
    let counts = Status.allCases.reversed().filter { count($0) > 0 }.map { "\(count($0)) \($0.word)" }.joined(separator: ", ")
    let span = "in \(((seconds * 10).rounded() / 10).formatted()) s"
    guard let root else { return "\(rows.count == 1 ? "the one check passes" : "all \(rows.count) checks pass") \(span)" }
    return "\(root.check.check): \(root.sentence.oneLine) (\(counts) \(span))"
  }
}

extension CheckReport.Row {
  /// `0.412 s of 2 s`, `7 connections`.
  var measuredText: String? {
    guard let value else { return nil }
    guard unit == "s", let budget else { return [value.formatted(), unit].compactMap { $0 }.joined(separator: " ") }
    return "\(value.formatted()) s of \(budget.formatted()) s"
  }
}

extension CheckReport.Status {
  var colour: OutputStyle.Colour {
    switch self {
    case .pass: .green
    case .warn: .yellow
    case .fail: .red
    case .unknown: .magenta
    }
  }
}
