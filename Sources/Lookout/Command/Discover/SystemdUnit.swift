/// A service of systemd, as far as it tells which Odoo it starts (systemd.unit(5), systemd.exec(5)).
struct SystemdUnit: Equatable {
  private(set) var commands: [[String]] = []
  private(set) var environment: [String: String] = [:]
  private(set) var workingDirectory: String?

  static let directories = [
    "/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system",
  ]

  /// Takes a unit's text, or that of a drop-in after it: an empty ExecStart takes back those before.
  mutating func take(_ text: String) {
    var section = Substring()
    for line in Self.logicalLines(text) {
      let line = line.drop(while: \.isWhitespace)
      guard let first = line.first, first != "#", first != ";" else { continue }
      if first == "[" {
        section = line.dropFirst().prefix { $0 != "]" }
      } else if section == "Service", let equals = line.firstIndex(of: "=") {
        take(Self.trimmed(line[..<equals]), Self.trimmed(line[line.index(after: equals)...]))
      }
    }
  }

  private mutating func take(_ key: String, _ value: String) {
    switch key {
    case "ExecStart":
      // What stands before the path says how it is run.
      let command = value.drop { "@-:+!|".contains($0) }
      if command.isEmpty { commands = [] } else { commands.append(CommandWords.split(String(command))) }
    case "Environment":
      for pair in CommandWords.split(value) {
        let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2 { environment[String(parts[0])] = String(parts[1]) }
      }
    case "WorkingDirectory": workingDirectory = String(value.drop { $0 == "-" })
    default: break
    }
  }

  /// A backslash at its end continues a line.
  private static func logicalLines(_ text: String) -> [Substring] {
    var lines: [Substring] = []
    var open = ""
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      if line.hasSuffix("\\") {
        open += line.dropLast() + " "
      } else {
        lines.append(Substring(open + line))
        open = ""
      }
    }
    return open.isEmpty ? lines : lines + [Substring(open)]
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text.drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
