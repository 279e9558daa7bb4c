/// The report for Nagios, Icinga and what else runs monitoring plugins: one line with the verdict and its figures, then a line a check.
/// Source: Monitoring Plugins Development Guidelines, "Plugin Output for Nagios" (https://www.monitoring-plugins.org/doc/guidelines.html).
struct NagiosOutput {
  let report: CheckReport

  /// Nagios 3 and newer read 8 KiB of output, the figures of the first line included.
  private static let textLimit = 300
  private static let longTextLimit = 5000

  var text: String {
    let figures = report.rows.flatMap(Self.figures).joined(separator: " ")
    let first = "\(Self.headline(report.status, report.summary))\(figures.isEmpty ? "" : " | \(figures)")"
    return ([first] + longText).map { $0 + "\n" }.joined()
  }

  /// What a plugin says that could not do its work.
  static func unknown(_ message: String) -> String { headline(.unknown, message) + "\n" }

  private static func headline(_ status: CheckReport.Status, _ text: String) -> String {
    let plain = Self.plain(text)
    return "ODOO \(word(status)) - \(plain.count > textLimit ? plain.prefix(textLimit - 1) + "…" : plain[...])"
  }

  private static func word(_ status: CheckReport.Status) -> String {
    switch status {
    case .pass: "OK"
    case .warn: "WARNING"
    case .fail: "CRITICAL"
    case .unknown: "UNKNOWN"
    }
  }

  private var longText: [String] {
    var length = 0
    let lines =
      (report.rows + report.others).filter { $0.status != .pass }.map { row in
        let cause = row.deeperCause.map { " (because \($0.rawValue) fails)" } ?? ""
        return Self.plain("\(row.check) \(row.status.word.uppercased()): \(row.sentence)\(cause)")
      } + report.notes.map(Self.plain)
    return Array(
      lines.prefix { line in
        length += line.utf8.count + 1
        return length <= Self.longTextLimit
      })
  }

  /// A bar begins the figures, wherever it stands.
  private static func plain(_ text: String) -> String { text.oneLine.replacing("|", with: "/") }

  // MARK: - Figures

  /// `'label'=value[unit];[warn];[crit];[min];[max]`
  private static func figures(_ row: CheckReport.Row) -> [String] {
    if let connections = connections(row) { return [connections] }
    if let budget = row.budget, row.component != .postgresql {
      // The time of an answer that is not right says nothing: failing is faster.
      let isTime = row.unit == "s" && (row.status != .fail || row.reason == .tooSlow)
      let value = isTime ? row.value.map { number($0) + "s" } ?? "U" : "U"
      return ["\(label(row.check))=\(value);\(number(budget * 2 / 3));\(number(budget));0"]
    }
    guard let value = row.value, let unit = row.unit else { return [] }
    return unit == "s" ? ["\(label(row.check))=\(number(value))s;;;0"] : ["\(label(row.check, unit))=\(number(value));;;0"]
  }

  private static func connections(_ row: CheckReport.Row) -> String? {
    func measured(_ metric: Metric) -> Double? { row.measured.first { $0.metric == metric }?.value }
    guard let used = measured(.postgresConnectionsUsed), let limit = measured(.postgresConnectionsLimit) else { return nil }
    let (warn, fail) = (limit * DatabaseJudgement.crowded, limit * DatabaseJudgement.full)
    return "\(label(row.check, "connections"))=\(number(used));\(number(warn));\(number(fail));0;\(number(limit))"
  }

  /// In quotes, within which one quote is two; an equals sign may not occur.
  private static func label(_ check: CheckID, _ unit: String? = nil) -> String {
    let name = ([check.target + "/" + check.check] + (unit.map { [$0] } ?? [])).joined(separator: "_")
    return "'\(plain(name).replacing("=", with: "_").replacing("'", with: "''"))'"
  }

  /// Without an exponent, which the guidelines' character class `[-0-9.]` lacks; to the millisecond.
  private static func number(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "U" }
    return value.formatted()
  }
}
