@testable import Lookout

/// A client on a loop of its own that ends afterwards.
func withClient<Value>(_ body: (HTTPClient) async throws -> Value) async throws -> Value {
  try await withLoop { loop in try await body(HTTPClient(loop: loop)) }
}

func withLoop<Value>(_ body: (EventLoop) async throws -> Value) async throws -> Value {
  let loop = try EventLoop(name: "test")
  defer { loop.stop() }
  return try await body(loop)
}
