/// A piece of HTML. What is put into a literal is escaped unless it is markup itself, so no value can become a tag.
struct Markup: ExpressibleByStringInterpolation, Sendable {
  private(set) var html: String

  struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var html = ""

    init(literalCapacity: Int, interpolationCount: Int) {
      html.reserveCapacity(literalCapacity + interpolationCount * 32)
    }

    mutating func appendLiteral(_ literal: String) { html += literal }
    mutating func appendInterpolation(_ markup: Markup) { html += markup.html }
    mutating func appendInterpolation(_ list: [Markup]) { for markup in list { html += markup.html } }

    mutating func appendInterpolation(_ text: String) {
      for scalar in text.unicodeScalars {
        switch scalar {
        case "&": html += "&amp;"
        case "<": html += "&lt;"
        case ">": html += "&gt;"
        case "\"": html += "&quot;"
        case "'": html += "&#39;"
        // A page may hold no control character but white space, and nothing may turn the direction of the text that follows.
        case "\t", "\n": html.unicodeScalars.append(scalar)
        case "\u{0}"..."\u{1f}", "\u{7f}"..."\u{9f}", "\u{202a}"..."\u{202e}", "\u{2066}"..."\u{2069}": html += "\u{fffd}"
        default: html.unicodeScalars.append(scalar)
        }
      }
    }
  }

  init(stringLiteral literal: String) { html = literal }
  init(stringInterpolation: StringInterpolation) { html = stringInterpolation.html }
}
