import Foundation

/// Standard output, and the keyboard where there is one.
struct Terminal: Sendable {
  let isInteractive = isatty(STDOUT_FILENO) == 1 && isatty(STDIN_FILENO) == 1
  /// See https://no-color.org.
  let hasColours = ProcessInfo.processInfo.environment["NO_COLOR", default: ""].isEmpty

  /// A line; on an interactive terminal the screen is drawn below it later.
  func say(_ line: String) {
    write(line + "\n")
  }

  func write(_ text: String) {
    FileHandle.standardOutput.write(Data(text.utf8))
  }

  /// Columns and lines.
  var size: (columns: Int, lines: Int) {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return (100, 40) }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  /// Clears and hides the cursor for the time of `body`, with keys handed over as they are pressed; the terminal is as before afterwards.
  func withScreen(_ body: (AsyncStream<Character>) async throws -> Void) async rethrows {
    var before = termios()
    tcgetattr(STDIN_FILENO, &before)
    var raw = before
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
    tcsetattr(STDIN_FILENO, TCSANOW, &raw)
    write("\u{1b}[?1049h\u{1b}[?25l")
    defer {
      write("\u{1b}[?25h\u{1b}[?1049l")
      tcsetattr(STDIN_FILENO, TCSANOW, &before)
    }
    try await body(Self.keys())
  }

  /// Keys from a thread that may wait for them; it ends with the process.
  private static func keys() -> AsyncStream<Character> {
    let (stream, continuation) = AsyncStream.makeStream(of: Character.self, bufferingPolicy: .bufferingNewest(16))
    Thread.detachNewThread {
      var byte: UInt8 = 0
      while read(STDIN_FILENO, &byte, 1) == 1 { continuation.yield(Character(UnicodeScalar(byte))) }
      continuation.finish()
    }
    return stream
  }
}
