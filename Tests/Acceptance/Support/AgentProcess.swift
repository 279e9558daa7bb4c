import Foundation
import Glibc
import Synchronization

/// The agent as users run it: `lookout run --config lookout.yml`, stopped and started at will.
final class AgentProcess: Sendable {
  let folder: String
  /// What the agent is started through, `unshare` for example.
  private let wrapper: [String]
  private let arguments: [String]
  private let state = Mutex<(program: Program?, port: Int, starts: Int, log: String)>((nil, 0, 0, ""))

  init(in folder: String, wrapper: [String] = [], arguments: [String] = []) {
    (self.folder, self.wrapper, self.arguments) = (folder, wrapper, arguments)
  }

  /// Starts it and returns when its pages are served.
  func start() async throws {
    let number = state.withLock { state in
      state.starts += 1
      return state.starts
    }
    let command = wrapper + [try Built.path(), "run", "--config", "\(folder)/lookout.yml"] + arguments
    let program = try await Program.start(command, in: folder, name: "agent-\(number)")
    state.withLock { $0.program = program }
    let port = try await eventually("the agent serves its pages") {
      if let end = program.end { throw NeverHappened(description: "the agent ended with \(end): \(program.errors)") }
      return program.errors.firstMatch(of: /pages=https?:\/\/127\.0\.0\.1:(\d+)\//).flatMap { Int($0.1) }
    }
    state.withLock { $0.port = port }
  }

  func signal(_ number: CInt) { program?.signal(number) }

  /// As a power cut: nothing of it is left but what is on disk.
  func kill() async { await program?.kill() }

  func restart() async throws {
    await kill()
    try await start()
  }

  var program: Program? { state.withLock(\.program) }
  var port: Int { state.withLock(\.port) }

  /// Everything it has printed, over restarts.
  var printed: String {
    let starts = state.withLock(\.starts)
    return (1...max(1, starts)).map { number in
      ["out", "err"].map {
        String(decoding: FileManager.default.contents(atPath: "\(folder)/agent-\(number).\($0)") ?? Data(), as: UTF8.self)
      }
      .joined()
    }.joined()
  }

  // MARK: - Its pages

  func page(_ path: String, headers: [String] = []) async throws -> Answer { try await ask("GET", path, port: port, headers: headers) }

  func health() async throws -> Health { try JSONDecoder().decode(Health.self, from: Data(try await page("/health").body)) }

  func metrics() async throws -> Metrics { Metrics(try await page("/metrics").text) }

  /// Waits until every check has been seen and passes.
  func becomesHealthy(within limit: Duration = .seconds(180)) async throws {
    try await eventually("all checks pass", within: limit) {
      let health = try await self.health()
      guard health.notPassing.isEmpty else {
        throw NeverHappened(
          description: health.notPassing.map { "\($0): \(health.checks[$0]?.first?.output ?? "?")" }.joined(separator: "; "))
      }
      return true
    }
  }
}
