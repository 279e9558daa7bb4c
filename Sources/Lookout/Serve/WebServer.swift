import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle

/// Serves the pages over HTTP/1.1 for as long as it runs.
struct WebServer: Service {
  /// An IP address or host name of this machine.
  let host: String
  /// 0 takes any free port.
  let port: Int
  let sources: ServeSources
  let logger: Logger
  /// Told the port as soon as connections are taken.
  var onListening: @Sendable (_ port: Int) async -> Void = { _ in }

  /// A connection on which nothing moves for so long is closed, whoever's turn it is.
  var idleTimeout = Duration.seconds(60)

  /// Beyond this many, connections wait in the kernel's queue until one closes.
  static let maximumConnections = 256
  static let headLimits = HTTP1Channel.Configuration.DecoderConfiguration(
    maxHeaderFieldSize: 8 * 1024, maxHeaderListSize: 32 * 1024, maxHeaderFieldCount: 100)

  /// Throws a `ListenError` when the address cannot be had.
  func run() async throws {
    do {
      try await application.run()
    } catch {
      throw ListenError(error, host: host, port: port) ?? error
    }
  }

  private var application: some ApplicationProtocol {
    let endpoints = Endpoints(sources: sources)
    let onListening = onListening
    return Application(
      responder: CallbackResponder<BasicRequestContext> { request, _ in await Self.response(to: request, from: endpoints) },
      server: .http1(configuration: channel),
      configuration: ApplicationConfiguration(
        address: .hostname(host, port: port),
        availableConnectionsDelegate: .maximum(Self.maximumConnections, logger: logger)),
      onServerRunning: { channel in await onListening(channel.localAddress?.port ?? port) },
      logger: logger)
  }

  private var channel: HTTP1Channel.Configuration {
    let idleTimeout = TimeAmount(idleTimeout)
    return HTTP1Channel.Configuration(
      additionalChannelHandlers: [IdleStateHandler(allTimeout: idleTimeout), IdleConnectionCloser()],
      idleTimeout: idleTimeout, httpDecoderConfiguration: Self.headLimits)
  }

  private static func response(to request: Request, from endpoints: Endpoints) async -> Response {
    let asked = PageRequest(
      method: request.method.rawValue, path: request.uri.path, accept: request.headers[.accept],
      acceptEncoding: request.headers[.acceptEncoding], query: request.uri.query ?? "",
      scrapeTimeout: HTTPFields.Element.Name("X-Prometheus-Scrape-Timeout-Seconds").flatMap { request.headers[$0] })
    let reply: Reply
    if let probed = await endpoints.probe(asked) { reply = probed } else { reply = endpoints.reply(to: asked) }
    var headers: HTTPFields = [.contentType: reply.contentType, .cacheControl: "no-store", .xContentTypeOptions: "nosniff"]
    for (name, value) in reply.headers {
      guard let name = HTTPFields.Element.Name(name) else { continue }
      headers[name] = value
    }
    let response = Response(
      status: HTTPResponse.Status(code: reply.status), headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: reply.body)))
    return request.method == .head ? response.createHeadResponse() : response
  }
}

/// Closes a connection on which neither side gets on. The server's own time-out does not count one that takes no answer: it would hold
/// its place for ever.
private final class IdleConnectionCloser: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = NIOAny

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard event is IdleStateHandler.IdleStateEvent else { return context.fireUserInboundEventTriggered(event) }
    context.close(promise: nil)
  }
}
