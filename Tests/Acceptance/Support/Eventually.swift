import Testing

/// What was waited for did not come.
struct NeverHappened: Error, CustomStringConvertible {
  let description: String
}

/// The first value that `look` gives, asked every 50 ms. Errors of `look` count as "not yet"; the last of them is told in the end.
func eventually<T>(
  _ what: String, within limit: Duration = .seconds(60), _ look: () async throws -> T?
) async throws -> T {
  let deadline = ContinuousClock.now + limit
  var last = ""
  while ContinuousClock.now < deadline {
    do {
      if let value = try await look() { return value }
      last = ""
    } catch let error as CancellationError {
      throw error
    } catch {
      last = "; last error: \(error)"
    }
    try await Task.sleep(for: .milliseconds(50))
  }
  throw NeverHappened(description: "waited \(limit) in vain: \(what)\(last)")
}

/// Waits until `look` says true.
func eventually(_ what: String, within limit: Duration = .seconds(60), _ look: () async throws -> Bool) async throws {
  _ = try await eventually(what, within: limit) { try await look() ? true : nil }
}

/// Holds for the whole of `span`: the way to see that something does not happen.
func always(_ what: String, for span: Duration, _ look: () async throws -> Bool) async throws {
  let deadline = ContinuousClock.now + span
  while ContinuousClock.now < deadline {
    guard try await look() else { throw NeverHappened(description: "did not hold: \(what)") }
    try await Task.sleep(for: .milliseconds(50))
  }
}
