import Glibc

/// A program that runs for as long as somebody reads what it prints. Blocks nobody.
final class ChildOutput {
  let descriptor: Int32
  private(set) var buffer = [UInt8](repeating: 0, count: 64 << 10)
  private var pid: pid_t = 0

  /// - Throws: `AgentError` where it cannot be started.
  init(_ command: [String]) throws {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw AgentError("no pipe: \(String(cString: strerror(errno)))") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    let code = posix_spawnp(&pid, command.first ?? "", &actions, nil, &arguments, environ)
    close(ends[1])
    guard code == 0 else {
      close(ends[0])
      throw AgentError("\(command.first ?? "") cannot be started: \(String(cString: strerror(code)))")
    }
    descriptor = ends[0]
  }

  deinit {
    close(descriptor)
    if pid > 0 {
      kill(pid, SIGTERM)
      waitpid(pid, nil, 0)
    }
  }

  /// How many bytes are in the buffer now; 0 at the end, nil while there is nothing to read.
  func read() -> Int? {
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count >= 0 { return count }
      if errno != EINTR { return errno == EAGAIN ? nil : 0 }
    }
  }

  /// Waits for its end, and says what that was.
  func end() -> String {
    var status: Int32 = 0
    guard pid > 0, waitpid(pid, &status, 0) == pid else { return "unknown" }
    pid = 0
    return status & 0x7F == 0 ? "status \(status >> 8 & 0xFF)" : "signal \(status & 0x7F)"
  }
}
