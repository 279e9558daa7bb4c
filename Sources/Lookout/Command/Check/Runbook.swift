/// The runbook that ships (`Alerts/README.md`), as far as the command line quotes it.
struct Runbook {
  private let lines: [Substring]

  init(_ text: String) {
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
  }

  static let shipped = Runbook(ShippedFile.all.first { $0.name == "README.md" }?.text ?? "")

  /// What to do first about a reason, as plain text on one line; nil where the runbook does not say.
  func firstAction(for reason: Reason) -> String? {
    guard let heading = lines.firstIndex(of: "### \(reason.rawValue)") else { return nil }
    let section = lines[(heading + 1)...].prefix { !$0.hasPrefix("#") }.joined(separator: "\n")
    guard let start = section.firstRange(of: "First:") else { return nil }
    let rest = section[start.upperBound...]
    let paragraph = rest[..<(rest.firstRange(of: "\n\n")?.lowerBound ?? rest.endIndex)]
    return Self.plain(paragraph.split(whereSeparator: \.isWhitespace).joined(separator: " "))
  }

  static func place(of reason: Reason) -> String { "Alerts/README.md#\(reason.rawValue)" }

  /// Without emphasis and links, whose texts stay; code stays as it is.
  private static func plain(_ markdown: String) -> String {
    let pieces = markdown.split(separator: "`", omittingEmptySubsequences: false).enumerated()
    return pieces.map { $0.offset % 2 == 0 ? withoutLinks($0.element.filter { $0 != "*" }) : String($0.element) }.joined(separator: "`")
  }

  private static func withoutLinks(_ text: String) -> String {
    var plain = ""
    var rest = text[...]
    while let open = rest.firstIndex(of: "[") {
      plain += rest[..<open]
      guard let middle = rest[open...].firstRange(of: "]("), let close = rest[middle.upperBound...].firstIndex(of: ")") else {
        return plain + rest[open...]
      }
      plain += rest[rest.index(after: open)..<middle.lowerBound]
      rest = rest[rest.index(after: close)...]
    }
    return plain + rest
  }
}
