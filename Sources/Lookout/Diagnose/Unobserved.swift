/// The checks of the table that nobody looks at, or not for too long: what they would see is not seen.
enum Unobserved {
  /// Those whose first finding is missing, or whose latest has been old news, for longer than their grace; in their order.
  static func checks(of expected: [ExpectedCheck], findings: [Finding], at now: Timestamp) -> [CheckID] {
    let freshUntil = Dictionary(findings.map { ($0.check, $0.freshUntil) }) { max($0, $1) }
    return expected.filter { now - (freshUntil[$0.row.id] ?? $0.since) > $0.row.grace }.map(\.row.id).sorted()
  }

  /// `crm/mail, crm/cron and 3 more`.
  static func inShort(_ checks: [CheckID]) -> String {
    let named = checks.prefix(5).map(\.description).joined(separator: ", ")
    return checks.count > 5 ? "\(named) and \(checks.count - 5) more" : named
  }
}
