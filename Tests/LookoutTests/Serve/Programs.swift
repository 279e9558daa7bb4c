import Foundation
import Subprocess
import SystemPackage

/// Prometheus' own checker, where the programs to compare with are at hand.
let promtoolOfPeers: String? = {
  let environment = ProcessInfo.processInfo.environment
  let peers = environment["PEERS"] ?? (environment["TMPDIR"] ?? "/tmp") + "/lookout-peers"
  let path = peers + "/bin/promtool"
  return FileManager.default.isExecutableFile(atPath: path) ? path : nil
}()

/// Runs a program to its end; its output is what it says on both of its streams.
func runProgram(_ program: String, _ arguments: [String], input: [UInt8]) async throws -> (status: Int32, output: [UInt8]) {
  let result = try await Subprocess.run(
    .path(FilePath(program)), arguments: Arguments(arguments), input: .array(input), output: .bytes(limit: 64 << 20),
    error: .combinedWithOutput)
  guard case .exited(let status) = result.terminationStatus else { return (-1, result.standardOutput) }
  return (status, result.standardOutput)
}
