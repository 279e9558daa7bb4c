internal import NIOCore
internal import NIOHTTP1

/// Collects the one request that a connection may carry: prefork Odoo closes each connection after its answer.
final class RequestReader: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart

  /// Odoo's own bound is `web.max_file_upload_size`, 128 MiB; nothing that is asked of the stand-in comes near this one.
  static let bodyLimit = 8 << 20

  private let deliver: @Sendable (Exchange) -> Void
  private var request: Request?
  private var done = false

  init(deliver: @escaping @Sendable (Exchange) -> Void) { self.deliver = deliver }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !done else { return }
    switch unwrapInboundIn(data) {
    case .head(let head): request = Request(head, from: context.remoteAddress?.ipAddress ?? "127.0.0.1")
    case .body(let part): append(part)
    case .end: finish(context)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard !done, error is HTTPParserError else { return context.close(promise: nil) }
    request = request ?? .unreadable(from: context.remoteAddress?.ipAddress ?? "127.0.0.1")
    request?.flaw = .syntax
    finish(context)
  }

  private func append(_ part: ByteBuffer) {
    guard let count = request?.body.count, request?.flaw == nil else { return }
    if count + part.readableBytes > Self.bodyLimit {
      request?.flaw = .tooLarge
      request?.body = []
    } else {
      request?.body.append(contentsOf: part.readableBytesView)
    }
  }

  private func finish(_ context: ChannelHandlerContext) {
    guard let request else { return }
    done = true
    deliver(Exchange(request: request, channel: context.channel))
  }
}
