import FoundationEssentials
import Glibc
import Subprocess

/// A private cluster could not be made, started or asked; the message says what to do.
struct PrivateClusterError: Error, CustomStringConvertible {
  let description: String
}

/// PostgreSQL's own programs on this machine, and the user they run as.
struct PrivateClusterPrograms: Sendable {
  /// The folder that holds `initdb`, `postgres` and `psql`.
  let folder: String
  /// Nil where this process is an ordinary user already.
  let user: SystemUser?

  /// The newest PostgreSQL of Debian's layout, else the first one in `path`.
  static func find(debianRoot: String = "/usr/lib/postgresql", path: String = searchPath) throws -> PrivateClusterPrograms {
    let folders = debianFolders(debianRoot) + path.split(separator: ":").map(String.init)
    guard let folder = folders.first(where: holdsServer) else {
      throw PrivateClusterError(
        description: "no PostgreSQL server programs in \(debianRoot)/<version>/bin or in PATH: install them (apt-get install postgresql)")
    }
    guard path.split(separator: ":").contains(where: { access("\($0)/setpriv", X_OK) == 0 }) else {
      throw PrivateClusterError(description: "the program setpriv is not in PATH: install it (apt-get install util-linux)")
    }
    return PrivateClusterPrograms(folder: folder, user: try unprivilegedUser())
  }

  /// The arguments of `env` that run `command` in `directory`, without privileges, and end it when this process is gone, even by SIGKILL.
  ///
  /// The kernel sends the signal when the *thread* that started the child ends. Subprocess starts every child on one thread that lives
  /// until `exit`; a thread of Swift's pool, which may end at any time, would not do.
  func confined(_ command: [String], in directory: String, deathSignal: String) -> [String] {
    var options = ["-C", directory, "setpriv", "--pdeathsig", deathSignal]
    if let user {
      options += ["--reuid", "\(user.uid)", "--regid", "\(user.gid)", "--clear-groups"]
    }
    return options + ["--"] + command
  }

  /// Runs one program to its end and answers what it printed.
  @discardableResult
  func run(_ command: [String], in directory: String, environment: [Environment.Key: String] = [:]) async throws -> String {
    let result = try await Subprocess.run(
      .name("env"), arguments: Arguments(confined(command, in: directory, deathSignal: "KILL")),
      environment: Self.environment(adding: environment), output: .string(limit: 16 << 20), error: .string(limit: 1 << 20))
    guard result.terminationStatus.isSuccess else {
      let name = command.first.map { $0.split(separator: "/").last ?? "" } ?? ""
      let words = result.standardError.trimmingWhitespace()
      throw PrivateClusterError(description: "\(name) failed (\(result.terminationStatus)): \(words)")
    }
    return result.standardOutput
  }

  /// What every program sees: none of the caller's PG… variables, which would turn it to another server.
  static func environment(adding own: [Environment.Key: String] = [:]) -> Environment {
    let basic: [Environment.Key: String] = ["PATH": searchPath, "LC_ALL": "C", "TZ": "UTC"]
    return .custom(basic.merging(own) { $1 })
  }

  static var searchPath: String {
    ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
  }

  private static func debianFolders(_ root: String) -> [String] {
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    return versions.compactMap(Int.init).sorted(by: >).map { "\(root)/\($0)/bin" }
  }

  private static func holdsServer(_ folder: String) -> Bool {
    ["initdb", "postgres", "psql"].allSatisfy { access("\(folder)/\($0)", X_OK) == 0 }
  }

  /// `initdb` and `postgres` refuse root.
  private static func unprivilegedUser() throws -> SystemUser? {
    guard geteuid() == 0 else { return nil }
    guard let user = SystemUser(named: "postgres") ?? SystemUser(named: "nobody") else {
      throw PrivateClusterError(description: "PostgreSQL refuses to run as root and there is neither a user postgres nor nobody")
    }
    return user
  }
}

/// A user of this machine, by its numbers.
struct SystemUser: Sendable {
  let uid: uid_t
  let gid: gid_t

  init?(named name: String) {
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var text = [CChar](repeating: 0, count: 16 << 10)
    guard getpwnam_r(name, &entry, &text, text.count, &found) == 0, found != nil else { return nil }
    uid = entry.pw_uid
    gid = entry.pw_gid
  }
}

extension String {
  fileprivate func trimmingWhitespace() -> Substring {
    var rest = self[...]
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return rest.drop(while: \.isWhitespace)
  }
}
