import HummingbirdCore
import Logging
import NIOCore
import NIOSSL

/// A connection as it comes in: it takes its place, is encrypted where that is asked for, and is held to its times.
struct GuardedChannel: ServerChildChannel {
  typealias Value = HTTP1Channel.Value

  let door: Door
  let places: Places
  let limits: ConnectionLimits
  let responder: HTTPChannelHandler.Responder

  static let headLimits = HTTP1Channel.Configuration.DecoderConfiguration(
    maxHeaderFieldSize: 8 * 1024, maxHeaderListSize: 32 * 1024, maxHeaderFieldCount: 100)

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    let place = places.enter(channel.remoteAddress.flatMap(IPAddress.init)) {
      channel.triggerUserOutboundEvent(ConnectionCloser.Close(), promise: nil)
    }
    channel.closeFuture.whenComplete { [places] _ in places.leave(place) }
    let ready = channel.eventLoop.makeCompletedFuture {
      try channel.pipeline.syncOperations.addHandler(ConnectionCloser())
      if let certificate = door.certificate {
        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: certificate.context))
      }
    }.flatMap { http(place).setup(channel: channel, logger: logger) }
    // Nobody else closes what could not be set up.
    ready.whenFailure { _ in channel.close(promise: nil) }
    return ready
  }

  func handle(value: Value, logger: Logger) async {
    await HTTP1Channel(responder: responder).handle(value: value, logger: logger)
  }

  private func http(_ place: Places.ID) -> HTTP1Channel {
    HTTP1Channel(
      responder: responder,
      configuration: HTTP1Channel.Configuration(
        additionalChannelHandlers: [RequestDeadlines(limits) { [places] in places.step(place, isServed: $0) }],
        httpDecoderConfiguration: Self.headLimits))
  }
}

extension IPAddress {
  init?(_ address: SocketAddress) {
    guard let text = address.ipAddress else { return nil }
    self.init(text)
  }
}
