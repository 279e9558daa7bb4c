/// A PostgreSQL server, over one connection that is kept and opened anew when it broke. Who asks waits for its turn.
actor PostgresServer {
  private let settings: Configuration.PostgreSQL
  private let timeout: Duration
  private let loop: EventLoop
  private let resolver = NameResolver()
  private var connection: PostgresConnection?
  /// Seconds that the agent's statements have taken, connecting included.
  private(set) var secondsSpent = 0.0
  private var isAsking = false
  private var waiting: [CheckedContinuation<Void, Never>] = []
  /// Rings when a statement has ended.
  private nonisolated let rested = Alarm()

  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  init(_ settings: Configuration.PostgreSQL, timeout: Duration, loop: EventLoop) {
    self.settings = settings
    self.timeout = timeout
    self.loop = loop
  }

  /// 150003 for PostgreSQL 15.3; 0 before the first statement.
  var version: Int { connection?.serverVersion ?? 0 }

  /// All rows, columns as text.
  func rows(_ statement: String) async throws(PostgresFailure) -> [[String?]] {
    await takeTurn()
    defer { endTurn() }
    let deadline = ContinuousClock.now + timeout
    let wasKept = connection != nil
    do throws(PostgresFailure) {
      return try await attempt(statement, until: deadline)
    } catch {
      // A kept connection may have died with the server's last restart: that says nothing about the server of now.
      guard wasKept, error.reason == .databaseUnreachable, ContinuousClock.now < deadline - .seconds(1) else { throw error }
      return try await attempt(statement, until: deadline)
    }
  }

  private func attempt(_ statement: String, until deadline: ContinuousClock.Instant) async throws(PostgresFailure) -> [[String?]] {
    let start = ContinuousClock.now
    defer { secondsSpent += (ContinuousClock.now - start).inSeconds }
    do throws(PostgresFailure) {
      return try await openConnection(until: deadline).query(statement, until: deadline)
    } catch {
      // After an error of the statement's own the connection is as good as before.
      if error.reason == .databaseUnreachable || connection?.socket == nil { drop() }
      throw error
    }
  }

  private func openConnection(until deadline: ContinuousClock.Instant) async throws(PostgresFailure) -> PostgresConnection {
    if let connection { return connection }
    let address = try await resolver.address(of: settings.host, until: deadline)
    let password: String?
    do { password = try settings.password?.reveal() } catch {
      throw PostgresFailure(state: "28P01", message: "the password cannot be read: \(error)")
    }
    let opened = try await PostgresConnection.open(settings, address: address, password: password, loop: loop, until: deadline)
    connection = opened
    return opened
  }

  private func drop() {
    connection?.close()
    connection = nil
  }

  // MARK: - Turns

  private func takeTurn() async {
    if isAsking { await withCheckedContinuation { waiting.append($0) } }
    isAsking = true
  }

  private func endTurn() {
    if waiting.isEmpty {
      isAsking = false
      rested.ring()
    } else {
      waiting.removeFirst().resume()
    }
  }
}

extension PostgresServer {
  /// Returns when the server closes the kept connection while nobody asks; until the task is cancelled. For one caller.
  func untilLost() async {
    while !Task.isCancelled {
      guard !isAsking, let connection, let socket = connection.socket else {
        // What is read while somebody asks is the answer; afterwards the socket is watched again.
        try? await rested.sleep(until: nil, on: .system())
        continue
      }
      // Not for ever, for the connection may be exchanged meanwhile.
      let isReadable = await loop.wait(for: socket, .reading, until: .now + .seconds(5))
      if isReadable, !isAsking, self.connection === connection, connection.isClosedByServer() { return }
    }
  }
}

/// Tells when PostgreSQL closes the agent's connection: it is being stopped, or has crashed.
struct ConnectionWatch: Follower {
  let check: CheckID
  let server: PostgresServer

  var rows: [CheckRow] { [] }

  func follow(telling tell: @escaping Tell) async {
    while !Task.isCancelled {
      await server.untilLost()
      guard !Task.isCancelled else { return }
      tell(.event(.connectionLost(check)))
      // The look that follows closes the connection and opens another; until then the socket would say the same again.
      try? await Task.sleep(for: .seconds(1))
    }
  }
}
