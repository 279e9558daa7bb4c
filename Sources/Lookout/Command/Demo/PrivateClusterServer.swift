import FoundationEssentials
import Glibc
import Subprocess
import Synchronization

/// The server process of one cluster: at most one at a time, shared by all copies of its `PrivateCluster`.
final class PrivateClusterServer: Sendable {
  private enum Phase {
    case stopped(reason: String)
    case launched(pid: pid_t?)
  }

  private let phase = Mutex(Phase.stopped(reason: "never started"))
  private let directory: PrivateClusterDirectory
  private let programs: PrivateClusterPrograms

  init(directory: PrivateClusterDirectory, programs: PrivateClusterPrograms) {
    self.directory = directory
    self.programs = programs
  }

  /// The arguments of `env` that run the server and end it (fast shutdown) when the process that started it is gone.
  ///
  /// The output goes to the log by way of the shell, which leaves the server's process identifier as it is.
  var command: [String] {
    let server = ["\(programs.folder)/postgres", "-D", directory.data, "-c", "config_file=\(directory.path)/postgresql.conf"]
    let shell = ["/bin/sh", "-c", #"log=$1; shift; exec "$@" >>"$log" 2>&1"#, "sh", "\(directory.path)/postgresql.log"]
    return programs.confined(shell + server, in: directory.data, deathSignal: "INT")
  }

  var isRunning: Bool {
    phase.withLock { if case .launched = $0 { true } else { false } }
  }

  /// Starts the server and returns when it takes connections.
  func start() async throws {
    try phase.withLock {
      guard case .stopped = $0 else { throw PrivateClusterError(description: "PostgreSQL is running already") }
      $0 = .launched(pid: nil)
    }
    // Not a child of this task: the server outlives the call that started it. `stop` waits for its end.
    Task { await supervise() }
    let isSettled = await eventually(within: .seconds(30)) { isReady || !isRunning }
    guard isSettled, isReady else {
      let reason = reasonNotStarted
      await stop(.immediate)
      try Task.checkCancellation()
      throw PrivateClusterError(description: "PostgreSQL did not start (\(reason)): \(lastWords)")
    }
  }

  /// Ends the server, a frozen one too, by ever harder means; at most 5 s.
  func stop(_ mode: PrivateCluster.StopMode) async {
    await uncancelled { [self] in
      _ = await eventually(within: .milliseconds(500)) { !self.isRunning || self.pid != nil }
      for (signal, patience) in [(mode.signal, 3.0), (SIGQUIT, 1.0), (SIGKILL, 0.5)] {
        directory.signal(SIGCONT)
        if let server = pid { kill(server, signal) }
        if await eventually(within: .seconds(patience), { !self.isRunning && self.directory.processes().isEmpty }) { return }
      }
    }
  }

  private var pid: pid_t? {
    phase.withLock { if case .launched(let pid) = $0 { pid } else { nil } }
  }

  private var reasonNotStarted: String {
    phase.withLock { if case .stopped(let reason) = $0 { reason } else { "not ready in time" } }
  }

  private func supervise() async {
    var options = PlatformOptions()
    // A session of its own: Ctrl-C in the terminal is for the program that owns the cluster.
    options.createSession = true
    let reason: String
    do {
      let result = try await Subprocess.run(
        .name("env"), arguments: Arguments(command), environment: PrivateClusterPrograms.environment(), platformOptions: options,
        input: .none, output: .discarded, error: .discarded
      ) { server in
        phase.withLock { $0 = .launched(pid: server.processIdentifier.value) }
      }
      reason = "\(result.terminationStatus)"
    } catch {
      reason = "\(error)"
    }
    phase.withLock { $0 = .stopped(reason: reason) }
  }

  /// The first line of `postmaster.pid` is the server's process, the eighth its state (PostgreSQL's `utils/pidfile.h`); `pg_ctl`
  /// reads the same.
  private var isReady: Bool {
    guard let server = pid, let text = try? String(contentsOfFile: "\(directory.data)/postmaster.pid", encoding: .utf8) else {
      return false
    }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.count > 7 && lines[0] == "\(server)" && lines[7].hasPrefix("ready")
  }

  private var lastWords: String {
    let log = (try? String(contentsOfFile: "\(directory.path)/postgresql.log", encoding: .utf8)) ?? ""
    return log.split(separator: "\n").suffix(5).joined(separator: "; ")
  }
}
