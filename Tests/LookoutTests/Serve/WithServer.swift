import Logging
import ServiceLifecycle

@testable import Lookout

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

func webServer(
  _ sources: ServeSources = serveSources(), host: String = "127.0.0.1", port: Int = 0, door: Door = Door(.open),
  limits: ConnectionLimits = ConnectionLimits(), places: Places.Limits = Places.Limits(),
  onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
) -> WebServer {
  WebServer(
    host: host, port: port, door: door, reply: Endpoints(sources: sources).reply, logger: quiet, onListening: onListening, limits: limits,
    places: places)
}

/// Runs a server on a free port until the body is through, then stops it as the agent would.
func withServer(
  _ sources: ServeSources = serveSources(), door: Door = Door(.open), limits: ConnectionLimits = ConnectionLimits(),
  places: Places.Limits = Places.Limits(), _ body: (_ port: Int) async throws -> Void
) async throws {
  try await withStoppableServer(sources, door: door, limits: limits, places: places) { port, _ in try await body(port) }
}

/// The body is also given what stops the server; that returns when the last connection is closed.
func withStoppableServer(
  _ sources: ServeSources, door: Door = Door(.open), limits: ConnectionLimits = ConnectionLimits(),
  places: Places.Limits = Places.Limits(), _ body: (_ port: Int, _ stop: () async -> Void) async throws -> Void
) async throws {
  let (ports, listening) = AsyncStream.makeStream(of: Int.self)
  let server = webServer(sources, door: door, limits: limits, places: places, onListening: { listening.yield($0) })
  let group = ServiceGroup(configuration: .init(services: [server], logger: quiet))
  let running = Task {
    defer { listening.finish() }
    try await group.run()
  }
  let stop = {
    await group.triggerGracefulShutdown()
    _ = await running.result
  }
  try await withTaskCancellationHandler {
    for await port in ports {
      let outcome = await Result { try await body(port, stop) }
      await stop()
      try outcome.get()
      break
    }
    try await running.value
  } onCancel: {
    running.cancel()
  }
}

extension Result where Failure == any Error {
  /// Only for tests that have something to put away before they may fail.
  fileprivate init(_ body: () async throws -> Success) async {
    do {
      self = .success(try await body())
    } catch {
      self = .failure(error)
    }
  }
}
