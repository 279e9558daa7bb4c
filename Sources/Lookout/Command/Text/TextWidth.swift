/// Text in columns of a terminal.
extension String {
  /// So that it fits into a column; longer text stays whole.
  func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }

  /// Broken between words into lines of at most `width`; a longer word stands alone in its line.
  func wrapped(_ width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      line += line.isEmpty ? String(word) : " " + word
    }
    return line.isEmpty ? lines : lines + [line]
  }

  /// On one line, without control characters and with single blanks: what was seen may hold anything, and a terminal obeys some of it.
  var oneLine: String {
    var shown = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      switch scalar {
      case " ", "\t", "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": if shown.last != " " { shown.append(" ") }
      case "\u{0}"..."\u{1f}", "\u{7f}"..."\u{9f}", "\u{200b}"..."\u{200f}", "\u{202a}"..."\u{202e}", "\u{2066}"..."\u{2069}":
        shown.append("\u{fffd}")
      default: shown.append(scalar)
      }
    }
    return String(shown)
  }
}
