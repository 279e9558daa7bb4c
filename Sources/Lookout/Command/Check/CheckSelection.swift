/// The checks that were asked for: by name (`dashboard_data`), with their target (`crm/dashboard_data`), or by component (`dashboard`).
struct CheckSelection {
  let checks: Set<CheckID>
  /// Whether they were named one by one; then each counts in full, also those that `/health` only warns about.
  let isNamed: Bool

  /// Throws `AgentError` when a word names nothing.
  init(_ words: [String], among table: [Check]) throws(AgentError) {
    guard !words.isEmpty else {
      (checks, isNamed) = (Set(table.map(\.id)), false)
      return
    }
    var chosen: Set<CheckID> = []
    for word in words {
      let found = table.filter { $0.id.check == word || "\($0.id)" == word || $0.component.rawValue == word }
      guard !found.isEmpty else { throw AgentError(Self.unknown(word, among: table)) }
      chosen.formUnion(found.map(\.id))
    }
    (checks, isNamed) = (chosen, true)
  }

  private static func unknown(_ word: String, among table: [Check]) -> String {
    let names = Set(table.map(\.id.check)).sorted()
    if Component(rawValue: word) != nil {
      return "no check looks at the component \(word) here; there are \(names.joined(separator: ", "))"
    }
    if let meant = nearest(to: word, among: names + Component.allCases.map(\.rawValue)) {
      return "there is no check '\(word.prefix(60))'; did you mean '\(meant)'?"
    }
    return "there is no check '\(word.prefix(60))'; there are \(names.joined(separator: ", "))"
  }
}
