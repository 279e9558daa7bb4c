import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle

/// Serves pages over HTTP/1.1 for as long as it runs.
struct WebServer: Service {
  /// An IP address or host name of this machine.
  let host: String
  /// 0 takes any free port.
  let port: Int
  /// What connections and requests pass.
  let door: Door
  let reply: @Sendable (PageRequest) async -> Reply
  let logger: Logger
  /// Told the port as soon as connections are taken.
  var onListening: @Sendable (_ port: Int) async -> Void = { _ in }
  var limits = ConnectionLimits()
  var places = Places.Limits()

  var heartbeat: Heartbeat?
  var requests: RequestCounts?

  /// Throws a `ListenError` when the address cannot be had.
  func run() async throws {
    do {
      try await application.run()
    } catch {
      throw ListenError(error, host: host, port: port) ?? error
    }
  }

  private var application: some ApplicationProtocol {
    let (door, reply, limits, onListening) = (door, reply, limits, onListening)
    let places = Places(places)
    return Application(
      responder: CallbackResponder<Caller> { [requests] request, caller in
        if let refusal = await door.refusal(of: Visit(request, from: caller)) {
          requests?.note(path: request.uri.path, status: refusal.status)
          return Self.response(refusal, to: request)
        }
        let answer = await Self.answer(to: request, from: reply)
        requests?.note(path: request.uri.path, status: answer.status)
        return Self.response(answer, to: request)
      },
      server: HTTPServerBuilder { GuardedChannel(door: door, places: places, limits: limits, responder: $0) },
      configuration: ApplicationConfiguration(address: .hostname(host, port: port)),
      onServerRunning: { [heartbeat] channel in
        heartbeat?.wake { channel.eventLoop.execute { heartbeat?.beat() } }
        await onListening(channel.localAddress?.port ?? port)
      },
      logger: logger)
  }

  private static func answer(to request: Request, from reply: @Sendable (PageRequest) async -> Reply) async -> Reply {
    guard let body = try? await request.body.collect(upTo: Door.largestBody) else {
      return .line("the body is larger than \(Door.largestBody >> 10) KiB or did not come whole", status: 413)
    }
    return await reply(PageRequest(request, body: Array(body.readableBytesView)))
  }

  private static func response(_ reply: Reply, to request: Request) -> Response {
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

/// Who sends a request.
private struct Caller: InitializableFromSource {
  let address: IPAddress?

  init(source: ApplicationRequestContextSource) {
    address = source.channel.remoteAddress.flatMap(IPAddress.init)
  }
}

extension Visit {
  fileprivate init(_ request: Request, from caller: Caller) {
    self.init(
      method: request.method.rawValue, path: request.uri.path,
      // The first stands beside the other fields, what is too many among them.
      hosts: [request.head.authority].compactMap { $0 } + (HTTPField.Name("Host").map { request.headers[values: $0] } ?? []),
      authorization: request.headers[.authorization], origin: request.headers[.origin],
      fetchSite: HTTPField.Name("Sec-Fetch-Site").flatMap { request.headers[$0] }, bodyLength: request.headers[.contentLength],
      address: caller.address)
  }
}

extension PageRequest {
  fileprivate init(_ request: Request, body: [UInt8]) {
    self.init(
      method: request.method.rawValue, path: request.uri.path, accept: request.headers[.accept],
      acceptEncoding: request.headers[.acceptEncoding], query: request.uri.query ?? "",
      scrapeTimeout: HTTPField.Name("X-Prometheus-Scrape-Timeout-Seconds").flatMap { request.headers[$0] }, body: body)
  }
}
