internal import NIOCore

/// Sends one answer on one connection, no faster than the client takes it.
struct Delivery: Sendable {
  private static let chunk = 1 << 20

  var channel: any Channel
  /// For HEAD: the headers alone.
  var bare: Bool

  /// Ends early, without an error, when the client is gone or the worker is killed.
  func send(_ answer: Answer) async {
    let channel = channel
    await withTaskCancellationHandler {
      try? await write(answer)
    } onCancel: {
      channel.close(promise: nil)
    }
  }

  private func write(_ answer: Answer) async throws {
    var head = answer.head(now: .now())
    if case .endlessHeaders = answer.body { return try await writeEndless(head) }
    if case .bytes(let bytes) = answer.body, !bare { head.writeImmutableBuffer(bytes) }
    try await channel.writeAndFlush(head).get()
    if case .blanks(let count) = answer.body, !bare { try await writeBlanks(count) }
  }

  private func writeBlanks(_ count: Int) async throws {
    let blanks = ByteBuffer(repeating: UInt8(ascii: " "), count: Self.chunk)
    var left = count
    while left > 0 {
      guard let part = blanks.getSlice(at: 0, length: min(left, Self.chunk)) else { return }
      try await channel.writeAndFlush(part).get()
      left -= part.readableBytes
    }
  }

  /// 64 KiB of headers every 20 ms, and never the blank line.
  private func writeEndless(_ head: ByteBuffer) async throws {
    guard let open = head.getSlice(at: 0, length: head.readableBytes - 2) else { return }
    try await channel.writeAndFlush(open).get()
    let header = "X-Padding: " + String(repeating: "x", count: 1011) + "\r\n"
    let block = ByteBuffer(string: String(repeating: header, count: 64))
    while !Task.isCancelled {
      try await channel.writeAndFlush(block).get()
      try await Task.sleep(for: .milliseconds(20))
    }
  }
}
