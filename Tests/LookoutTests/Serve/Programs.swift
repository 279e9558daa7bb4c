import Foundation

/// Prometheus' own checker, where the programs to compare with are at hand.
let promtoolOfPeers: String? = {
  let environment = ProcessInfo.processInfo.environment
  let peers = environment["PEERS"] ?? (environment["TMPDIR"] ?? "/tmp") + "/lookout-peers"
  let path = peers + "/bin/promtool"
  return FileManager.default.isExecutableFile(atPath: path) ? path : nil
}()

/// Runs a program to its end, away from the threads that tests share.
func runProgram(_ program: String, _ arguments: [String], input: [UInt8]) async throws -> (status: Int32, output: [UInt8]) {
  let file = FileManager.default.temporaryDirectory.appendingPathComponent("lookout-test-\(UUID().uuidString)")
  try Data(input).write(to: file)
  defer { try? FileManager.default.removeItem(at: file) }
  return try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread {
      continuation.resume(
        with: Result {
          let process = Process()
          let output = Pipe()
          process.executableURL = URL(fileURLWithPath: program)
          process.arguments = arguments
          process.standardInput = try FileHandle(forReadingFrom: file)
          process.standardOutput = output
          process.standardError = output
          try process.run()
          let text = output.fileHandleForReading.readDataToEndOfFile()
          process.waitUntilExit()
          return (process.terminationStatus, [UInt8](text))
        })
    }
  }
}
