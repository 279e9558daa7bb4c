import Foundation
import Testing

@testable import Lookout

@Suite("The look at PostgreSQL", .timeLimit(.minutes(2)), .serialized)
struct PostgresServerTests {
  private func settings(
    _ cluster: PrivateCluster, login: PrivateCluster.Login? = nil, password: String? = nil, database: String = "postgres",
    host: String = "127.0.0.1"
  ) -> Configuration.PostgreSQL {
    let login = login ?? cluster.lookout
    return Configuration.PostgreSQL(
      host: host, port: cluster.port, user: login.role, password: .text(password ?? login.password), database: database)
  }

  private func failure(_ sight: Sight) -> PostgresFailure? {
    if case .database(.down(let failure)) = sight.seen { return failure }
    return nil
  }

  private func facts(_ sight: Sight) throws -> PostgresFacts {
    guard case .database(.up(let facts)) = sight.seen else { throw failure(sight) ?? .unreachable("another sight") }
    return facts
  }

  private func value(_ metric: Metric, _ sight: Sight) -> Double? { sight.samples.first { $0.metric == metric }?.value }

  @Test("facts and figures; one connection is kept, under the name lookout, and can only read")
  func facts() async throws {
    try await withPrivateCluster { cluster in
      try await withLoop { loop in
        let server = PostgresServer(settings(cluster), timeout: .seconds(20), loop: loop)
        for _ in 0..<3 { _ = await ServerLook.look(at: server) }
        let sight = await ServerLook.look(at: server)
        let facts = try facts(sight)
        #expect(facts.connectionsUsed == 1 && facts.connectionsLimit == 27 && facts.longestStatement == 0)
        #expect(value(.postgresUp, sight) == 1 && value(.postgresConnectionsUsed, sight) == 1)
        #expect(value(.postgresConnectionsLimit, sight) == 27 && value(.postgresLongestStatement, sight) == 0)
        #expect(value(.postgresSeconds, sight).map { $0 > 0 && $0 < 20 } == true)
        let sessions = "SELECT count(*), min(application_name) FROM pg_stat_activity WHERE usename = 'lookout'"
        #expect(try await cluster.sql(sessions) == "1|lookout\n")
        withExtendedLifetime(server) {}
      }
    }
  }

  @Test("the connection that is opened takes no writes and ends statements that take too long")
  func readOnly() async throws {
    try await withPrivateCluster { cluster in
      try await withLoop { loop in
        let asking = Asking(settings(cluster), loop)
        #expect(await asking.ask("SHOW default_transaction_read_only") == .success(["on"]))
        #expect(await asking.ask("SHOW statement_timeout") == .success(["5s"]))
        #expect(await asking.ask("SHOW lock_timeout") == .success(["1s"]))
        #expect(await asking.ask("SELECT NULL, '', 'ü'") == .success([nil, "", "ü"]))
        #expect(await asking.ask("SELECT 1 WHERE false") == .success([]))
        guard case .failure(let refused) = await asking.ask("CREATE TABLE t (n int)") else { throw SocketError(call: "CREATE") }
        #expect(refused.reason == .queryFailed && refused.state == "25006" && refused.message.contains("read-only"))
        guard case .failure(let odd) = await asking.ask("nonsense") else { throw SocketError(call: "nonsense") }
        #expect(odd.state == "42601")
        #expect(await asking.ask("SELECT 2") == .success(["2"]))
      }
    }
  }

  @Test("the oldest running statement of others is seen with pg_monitor; without, nothing is said of it")
  func longestStatement() async throws {
    try await withPrivateCluster { cluster in
      try await withLoop { loop in
        _ = try await cluster.sql("CREATE ROLE blind LOGIN PASSWORD 'blind'")
        let sleeping = Task { try await cluster.sql("SELECT pg_sleep(600)") }
        let server = PostgresServer(settings(cluster), timeout: .seconds(20), loop: loop)
        var longest: Double = 0
        while longest < 0.2 { longest = try facts(await ServerLook.look(at: server)).longestStatement ?? 0 }
        let blind = PostgresServer(settings(cluster, login: .init(role: "blind", password: "blind")), timeout: .seconds(20), loop: loop)
        let facts = try facts(await ServerLook.look(at: blind))
        #expect(facts.longestStatement == nil && facts.connectionsUsed >= 3)
        _ = try await cluster.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'")
        await #expect(throws: PrivateClusterError.self) { _ = try await sleeping.value }
      }
    }
  }

  @Test("the statements of a backup are not among those that run for long")
  func backup() async throws {
    try await withPrivateCluster { cluster in
      try await withLoop { loop in
        let sleeping = Task { try await cluster.sql("SET application_name = 'pg_dump'; SELECT pg_sleep(600)") }
        let server = PostgresServer(settings(cluster), timeout: .seconds(20), loop: loop)
        let running = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pg_dump' AND state = 'active'"
        while try await cluster.sql(running) != "1\n" {}
        #expect(try facts(await ServerLook.look(at: server)).longestStatement == 0)
        _ = try await cluster.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'")
        await #expect(throws: PrivateClusterError.self) { _ = try await sleeping.value }
      }
    }
  }

  @Test("a wrong password, an unknown role, a missing database, too many connections: each has its reason")
  func refusals() async throws {
    try await withPrivateCluster { cluster in
      try await withLoop { loop in
        func reason(_ settings: Configuration.PostgreSQL) async -> Reason? {
          let sight = await ServerLook.look(at: PostgresServer(settings, timeout: .seconds(20), loop: loop))
          #expect(value(.postgresUp, sight) == 0 && value(.postgresConnectionsUsed, sight) == nil)
          return failure(sight)?.reason
        }
        #expect(await reason(settings(cluster, password: "wrong")) == .databaseRefused)
        #expect(await reason(settings(cluster, login: .init(role: "nobody", password: "x"))) == .databaseRefused)
        #expect(await reason(settings(cluster, database: "no such one")) == .databaseMissing)
        var unreadable = settings(cluster)
        unreadable.password = .file("/nonexistent")
        #expect(await reason(unreadable) == .databaseRefused)
        unreadable.password = nil
        #expect(await reason(unreadable) == .databaseRefused)
        _ = try await cluster.sql("ALTER ROLE lookout CONNECTION LIMIT 0")
        #expect(await reason(settings(cluster)) == .databaseRefused)
      }
    }
  }

  @Test("the failure's message holds no password")
  func messages() async throws {
    try await withPrivateCluster { cluster in
      try await withLoop { loop in
        let sight = await ServerLook.look(at: PostgresServer(settings(cluster, password: "hunter2"), timeout: .seconds(20), loop: loop))
        #expect(!"\(sight)".contains("hunter2"))
        #expect(failure(sight)?.message.contains("\n") == false)
      }
    }
  }

  @Test("a server that stopped is unreachable; when it is back, so is the kept connection, within one look")
  func restarts() async throws {
    try await withPrivateCluster { cluster in
      try await withLoop { loop in
        let server = PostgresServer(settings(cluster), timeout: .seconds(20), loop: loop)
        _ = try facts(await ServerLook.look(at: server))
        await cluster.stop(mode: .immediate)
        #expect(failure(await ServerLook.look(at: server))?.reason == .databaseUnreachable)
        #expect(failure(await ServerLook.look(at: server))?.reason == .databaseUnreachable)
        try await cluster.start()
        #expect(try facts(await ServerLook.look(at: server)).connectionsUsed == 1)
        await cluster.stop(mode: .fast)
        try await cluster.start()
        #expect(try facts(await ServerLook.look(at: server)).connectionsUsed == 1)
        _ = try await cluster.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'lookout'")
        _ = try facts(await ServerLook.look(at: server))
      }
    }
  }

  @Test("a frozen server costs the look its time and nobody else; thawed, it answers again over one connection")
  func freezing() async throws {
    try await withPrivateCluster { cluster in
      try await withRawServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") { web in
        try await withLoop { loop in
          let server = PostgresServer(settings(cluster), timeout: .seconds(4), loop: loop)
          let fresh = PostgresServer(settings(cluster), timeout: .seconds(4), loop: loop)
          let client = HTTPClient(loop: loop)
          _ = try facts(await ServerLook.look(at: server))
          cluster.freeze()
          async let kept = ServerLook.look(at: server)
          async let opened = ServerLook.look(at: fresh)
          for _ in 0..<20 { #expect(await client.perform(HTTPRequest(url: web.url)).status == 200) }
          for sight in await [kept, opened] {
            #expect(failure(sight)?.reason == .databaseUnreachable)
            #expect(failure(sight)?.message.contains("in time") == true)
          }
          cluster.thaw()
          let patient = PostgresServer(settings(cluster), timeout: .seconds(20), loop: loop)
          _ = try facts(await ServerLook.look(at: patient))
          _ = try facts(await ServerLook.look(at: server))
          var sessions = 9
          while sessions > 2 {
            let count = try await cluster.sql("SELECT count(*) FROM pg_stat_activity WHERE usename = 'lookout'")
            sessions = Int(count.filter(\.isNumber)) ?? 9
          }
          #expect(sessions == 2)
          withExtendedLifetime((server, patient)) {}
        }
      }
    }
  }

  @Test("cancelling ends a look at once")
  func cancelled() async throws {
    try await withPrivateCluster { cluster in
      try await withLoop { loop in
        let server = PostgresServer(settings(cluster), timeout: .seconds(600), loop: loop)
        _ = try facts(await ServerLook.look(at: server))
        cluster.freeze()
        let look = Task { await ServerLook.look(at: server) }
        look.cancel()
        #expect(failure(await look.value)?.reason == .databaseUnreachable)
        cluster.thaw()
      }
    }
  }

  @Test("by socket and by name, and what is nobody's port is unreachable")
  func places() async throws {
    try await withPrivateCluster { cluster in
      try await withLoop { loop in
        for host in ["localhost", "127.0.0.1"] {
          _ = try facts(await ServerLook.look(at: PostgresServer(settings(cluster, host: host), timeout: .seconds(20), loop: loop)))
        }
        let bySocket = settings(cluster, host: cluster.socketDirectory)
        _ = try facts(await ServerLook.look(at: PostgresServer(bySocket, timeout: .seconds(20), loop: loop)))
        var closed = settings(cluster)
        closed.port = try closedPort()
        #expect(
          failure(await ServerLook.look(at: PostgresServer(closed, timeout: .seconds(20), loop: loop)))?.reason == .databaseUnreachable)
        let unknown = settings(cluster, host: "no-such-host.invalid")
        let failure = failure(await ServerLook.look(at: PostgresServer(unknown, timeout: .seconds(20), loop: loop)))
        #expect(failure?.reason == .databaseUnreachable && failure?.message.contains("no-such-host.invalid") == true)
      }
    }
  }

  @Test(
    "a server that is none, one that says nothing and one that hangs up are unreachable",
    arguments: ["HTTP/1.1 400 Bad Request\r\n\r\n", "", nil])
  func impostors(answer: String?) async throws {
    let behaviour: @Sendable (RawConnection) -> Void = { connection in
      if let answer { connection.send(answer) } else { connection.waitForHangUp() }
    }
    try await withRawServer(behaviour) { impostor in
      try await withLoop { loop in
        let settings = Configuration.PostgreSQL(host: "127.0.0.1", port: impostor.port, user: "lookout", database: "crm")
        let sight = await ServerLook.look(at: PostgresServer(settings, timeout: .milliseconds(500), loop: loop))
        #expect(failure(sight)?.reason == .databaseUnreachable)
      }
    }
  }

  @Test(
    "a row of another shape makes no facts",
    arguments: [[], ["1"], ["1", "2"], ["x", "2", nil], ["1", nil, nil], ["1", "2", "3", "4"]] as [[String?]])
  func shapes(row: [String?]) {
    #expect(ServerLook.facts(row) == nil)
  }
}

/// Asks over one connection, on the loop.
private actor Asking {
  private let settings: Configuration.PostgreSQL
  private let loop: EventLoop
  private var connection: PostgresConnection?

  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  init(_ settings: Configuration.PostgreSQL, _ loop: EventLoop) {
    self.settings = settings
    self.loop = loop
  }

  func ask(_ statement: String) async -> Result<[String?], PostgresFailure> {
    let deadline = ContinuousClock.now + .seconds(20)
    do throws(PostgresFailure) {
      if connection == nil {
        let password = try? settings.password?.reveal()
        connection = try await PostgresConnection.open(settings, address: nil, password: password, loop: loop, until: deadline)
      }
      guard let connection else { return .failure(.unreachable("no connection")) }
      return .success(try await connection.query(statement, until: deadline).first ?? [])
    } catch {
      return .failure(error)
    }
  }
}
