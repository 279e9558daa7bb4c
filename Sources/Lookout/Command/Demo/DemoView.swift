/// What the demo's screen shows at a moment, as lines. Pure.
struct DemoView {
  struct Place {
    let name: String
    let what: String
  }

  let places: [Place]
  let findings: [Finding]
  let messages: [DemoReceiver.Message]
  let broken: Set<String>
  let faultsURL: String
  let now: Timestamp
  let size: (columns: Int, lines: Int)
  let hasColours: Bool

  var lines: [String] {
    var lines = [bold("Lookout \(Version.number)") + "  watches a stand-in Odoo and its PostgreSQL. Ctrl-C or q ends all of it.", ""]
    lines += places.map { "  \(padded($0.name, 17))\($0.what)" }
    lines += ["", bold("  CHECK            STATE  SINCE   WHAT WAS SEEN")] + findings.map(row)
    lines += ["", bold("  BREAK IT") + "  (press a key; again to mend; 0 mends all)"] + faults
    lines += ["  or: curl -X POST \(faultsURL)/rpc_error", "", bold("  MESSAGES TO THE PERSON ON CALL")]
    let room = max(3, size.lines - lines.count - 1)
    lines += messages.isEmpty ? ["  none yet"] : messages.suffix(room).map(row)
    return lines.map(fitted)
  }

  private func row(_ finding: Finding) -> String {
    let colour = [Level.pass: "32", .warn: "33", .fail: "31"][finding.level] ?? "0"
    let state = coloured(padded(finding.level.word.uppercased(), 6), colour)
    // Counts stand in the sentence already.
    let value = finding.verdict.unit == "s" ? finding.verdict.value.map { " · \($0.formatted()) s" } ?? "" : ""
    let cause = finding.cause.map { $0 == finding.component ? "" : " · cause: \($0.rawValue)" } ?? ""
    return "  \(padded(finding.check.check, 16)) \(state) \(padded(age(finding.since), 7)) \(finding.verdict.sentence)\(value)\(cause)"
  }

  private func row(_ message: DemoReceiver.Message) -> String {
    let time = message.at.rfc3339.dropFirst(11).prefix(8)
    let status = coloured(padded(message.status.uppercased(), 9), message.status == "firing" ? "31" : "32")
    return "  \(time)  \(status) \(message.alert): \(message.sentence)"
  }

  /// In two columns.
  private var faults: [String] {
    let entries =
      DemoBreaker.faults.map { entry(String($0.key), $0.name, $0.meaning) }
      + [entry("p", DemoBreaker.database, "PostgreSQL stopped")]
    let half = (entries.count + 1) / 2
    return (0..<half).map { index in
      let right = index + half < entries.count ? entries[index + half] : ("", 0)
      return "  " + entries[index].text + String(repeating: " ", count: max(2, 58 - entries[index].width)) + right.0
    }
  }

  private func entry(_ key: String, _ name: String, _ meaning: String) -> (text: String, width: Int) {
    let isBroken = broken.contains(name)
    let plain = "[\(key)] \(padded(name, 15)) \(meaning)"
    return (isBroken ? coloured(plain, "31;1") : plain, plain.count)
  }

  private func age(_ since: Timestamp) -> String {
    let seconds = max(0, Int((now - since).inSeconds))
    return seconds < 120 ? "\(seconds) s" : seconds < 7200 ? "\(seconds / 60) min" : "\(seconds / 3600) h"
  }

  // MARK: - Text

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private func bold(_ text: String) -> String { coloured(text, "1") }
  private func coloured(_ text: String, _ code: String) -> String { hasColours ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text }

  /// Cut to the width of the screen; escape sequences take no room, and what was seen may hold none of its own.
  private func fitted(_ line: String) -> String {
    var shown = ""
    var width = 0
    var isEscape = false
    for character in line {
      if character == "\u{1b}" { isEscape = true }
      if !isEscape { width += 1 }
      if width <= size.columns || isEscape { shown.append(character) }
      if isEscape, character.isLetter { isEscape = false }
    }
    return shown
  }
}
