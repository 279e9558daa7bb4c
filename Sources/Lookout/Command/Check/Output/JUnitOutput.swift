/// The report for build servers, in the form of JUnit's XML that Jenkins and GitLab read: a test case a check. A failing check is a failure,
/// one that is not known an error, one that could not be looked at for want of a right skipped; a warning passes with a word about it.
struct JUnitOutput {
  let report: CheckReport

  var text: String {
    let cases = report.rows.map(testCase).joined()
    let counts =
      #"tests="\#(report.rows.count)" failures="\#(report.count(.fail))" errors="\#(report.count(.unknown))" skipped="\#(skipped)""#
    let time = #"time="\#(report.seconds.formatted())""#
    let timestamp = report.at.rfc3339.prefix(19)
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="lookout" \(counts) \(time)>
        <testsuite name="\(XMLText.attribute("lookout \(report.target)"))" \(counts) \(time) timestamp="\(timestamp)">
      \(cases)  </testsuite>
      </testsuites>

      """
  }

  /// What a build server is to show when nothing could be looked at.
  static func unknown(_ message: String) -> String {
    """
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="lookout" tests="1" failures="0" errors="1" skipped="0" time="0">
      <testsuite name="lookout" tests="1" failures="0" errors="1" skipped="0" time="0">
        <testcase classname="lookout" name="configuration" time="0">
          <error type="configuration" message="\(XMLText.attribute(message))"/>
        </testcase>
      </testsuite>
    </testsuites>

    """
  }

  private var skipped: Int { report.rows.count(where: \.isUnchecked) }

  private func testCase(_ row: CheckReport.Row) -> String {
    let start =
      #"    <testcase classname="\#(XMLText.attribute("\(row.check.target).\(row.component.rawValue)"))" "#
      + #"name="\#(XMLText.attribute(row.check.check))" time="\#((row.seconds ?? 0).formatted())""#
    guard let result = result(row) else { return start + "/>\n" }
    return start + ">\n      \(result)\n    </testcase>\n"
  }

  private func result(_ row: CheckReport.Row) -> String? {
    let message = #"message="\#(XMLText.attribute(sentence(row)))""#
    let type = #"type="\#(row.reason?.rawValue ?? "unknown")""#
    switch row.status {
    case .pass: return nil
    case .fail: return "<failure \(type) \(message)>\(XMLText.content(details(row)))</failure>"
    case .unknown: return "<error \(type) \(message)/>"
    case .warn where row.isUnchecked: return "<skipped \(message)/>"
    case .warn: return "<system-out>\(XMLText.content("warning: \(sentence(row))\n\(details(row))"))</system-out>"
    }
  }

  private func sentence(_ row: CheckReport.Row) -> String {
    (row.deeperCause.map { "because \($0.rawValue) fails: " } ?? "") + row.sentence
  }

  private func details(_ row: CheckReport.Row) -> String {
    var lines = row.evidence.map { "\($0.name): \($0.value)" }
    if let measured = row.measuredText { lines.insert("measured: \(measured)", at: 0) }
    if let action = row.reason.flatMap(Runbook.shipped.firstAction) { lines.append("first: \(action)") }
    return lines.joined(separator: "\n")
  }
}

/// Text in XML 1.0, whatever characters it has: those that XML forbids also as references become U+FFFD (section 2.2, Char).
enum XMLText {
  static func content(_ text: String) -> String { escaped(text, isAttribute: false) }
  /// Line ends as references, for a parser makes blanks of others (section 3.3.3).
  static func attribute(_ text: String) -> String { escaped(text, isAttribute: true) }

  private static func escaped(_ text: String, isAttribute: Bool) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "\t", "\n": escaped += isAttribute ? "&#\(scalar.value);" : String(scalar)
      case "\r": escaped += "&#13;"
      case "\u{0}"..."\u{1f}", "\u{fffe}", "\u{ffff}": escaped += "\u{fffd}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
