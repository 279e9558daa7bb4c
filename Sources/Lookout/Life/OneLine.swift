/// Text from anywhere as a part of one line: nothing in it can begin another line, steer a terminal, or turn the direction of reading.
enum OneLine {
  static func escaped(_ text: String) -> String {
    guard !isPlain(text) else { return text }
    var line = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": line += "\\n"
      case "\t": line += "\\t"
      case "\r": line += "\\r"
      case _ where isHarmless(scalar): line.unicodeScalars.append(scalar)
      default: line += "\\u{\(String(scalar.value, radix: 16))}"
      }
    }
    return line
  }

  /// Nearly every text is ASCII without control characters.
  private static func isPlain(_ text: String) -> Bool { text.utf8.allSatisfy { 0x20...0x7e ~= $0 } }

  /// Controls of C0 and C1, formats (directions, joiners, tags), and separators of lines and paragraphs are not.
  static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
    default: true
    }
  }
}
