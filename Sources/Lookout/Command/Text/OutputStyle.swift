import Foundation

/// What a stream can show: colours and a width, where it is a terminal.
struct OutputStyle: Sendable, Equatable {
  var hasColours = false
  /// Nil where lines may have any length.
  var width: Int?

  enum Colour: String, Sendable {
    case green = "32"
    case yellow = "33"
    case red = "31;1"
    case magenta = "35"
    case bold = "1"
    case faint = "2"
  }

  static let plain = OutputStyle()

  /// Of a file descriptor of this process. See https://no-color.org for NO_COLOR, and terminfo(5) for `dumb`.
  static func of(_ descriptor: Int32, environment: [String: String] = ProcessInfo.processInfo.environment) -> OutputStyle {
    guard isatty(descriptor) == 1 else { return .plain }
    var size = winsize()
    let isKnown = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    return OutputStyle(hasColours: mayColour(environment), width: isKnown ? Int(size.ws_col) : 80)
  }

  static func mayColour(_ environment: [String: String]) -> Bool {
    environment["NO_COLOR", default: ""].isEmpty && environment["TERM", default: "dumb"] != "dumb"
  }

  func painted(_ text: String, _ colour: Colour) -> String {
    hasColours ? "\u{1b}[\(colour.rawValue)m\(text)\u{1b}[0m" : text
  }
}
