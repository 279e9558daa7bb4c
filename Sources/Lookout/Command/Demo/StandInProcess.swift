import Subprocess
import SystemPackage

/// The stand-in Odoo as a process of its own: this very program, started once more.
struct StandInProcess: Sendable {
  let port: Int
  let controlPort: Int

  /// Runs it for the time of `body`.
  static func run(log: String, databasePort: Int, _ body: (StandInProcess) async throws -> Void) async throws {
    var options = PlatformOptions()
    // Ctrl-C in the terminal is for the demo, which ends the stand-in in its turn.
    options.createSession = true
    options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(1))]
    let arguments = ["stand-in", "--log", log, "--database-port", String(databasePort), "--end-with-parent"]
    _ = try await Subprocess.run(
      .path("/proc/self/exe"), arguments: Arguments(arguments), platformOptions: options, input: .none, output: .sequence,
      error: .discarded
    ) { process in
      for try await line in process.standardOutput.strings() {
        let words = line.split(separator: " ")
        guard words.count == 3, words[0] == "listening", let port = Int(words[1]), let control = Int(words[2]) else { continue }
        do {
          try await body(StandInProcess(port: port, controlPort: control))
        } catch {
          await process.teardown(using: options.teardownSequence)
          throw error
        }
        await process.teardown(using: options.teardownSequence)
        return
      }
      throw AgentError("the stand-in Odoo ended before it listened")
    }
  }
}
