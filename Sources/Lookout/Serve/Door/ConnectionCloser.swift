import NIOCore

/// Closes the connection itself, beneath TLS, for a client that is let go need not agree to it. Stands first in the pipeline; sent as an
/// outbound event, it comes past everything else.
final class ConnectionCloser: ChannelOutboundHandler, RemovableChannelHandler {
  typealias OutboundIn = NIOAny

  struct Close: Sendable {}

  func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
    guard event is Close else { return context.triggerUserOutboundEvent(event, promise: promise) }
    context.close(promise: promise)
  }
}
