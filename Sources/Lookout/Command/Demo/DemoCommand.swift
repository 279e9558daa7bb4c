import ArgumentParser
import UnixSignals

/// `lookout demo`
struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo", abstract: "Watch a stand-in Odoo with a PostgreSQL of its own, and break it.")

  @Option(name: .long, help: "The port of the agent's own pages on 127.0.0.1; 0 takes any.")
  var port = 9069

  private static let endingSignals: [UnixSignal] = [.sigint, .sigterm, .sighup]

  func run() async throws {
    guard (0...65_535).contains(port) else { throw AgentError("--port \(port) is no port: give a number from 0 to 65535") }
    // Signals are taken from the first moment on: a demo that is ended while PostgreSQL is being set up must leave nothing behind either.
    let signals = await UnixSignalsSequence(trapping: Self.endingSignals)
    try await withThrowingTaskGroup(of: Ended.self) { group in
      group.addTask {
        try await Demo.run(port: port, endingOn: Self.endingSignals)
        return .byItself
      }
      group.addTask {
        for await _ in signals {
          // Once the agent runs it ends on the signal by itself, in order; what is left of the demo by then is cancelled.
          try await Task.sleep(for: .milliseconds(1500))
          break
        }
        return .bySignal
      }
      defer { group.cancelAll() }
      let ended = try await group.next()
      group.cancelAll()
      // What is cancelled half-way fails in many ways (a program of PostgreSQL was ended, say), which is no news once it was told to end.
      while let rest = await group.nextResult() {
        if case .failure(let error) = rest, ended != .bySignal, !(error is CancellationError) { throw error }
      }
    }
  }

  private enum Ended {
    case byItself, bySignal
  }
}
