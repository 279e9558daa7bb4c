import Foundation

/// One line on standard error that says what is under way, redrawn and in the end erased; nothing where that is no terminal.
struct ProgressLine: Sendable {
  let style: OutputStyle
  /// What to say after that time.
  let text: @Sendable (Duration) -> String

  func shown<Value: Sendable>(during work: @Sendable () async -> Value) async -> Value {
    guard style.width != nil, style.hasColours || ProcessInfo.processInfo.environment["TERM", default: "dumb"] != "dumb" else {
      return await work()
    }
    return await withTaskGroup(of: Void.self) { group in
      group.addTask { await draw() }
      let value = await work()
      group.cancelAll()
      await group.waitForAll()
      Self.write("\r\u{1b}[K")
      return value
    }
  }

  private func draw() async {
    let start = ContinuousClock.now
    while !Task.isCancelled {
      Self.write("\r\u{1b}[K" + line(after: ContinuousClock.now - start))
      try? await Task.sleep(for: .milliseconds(100))
    }
  }

  /// Shorter than the terminal is wide, for a line that wraps cannot be erased.
  func line(after span: Duration) -> String {
    let line = text(span)
    let room = max(10, (style.width ?? 80) - 1)
    return line.count > room ? line.prefix(room - 1) + "…" : line
  }

  private static func write(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }
}
