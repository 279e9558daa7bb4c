import Foundation
import Glibc
import Subprocess
import Synchronization

/// The built program that is under test.
enum Built {
  static let lookout: String? = ProcessInfo.processInfo.environment["LOOKOUT_BIN"].flatMap {
    FileManager.default.isExecutableFile(atPath: $0) ? $0 : nil
  }
  static let absence = "LOOKOUT_BIN names no built program: run `make test`, or set it to the path of one"

  static func path() throws -> String {
    guard let lookout else { throw NeverHappened(description: absence) }
    return lookout
  }
}

/// A process with its output in files, which ends with the tests however they end.
final class Program: Sendable {
  let outputFile: String
  let errorFile: String
  private let state = Mutex<(pid: pid_t?, end: TerminationStatus?, failure: String?)>((nil, nil, nil))

  private init(outputFile: String, errorFile: String) {
    (self.outputFile, self.errorFile) = (outputFile, errorFile)
  }

  /// Starts `command` in `folder`; `name` is that of the files for its output, which are emptied first.
  static func start(
    _ command: [String], in folder: String, name: String, environment: [String: String] = [:]
  ) async throws -> Program {
    let program = Program(outputFile: "\(folder)/\(name).out", errorFile: "\(folder)/\(name).err")
    Task { await program.supervise(command, folder, environment) }
    try await eventually("\(name) starts", within: .seconds(60)) {
      if let failure = program.state.withLock(\.failure) { throw NeverHappened(description: failure) }
      return program.pid != nil
    }
    return program
  }

  var pid: pid_t? { state.withLock(\.pid) }
  var end: TerminationStatus? { state.withLock(\.end) }
  var output: String { Self.text(outputFile) }
  var errors: String { Self.text(errorFile) }

  /// Does nothing to a process that has ended.
  func signal(_ number: CInt) {
    state.withLock { if $0.end == nil, let pid = $0.pid { Glibc.kill(pid, number) } }
  }

  func wait(within limit: Duration = .seconds(30)) async throws -> TerminationStatus {
    try await eventually("the process \(pid ?? 0) ends", within: limit) { end }
  }

  /// Ends it the hard way.
  func kill() async {
    signal(SIGCONT)
    signal(SIGKILL)
    _ = try? await wait()
  }

  /// Bytes of memory that are resident now.
  var residentBytes: Int {
    let fields = Self.text("/proc/\(pid ?? 0)/statm").split(separator: " ")
    return fields.count > 1 ? (Int(fields[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE))) : 0
  }

  private func supervise(_ command: [String], _ folder: String, _ environment: [String: String]) async {
    // The shell and setpriv put the command in their own place, so that the process identifier is the command's.
    let shell = ["sh", "-c", #"out=$1; err=$2; shift 2; exec "$@" >"$out" 2>"$err""#, "sh", outputFile, errorFile]
    let confined = ["-C", folder, "setpriv", "--pdeathsig", "KILL", "--"] + shell + command
    var inherited: [Environment.Key: String] = [:]
    for (key, value) in environment { inherited[Environment.Key(stringLiteral: key)] = value }
    do {
      let result = try await Subprocess.run(
        .name("env"), arguments: Arguments(confined), environment: .inherit.updating(inherited.mapValues(Optional.some)), input: .none,
        output: .discarded, error: .discarded
      ) { process in
        state.withLock { $0.pid = process.processIdentifier.value }
      }
      state.withLock { $0.end = result.terminationStatus }
    } catch {
      state.withLock { $0.failure = "\(error)" }
    }
  }

  private static func text(_ path: String) -> String {
    String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
  }
}

/// Runs a program to its end.
func run(_ command: [String], in folder: String, within limit: Duration = .seconds(60)) async throws -> (
  status: TerminationStatus, output: String, errors: String
) {
  let program = try await Program.start(command, in: folder, name: "run-\(UUID().uuidString)")
  do {
    let status = try await program.wait(within: limit)
    return (status, program.output, program.errors)
  } catch {
    await program.kill()
    throw error
  }
}
