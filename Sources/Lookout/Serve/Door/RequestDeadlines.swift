import NIOCore
import NIOHTTPTypes

/// Holds a client to its times. Each covers a step as a whole, so that bytes which trickle in or out win nothing.
final class RequestDeadlines: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private let limits: ConnectionLimits
  /// Told of each step; `true` while a request waits for the agent.
  private let onStep: (Bool) -> Void
  private var timer: Scheduled<Void>?
  /// Requests whose answers the client has not taken yet.
  private var unanswered = 0
  private var bodyBytes = 0

  init(_ limits: ConnectionLimits, onStep: @escaping (_ isServed: Bool) -> Void) {
    (self.limits, self.onStep) = (limits, onStep)
  }

  func handlerAdded(context: ChannelHandlerContext) { wait(limits.request, context) }

  func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

  func channelInactive(context: ChannelHandlerContext) {
    timer?.cancel()
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head:
      unanswered += 1
      bodyBytes = 0
      if unanswered == 1 { wait(limits.request, context) }
    case .body(let bytes):
      bodyBytes += bytes.readableBytes
      guard bodyBytes <= limits.body else { return close(context) }
    case .end:
      onStep(true)
      if unanswered == 1 { wait(limits.answer, context) }
    }
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head, .body: context.write(data, promise: promise)
    case .end:
      let taken = promise ?? context.eventLoop.makePromise()
      taken.futureResult.assumeIsolated().whenSuccess { self.answered(context) }
      onStep(false)
      context.write(data, promise: taken)
    }
  }

  private func answered(_ context: ChannelHandlerContext) {
    unanswered -= 1
    onStep(unanswered > 0)
    wait(unanswered > 0 ? limits.answer : limits.idle, context)
  }

  private func wait(_ limit: Duration, _ context: ChannelHandlerContext) {
    timer?.cancel()
    timer = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(limit)) { self.close(context) }
  }

  private func close(_ context: ChannelHandlerContext) {
    timer?.cancel()
    context.triggerUserOutboundEvent(ConnectionCloser.Close(), promise: nil)
  }
}
