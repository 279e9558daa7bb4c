import Glibc

/// A log that another program writes into a pipe. It has no places: what was read is gone.
final class StandardInput: LogInput {
  let name = "-"
  var descriptor: Int32? { hasEnded ? nil : source }
  let isOver = false
  private let source: Int32
  private var hasEnded = false
  private var buffer = [UInt8](repeating: 0, count: 256 << 10)

  init(_ source: Int32 = STDIN_FILENO) {
    self.source = source
  }

  func readAppended(_ take: (Span<UInt8>) -> Void, on event: (LogInputEvent) -> Void) throws {
    guard !hasEnded else { throw AgentError("standard input has ended") }
    // Asked before, for to make it non-blocking would do so for everybody who has it.
    while isReadable {
      let count = read(source, &buffer, buffer.count)
      if count < 0, errno == EINTR || errno == EAGAIN { continue }
      guard count > 0 else {
        hasEnded = true
        event(.restarted)
        throw AgentError("standard input has ended")
      }
      take(buffer.span.extracting(0..<count))
    }
  }

  private var isReadable: Bool {
    var wait = pollfd(fd: source, events: Int16(POLLIN), revents: 0)
    return poll(&wait, 1, 0) > 0 && wait.revents != 0
  }

  func place(unfinished _: Int) -> LogPlace? { nil }
}
