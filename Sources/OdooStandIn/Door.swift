internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Synchronization

/// A listening port that can be shut and opened again; every request it reads goes into one queue, in the order of arrival.
final class Door: Sendable {
  let requests: AsyncStream<Exchange>
  private let queue: AsyncStream<Exchange>.Continuation
  private let loops: MultiThreadedEventLoopGroup
  private let host: String
  private let state: Mutex<State>

  private struct State {
    var port: Int
    var channel: (any Channel)?
  }

  init(on loops: MultiThreadedEventLoopGroup, host: String, port: Int) {
    (requests, queue) = AsyncStream.makeStream()
    self.loops = loops
    self.host = host
    state = Mutex(State(port: port))
  }

  /// Returns the port, once it accepts connections.
  @discardableResult
  func open() async throws -> Int {
    let (open, wanted) = state.withLock { ($0.channel != nil, $0.port) }
    if open { return wanted }
    let channel = try await bootstrap().bind(host: host, port: wanted).get()
    let port = channel.localAddress?.port ?? wanted
    state.withLock { $0 = State(port: port, channel: channel) }
    return port
  }

  /// Returns once connections are refused.
  func shut() async {
    let channel = state.withLock { state -> (any Channel)? in
      defer { state.channel = nil }
      return state.channel
    }
    try? await channel?.close().get()
  }

  func end() { queue.finish() }

  private func bootstrap() -> ServerBootstrap {
    let queue = queue
    return ServerBootstrap(group: loops)
      .serverChannelOption(.backlog, value: 128)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandlers([
            ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)),
            RequestReader { queue.yield($0) },
          ])
        }
      }
  }
}

/// One request and the connection it wants its answer on.
struct Exchange: Sendable {
  var request: Request
  var channel: any Channel
}
