import Glibc
import Subprocess

/// A real PostgreSQL server of our own for the demo and for tests: on loopback, in a temporary directory, gone without a trace afterwards.
struct PrivateCluster: Sendable {
  struct Login: Sendable {
    let role: String
    let password: String
  }

  enum StopMode: Sendable {
    /// Disconnects everyone and writes a checkpoint.
    case fast
    /// As a crash: the next start recovers.
    case immediate

    /// PostgreSQL documentation, "Shutting Down the Server".
    var signal: CInt {
      switch self {
      case .fast: SIGINT
      case .immediate: SIGQUIT
      }
    }
  }

  /// TCP port on 127.0.0.1, the same at every start.
  let port: Int
  let superuser = Login(role: "postgres", password: randomPassword())
  /// The role of a watcher: member of `pg_monitor`, owner of nothing.
  let lookout = Login(role: "lookout", password: randomPassword())

  private let programs: PrivateClusterPrograms
  private let place: PrivateClusterDirectory
  private let server: PrivateClusterServer

  var directory: String { place.path }
  var socketDirectory: String { place.path }
  var logFile: String { "\(place.path)/postgresql.log" }
  var dataDirectory: String { place.data }

  /// libpq's keywords and values for the role `lookout` and the database `postgres`.
  var connectionString: String { connectionString(database: "postgres") }

  /// The process identifiers of the server and its children, none while it is stopped.
  var processes: [pid_t] { place.processes() }

  /// The arguments of `env` that `start` runs.
  var serverCommand: [String] { server.command }

  /// Makes a cluster that is not running yet, in `parent` or else in TMPDIR or /tmp.
  ///
  /// Throws a `PrivateClusterError` that names what is missing and how to install it.
  static func create(in parent: String? = nil) async throws -> PrivateCluster {
    let programs = try PrivateClusterPrograms.find()
    let place = try await PrivateClusterDirectory.make(in: parent, for: programs)
    do {
      let cluster = PrivateCluster(port: try freePort(), programs: programs, place: place)
      try await cluster.initialise()
      return cluster
    } catch {
      await place.remove()
      throw error
    }
  }

  private init(port: Int, programs: PrivateClusterPrograms, place: PrivateClusterDirectory) {
    self.port = port
    self.programs = programs
    self.place = place
    server = PrivateClusterServer(directory: place, programs: programs)
  }

  /// Returns when the server takes connections.
  func start() async throws { try await server.start() }

  /// Does nothing where no server runs.
  func stop(mode: StopMode = .fast) async { await server.stop(mode) }

  /// Stops every process of the server in its tracks: clients get no answer and no error.
  func freeze() { place.signal(SIGSTOP) }

  func thaw() { place.signal(SIGCONT) }

  /// Stops the server and deletes the directory.
  func remove() async {
    await server.stop(.fast)
    await place.remove()
  }

  /// What `psql` prints for `text`, run as the superuser: rows by line, columns separated by `|`, without headings.
  func sql(_ text: String, database: String = "postgres") async throws -> String {
    guard !text.utf8.contains(0), !database.utf8.contains(0) else {
      throw PrivateClusterError(description: "SQL cannot hold a NUL character")
    }
    let script = "query-\(randomPassword()).sql"
    try place.write(text, to: script, for: programs.user)
    defer { unlink("\(directory)/\(script)") }
    let options = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-f", script]
    return try await programs.run(["\(programs.folder)/psql"] + options, in: directory, environment: session(database))
  }

  /// libpq's keywords and values for one database, over TCP, as `login` or else as the role `lookout`.
  func connectionString(database: String, as login: Login? = nil) -> String {
    let login = login ?? lookout
    let quoted = database.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
    return "host=127.0.0.1 port=\(port) user=\(login.role) password=\(login.password) dbname='\(quoted)'"
  }

  private func session(_ database: String) -> [Environment.Key: String] {
    [
      "PGHOST": socketDirectory, "PGPORT": "\(port)", "PGUSER": superuser.role, "PGDATABASE": database,
      "PGPASSFILE": "\(directory)/pgpass", "PGCONNECT_TIMEOUT": "5",
    ]
  }

  private func initialise() async throws {
    try place.write(superuser.password, to: "password", for: programs.user)
    try place.write("*:*:*:\(superuser.role):\(superuser.password)\n", to: "pgpass", for: programs.user)
    try place.write(configuration, to: "postgresql.conf", for: programs.user)
    try place.write(
      "CREATE ROLE \(lookout.role) LOGIN PASSWORD '\(lookout.password)' IN ROLE pg_monitor;\n", to: "roles.sql", for: programs.user)
    try await programs.run(
      [
        "\(programs.folder)/initdb", "-D", dataDirectory, "-U", superuser.role, "-A", "scram-sha-256", "--pwfile=password",
        "-E", "UTF8", "--locale=C", "--wal-segsize=1", "--no-sync", "--no-instructions",
      ], in: directory)
    // Single-user mode, which needs no port and no second start.
    try await programs.run(
      [
        "/bin/sh", "-c", #"exec "$@" <roles.sql"#, "sh", "\(programs.folder)/postgres", "--single", "-D", dataDirectory,
        "-c", "config_file=\(directory)/postgresql.conf", "-c", "exit_on_error=on", "postgres",
      ], in: directory)
    unlink("\(directory)/password")
    unlink("\(directory)/roles.sql")
  }

  /// Durability is given up, as nothing here outlives the process; shared memory lies in files, so that even SIGKILL leaves none behind.
  private var configuration: String {
    """
    listen_addresses = '127.0.0.1'
    port = \(port)
    unix_socket_directories = '\(socketDirectory)'
    unix_socket_permissions = 0700
    max_connections = 30
    shared_buffers = 16MB
    dynamic_shared_memory_type = mmap
    fsync = off
    synchronous_commit = off
    full_page_writes = off
    wal_level = minimal
    max_wal_senders = 0
    min_wal_size = 4MB
    max_wal_size = 64MB
    max_logical_replication_workers = 0
    jit = off
    shared_preload_libraries = 'pg_stat_statements'
    track_io_timing = on
    password_encryption = 'scram-sha-256'
    log_line_prefix = '%m [%p] %q%u@%d '
    log_timezone = 'UTC'
    timezone = 'UTC'

    """
  }
}

/// Makes and starts a cluster for the time of `body`, and removes it whatever happens.
func withPrivateCluster<T>(in parent: String? = nil, _ body: (PrivateCluster) async throws -> T) async throws -> T {
  let cluster = try await PrivateCluster.create(in: parent)
  do {
    try await cluster.start()
    let value = try await body(cluster)
    await cluster.remove()
    return value
  } catch {
    await cluster.remove()
    throw error
  }
}

private func randomPassword() -> String {
  (0..<3).map { _ in String(UInt64.random(in: .min ... .max), radix: 36) }.joined()
}

/// A port nobody listens on, below those Linux gives to outgoing connections (32768 and above, ip-sysctl): it stays free while the server
/// is stopped.
func freePort() throws -> Int {
  for _ in 0..<100 {
    let port = UInt16.random(in: 20_000..<32_768)
    if isFree(port) { return Int(port) }
  }
  throw PrivateClusterError(description: "no free TCP port between 20000 and 32767 on 127.0.0.1")
}

private func isFree(_ port: UInt16) -> Bool {
  let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
  guard socket >= 0 else { return false }
  defer { close(socket) }
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = port.bigEndian
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  return withUnsafeBytes(of: &address) { bytes in
    bytes.withMemoryRebound(to: sockaddr.self) { bind(socket, $0.baseAddress, socklen_t(bytes.count)) == 0 }
  }
}
