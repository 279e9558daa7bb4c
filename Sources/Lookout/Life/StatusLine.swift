/// How everything stands, in the one line that `systemctl status` shows.
enum StatusLine {
  /// More are not named.
  private static let limit = 3

  /// `watching crm: 1 failing (dashboard: rpc_error)`
  static func text(targets: String, standing: Standing) -> String {
    let groups = [(Level.fail, "failing"), (.warn, "warning")].compactMap { level, word in
      group(standing.checks.filter { $0.weight == level }, word)
    }
    let count = standing.checks.count
    return "watching \(targets): " + (groups.isEmpty ? "all \(count) checks pass" : groups.joined(separator: ", "))
  }

  private static func group(_ checks: [CheckStanding], _ word: String) -> String? {
    guard !checks.isEmpty else { return nil }
    var troubles: [String] = []
    for check in checks {
      let trouble = [check.component.rawValue, check.reason?.rawValue].compactMap { $0 }.joined(separator: ": ")
      if !troubles.contains(trouble) { troubles.append(trouble) }
    }
    let rest = troubles.count > limit ? ["and \(troubles.count - limit) more"] : []
    return "\(checks.count) \(word) (\((troubles.prefix(limit) + rest).joined(separator: "; ")))"
  }
}
