import FoundationEssentials
import Glibc
import Subprocess

/// The temporary directory one cluster lives in, locked as long as its owner lives.
///
/// The lock tells a directory in use from one whose owner was killed: `sweep` removes the latter, with whatever still runs in it.
final class PrivateClusterDirectory: Sendable {
  static let prefix = "lookout-postgres-"
  let path: String
  private let descriptor: CInt

  var data: String { "\(path)/data" }

  /// A new directory of mode 700 that `programs` can use, in `parent`, else in TMPDIR, else in /tmp.
  static func make(in parent: String?, for programs: PrivateClusterPrograms) async throws -> PrivateClusterDirectory {
    let parents = parent.map { [$0] } ?? [ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp", "/tmp"]
    var obstacle = ""
    for parent in parents {
      await sweep(parent, of: programs.user)
      do {
        return try await attempt(in: parent, for: programs)
      } catch let error as PrivateClusterError {
        obstacle = error.description
      }
    }
    throw PrivateClusterError(description: obstacle)
  }

  /// Removes what owners that no longer live have left in `parent`: resumes and ends the processes, then deletes.
  static func sweep(_ parent: String, of user: SystemUser?) async {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
    for name in names where name.hasPrefix(prefix) {
      await PrivateClusterDirectory(locking: "\(parent)/\(name)", of: user)?.remove()
    }
  }

  /// Ends every process in the directory and deletes it, in an instant where the server was stopped before.
  func remove() async {
    await uncancelled { [self] in
      signal(SIGCONT)
      if await !empty(within: .seconds(2)) {
        signal(SIGKILL)
        _ = await empty(within: .seconds(1))
      }
      _ = try? await Subprocess.run(
        .name("rm"), arguments: ["-rf", "--", path], environment: PrivateClusterPrograms.environment(), output: .discarded)
    }
  }

  /// The server and its children: all work in the data directory, whatever session or group they are in.
  func processes() -> [pid_t] {
    // The second form is that of a directory deleted meanwhile (proc(5)).
    let places: Set = [data, "\(data) (deleted)"]
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return entries.compactMap { pid_t($0) }.filter {
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\($0)/cwd")).map(places.contains) == true
    }
  }

  /// Sends `number` to every process of the cluster, those that one of them starts meanwhile included.
  func signal(_ number: CInt) {
    var reached: Set<pid_t> = []
    while case let next = Set(processes()).subtracting(reached), !next.isEmpty {
      for pid in next { kill(pid, number) }
      reached.formUnion(next)
    }
  }

  /// Writes a new file that only the cluster's user can read.
  func write(_ text: String, to name: String, for user: SystemUser?) throws {
    let file = open("\(path)/\(name)", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    try Self.check(file >= 0, "create", name)
    defer { close(file) }
    let bytes = Array(text.utf8)
    try Self.check(Glibc.write(file, bytes, bytes.count) == bytes.count, "write", name)
    if let user {
      try Self.check(fchown(file, user.uid, user.gid) == 0, "hand over", name)
    }
  }

  private init?(locking path: String, of user: SystemUser?) {
    self.path = path
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return nil }
    var status = stat()
    // A directory without links was deleted between open and flock.
    guard fstat(descriptor, &status) == 0, status.st_nlink > 0, status.st_mode & 0o077 == 0 else { return nil }
    guard status.st_uid == geteuid() || status.st_uid == user?.uid else { return nil }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  private static func attempt(in parent: String, for programs: PrivateClusterPrograms) async throws -> PrivateClusterDirectory {
    let directory = try locked(in: parent)
    do {
      if let user = programs.user {
        try check(chown(directory.path, user.uid, user.gid) == 0, "hand over", directory.path)
      }
      // As root, the unprivileged user may be kept out by a folder above.
      try await programs.run(["test", "-w", "\(directory.path)/."], in: "/")
      return directory
    } catch {
      rmdir(directory.path)
      throw PrivateClusterError(description: "no place for PostgreSQL in \(parent): \(error)")
    }
  }

  private static func locked(in parent: String) throws -> PrivateClusterDirectory {
    // The address of a unix socket holds 107 bytes (unix(7)), and PostgreSQL's lists of directories split at commas.
    guard parent.utf8.count <= 60, !parent.utf8.contains(where: { $0 < 0x20 || "'\",\\".utf8.contains($0) }) else {
      throw PrivateClusterError(description: "the path \(parent) is too long or too odd for a unix socket: set TMPDIR to another")
    }
    let real = realpath(parent, nil)
    try check(real != nil, "find", parent)
    defer { free(real) }
    // Another process may sweep the new directory away in the instant before it is locked: then one more is made.
    for _ in 0..<10 {
      var template = Array("\(real.map { String(cString: $0) } ?? parent)/\(prefix)XXXXXX".utf8CString)
      try check(mkdtemp(&template) != nil, "create a directory in", parent)
      let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
      if let directory = PrivateClusterDirectory(locking: path, of: nil) { return directory }
    }
    throw PrivateClusterError(description: "no directory in \(parent) can be locked")
  }

  private func empty(within limit: Duration) async -> Bool {
    await eventually(within: limit) { self.processes().isEmpty }
  }

  private static func check(_ done: Bool, _ what: String, _ path: String) throws {
    guard done else {
      throw PrivateClusterError(description: "cannot \(what) \(path): \(String(cString: strerror(errno)))")
    }
  }
}

/// Runs `body` to its end though the caller is cancelled: cleaning up must not stop half-way.
func uncancelled<T: Sendable>(_ body: @escaping @Sendable () async -> T) async -> T {
  await Task(operation: body).value
}

/// Whether `condition` came true within `limit`; it is looked at every 10 ms.
func eventually(within limit: Duration, _ condition: () -> Bool) async -> Bool {
  let deadline = ContinuousClock.now.advanced(by: limit)
  while !condition() {
    if ContinuousClock.now >= deadline { return false }
    guard (try? await Task.sleep(for: .milliseconds(10))) != nil else { return condition() }
  }
  return true
}
