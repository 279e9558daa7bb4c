import FoundationEssentials
import Glibc
import Subprocess
import Testing

@testable import Lookout

@Suite("PrivateCluster", .serialized)
struct PrivateClusterTests {
  @Test("a started cluster answers its superuser by socket and the role lookout by TCP, each with a password")
  func answersBothRoles() async throws {
    try await withPrivateCluster { cluster in
      #expect(try await cluster.sql("SELECT current_user, inet_server_addr() IS NULL") == "postgres|t\n")
      let answer = try await query("SELECT current_user, inet_server_port()", at: cluster.connectionString)
      #expect(answer == "lookout|\(cluster.port)\n")
      let stranger = cluster.connectionString(database: "postgres", as: .init(role: "lookout", password: "wrong"))
      await #expect(throws: PrivateClusterError.self) { try await query("SELECT 1", at: stranger) }
    }
  }

  @Test("the server has pg_stat_statements loaded, listens on loopback only and takes no more than 30 connections")
  func isConfigured() async throws {
    try await withPrivateCluster { cluster in
      for (setting, value) in [
        ("shared_preload_libraries", "pg_stat_statements"), ("listen_addresses", "127.0.0.1"), ("max_connections", "30"), ("fsync", "off"),
      ] {
        let shown = try await cluster.sql("SHOW \(setting)")
        #expect(shown == "\(value)\n")
      }
      let log = try String(contentsOfFile: cluster.logFile, encoding: .utf8)
      #expect(log.contains("ready to accept connections"))
    }
  }

  @Test("a stopped server comes back on the same port with its data", arguments: [PrivateCluster.StopMode.fast, .immediate])
  func stopsAndStarts(mode: PrivateCluster.StopMode) async throws {
    try await withPrivateCluster { cluster in
      _ = try await cluster.sql("CREATE TABLE kept AS SELECT 7 AS n; CHECKPOINT;")
      await cluster.stop(mode: mode)
      #expect(cluster.processes.isEmpty)
      await #expect(throws: PrivateClusterError.self) { try await cluster.sql("SELECT 1") }
      try await cluster.start()
      #expect(try await query("SELECT inet_server_port()", at: cluster.connectionString) == "\(cluster.port)\n")
      #expect(try await cluster.sql("SELECT n FROM kept") == "7\n")
    }
  }

  @Test("a running server is not started twice, and stopping twice does nothing")
  func refusesSecondStart() async throws {
    try await withPrivateCluster { cluster in
      await #expect(throws: PrivateClusterError.self) { try await cluster.start() }
      let answer = try await cluster.sql("SELECT 1")
      #expect(answer == "1\n")
      await cluster.stop()
      await cluster.stop()
    }
  }

  @Test("freezing stops the server and every backend, thawing resumes them")
  func freezesAndThaws() async throws {
    try await withPrivateCluster { cluster in
      cluster.freeze()
      #expect(await eventually(within: .seconds(5)) { cluster.processes.allSatisfy(isStopped) })
      #expect(cluster.processes.count > 3)
      cluster.thaw()
      let answer = try await cluster.sql("SELECT 1")
      #expect(answer == "1\n")
    }
  }

  @Test("a frozen server is stopped in good order: it writes its checkpoint")
  func stopsFrozenServer() async throws {
    try await withPrivateCluster { cluster in
      cluster.freeze()
      await cluster.stop()
      #expect(cluster.processes.isEmpty)
      let log = try String(contentsOfFile: cluster.logFile, encoding: .utf8)
      #expect(log.contains("database system is shut down"))
    }
  }

  @Test("a frozen server is removed like any other", .timeLimit(.minutes(1)))
  func removesFrozenServer() async throws {
    let cluster = try await PrivateCluster.create()
    try await cluster.start()
    cluster.freeze()
    await cluster.remove()
    #expect(leavesNothing(cluster))
  }

  @Test("a body that throws leaves no process and no directory")
  func removesAfterError() async throws {
    struct Mishap: Error {}
    var used: PrivateCluster?
    await #expect(throws: Mishap.self) {
      try await withPrivateCluster {
        used = $0
        throw Mishap()
      }
    }
    #expect(leavesNothing(try #require(used)))
  }

  @Test("a cancelled task leaves no process and no directory")
  func removesAfterCancellation() async throws {
    let (entered, entry) = AsyncStream.makeStream(of: PrivateCluster.self)
    let task = Task {
      try await withPrivateCluster {
        entry.yield($0)
        try await Task.sleep(for: .seconds(3600))
      }
    }
    let cluster = try #require(await entered.first { _ in true })
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(leavesNothing(cluster))
  }

  @Test("a start that fails says why, and nothing is left behind")
  func reportsFailedStart() async throws {
    try await withPrivateCluster { first in
      let second = try await PrivateCluster.create()
      // The later of two equal settings holds.
      try append("port = \(first.port)\n", to: "\(second.directory)/postgresql.conf")
      let error = await #expect(throws: PrivateClusterError.self) { try await second.start() }
      #expect(error?.description.contains("Address already in use") == true)
      #expect(second.processes.isEmpty)
      await second.remove()
      #expect(leavesNothing(second))
    }
  }

  @Test("the server ends when the process that started it is killed")
  func endsWithItsParent() async throws {
    let cluster = try await PrivateCluster.create()
    let shell = ["-c", #"env "$@" & wait"#, "sh"] + cluster.serverCommand
    _ = try await Subprocess.run(.name("sh"), arguments: Arguments(shell), input: .none, output: .discarded, error: .discarded) { parent in
      #expect(await eventually(within: .seconds(10)) { isReady(cluster) })
      try parent.send(signal: .kill)
      #expect(await eventually(within: .seconds(5)) { cluster.processes.isEmpty })
    }
    await cluster.remove()
    #expect(leavesNothing(cluster))
  }

  @Test("what a killed owner left is removed by the next cluster in that place, what is in use is not")
  func sweepsAbandonedDirectories() async throws {
    try await withTemporaryDirectory { parent in
      let abandoned = "\(parent)/\(PrivateClusterDirectory.prefix)000000"
      try await withPrivateCluster(in: parent) { used in
        try #require(mkdir(abandoned, 0o700) == 0 && mkdir("\(abandoned)/data", 0o700) == 0)
        _ = try await Subprocess.run(
          .name("env"), arguments: ["-C", "\(abandoned)/data", "sleep", "3600"], input: .none, output: .discarded, error: .discarded
        ) { left in
          #expect(await eventually(within: .seconds(5)) { workingDirectory(left.processIdentifier.value) == "\(abandoned)/data" })
          kill(left.processIdentifier.value, SIGSTOP)
          try await withPrivateCluster(in: parent) { _ in
            #expect(access(abandoned, F_OK) != 0)
            let answer = try await used.sql("SELECT 1")
            #expect(answer == "1\n")
          }
          kill(left.processIdentifier.value, SIGKILL)
        }
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: parent).isEmpty)
    }
  }

  @Test("errors in SQL carry PostgreSQL's words and the line, and NUL is refused")
  func reportsErrors() async throws {
    try await withPrivateCluster { cluster in
      let error = await #expect(throws: PrivateClusterError.self) { try await cluster.sql("SELECT 1;\nSELECT broken;") }
      #expect(error?.description.contains(":2: ERROR:  column \"broken\" does not exist") == true)
      await #expect(throws: PrivateClusterError.self) { try await cluster.sql("SELECT '\0'") }
      await #expect(throws: PrivateClusterError.self) { try await cluster.sql("SELECT 1", database: "it's \\ host=elsewhere") }
    }
  }

  @Test(
    "a place that is too long, oddly named or absent is refused by name",
    arguments: ["/nowhere", "/tmp/a,b", "/" + String(repeating: "x", count: 90)])
  func refusesBadPlaces(parent: String) async throws {
    let error = await #expect(throws: PrivateClusterError.self) { try await PrivateCluster.create(in: parent) }
    #expect(error?.description.contains(parent) == true)
  }

  @Test("the newest version of Debian's layout is taken, and without any the package is named")
  func findsPrograms() async throws {
    try await withTemporaryDirectory { root in
      let error = #expect(throws: PrivateClusterError.self) { try PrivateClusterPrograms.find(debianRoot: root, path: "/nowhere") }
      #expect(error?.description.contains("apt-get install postgresql") == true)
      for version in ["9", "16", "15", "junk"] {
        try FileManager.default.createDirectory(atPath: "\(root)/\(version)/bin", withIntermediateDirectories: true)
        for program in ["initdb", "postgres", "psql"] {
          try #require(symlink("/bin/true", "\(root)/\(version)/bin/\(program)") == 0)
        }
      }
      #expect(try PrivateClusterPrograms.find(debianRoot: root).folder == "\(root)/16/bin")
    }
  }

  @Test("the demo's database holds what the checks look for, and the role lookout reads statistics but no table")
  func fillsDemoDatabase() async throws {
    try await withPrivateCluster { cluster in
      try await DemoDatabase.create(in: cluster)
      func count(_ source: String) async throws -> String { try await cluster.sql("SELECT count(*) FROM \(source)", database: "crm") }
      #expect(try await count("crm_lead") == "1000\n")
      #expect(try await count("ir_model_access JOIN ir_model m ON m.id = model_id WHERE m.model ~ 'crm.*dashboard'") == "8\n")
      #expect(try await count("ir_module_module WHERE state = 'installed'") == "6\n")
      #expect(try await count("pg_tables WHERE schemaname = 'public' AND tableowner <> 'odoo'") == "0\n")
      #expect(try await count("pg_stat_user_tables WHERE relname = 'crm_lead' AND n_live_tup = 1000") == "1\n")
      let lookout = cluster.connectionString(database: "crm")
      let seen = try await query("SELECT count(*) > 10 FROM pg_stat_statements WHERE query !~ 'insufficient privilege'", at: lookout)
      #expect(seen == "t\n")
      await #expect(throws: PrivateClusterError.self) { try await query("SELECT 1 FROM crm_lead", at: lookout) }
      #expect(try await query("SELECT pg_has_role('pg_monitor', 'member')", at: lookout) == "t\n")
    }
  }
}

/// Asks as an outsider would: through libpq with nothing but the connection string.
private func query(_ text: String, at connection: String) async throws -> String {
  let programs = try PrivateClusterPrograms.find()
  return try await programs.run(["\(programs.folder)/psql", "-X", "-A", "-t", "-d", connection, "-c", text], in: "/")
}

private func leavesNothing(_ cluster: PrivateCluster) -> Bool {
  cluster.processes.isEmpty && access(cluster.directory, F_OK) != 0
}

private func isReady(_ cluster: PrivateCluster) -> Bool {
  (try? String(contentsOfFile: "\(cluster.dataDirectory)/postmaster.pid", encoding: .utf8))?.contains("\nready") == true
}

/// The state is the first field behind the parenthesised name (proc(5)).
private func isStopped(_ pid: pid_t) -> Bool {
  let text = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
  return text.split(separator: ")").last?.hasPrefix(" T") == true
}

private func workingDirectory(_ pid: pid_t) -> String? {
  try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/cwd")
}

private func append(_ text: String, to path: String) throws {
  let old = try String(contentsOfFile: path, encoding: .utf8)
  try (old + text).write(toFile: path, atomically: false, encoding: .utf8)
}

/// A new directory below /tmp that every user may enter, as PostgreSQL's user has to.
private func withTemporaryDirectory(_ body: (String) async throws -> Void) async throws {
  var template = Array("/tmp/private-cluster-tests-XXXXXX".utf8CString)
  try #require(mkdtemp(&template) != nil)
  let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  try #require(chmod(path, 0o755) == 0)
  defer { try? FileManager.default.removeItem(atPath: path) }
  try await body(path)
}
