import NIOCore
import NIOEmbedded
import NIOHTTP1
import NIOHTTPCompression

/// One-shot gzip through the compressor of swift-nio-extras.
///
/// Its public door is a channel handler. The one for responses cannot stand in the server's own pipeline: it traps on an answer without a
/// request, which is what a request that cannot be parsed gets. So the one for requests is fed here, off any connection.
enum Gzip {
  static func compress(_ bytes: [UInt8]) throws -> [UInt8] {
    let channel = EmbeddedChannel(handler: NIOHTTPRequestCompressor(encoding: .gzip))
    defer { _ = try? channel.finish(acceptAlreadyClosed: true) }
    let head = HTTPRequestHead(version: .http1_1, method: .POST, uri: "/")
    for part: HTTPClientRequestPart in [.head(head), .body(.byteBuffer(ByteBuffer(bytes: bytes))), .end(nil)] {
      channel.write(part, promise: nil)
    }
    channel.flush()
    var compressed: [UInt8] = []
    while let part = try channel.readOutbound(as: HTTPClientRequestPart.self) {
      if case .body(.byteBuffer(let buffer)) = part { compressed += buffer.readableBytesView }
    }
    return compressed
  }
}
