/// The way from an alert to its section of the runbook that the agent serves.
enum RunbookLink {
  /// Where the runbook lies in the sources, as the rules that ship name it.
  static let file = "Alerts/README.md"
  static let path = "/runbook"

  /// Adds `runbook_url` to annotations whose `runbook` is a section of that file. Nothing where the agent's own address is not known, and
  /// nothing over an address that the rule gives itself.
  static func add(to annotations: [String: String], externalURL: String) -> [String: String] {
    guard !externalURL.isEmpty, annotations["runbook_url"] == nil, let section = section(of: annotations) else { return annotations }
    var annotations = annotations
    let origin = externalURL.hasSuffix("/") ? externalURL.dropLast() : externalURL[...]
    annotations["runbook_url"] = origin + path + section
    return annotations
  }

  /// `#odoodown`; empty for the file as a whole, nil for another runbook.
  static func section(of annotations: [String: String]) -> String? {
    guard let runbook = annotations["runbook"], runbook.hasPrefix(file) else { return nil }
    let section = runbook.dropFirst(file.count)
    return section.isEmpty || section.hasPrefix("#") ? String(section) : nil
  }
}
