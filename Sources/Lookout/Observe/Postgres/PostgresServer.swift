/// A PostgreSQL server, over one connection that is kept and opened anew when it broke.
actor PostgresServer {
  private let settings: Configuration.PostgreSQL
  private let timeout: Duration
  private let loop: EventLoop
  private let resolver = NameResolver()
  private var connection: PostgresConnection?
  private var secondsSpent = 0.0

  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  init(_ settings: Configuration.PostgreSQL, timeout: Duration, loop: EventLoop) {
    self.settings = settings
    self.timeout = timeout
    self.loop = loop
  }

  /// For one caller at a time; the schedule sees to that.
  func look() async -> Sight {
    do throws(PostgresFailure) {
      let row = try await query(PostgresLook.statement)
      guard let facts = PostgresLook.facts(row) else {
        throw PostgresFailure(state: "XX000", message: "the answer has another shape than asked for")
      }
      return Sight(seen: .database(.up(facts)), samples: samples(facts))
    } catch {
      return Sight(seen: .database(.down(error)), samples: samples(nil))
    }
  }

  private func query(_ statement: String) async throws(PostgresFailure) -> [String?] {
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

  private func attempt(_ statement: String, until deadline: ContinuousClock.Instant) async throws(PostgresFailure) -> [String?] {
    let start = ContinuousClock.now
    do throws(PostgresFailure) {
      let row = try await openConnection(until: deadline).query(statement, until: deadline)
      secondsSpent += (ContinuousClock.now - start).inSeconds
      return row
    } catch {
      connection?.close()
      connection = nil
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

  private func samples(_ facts: PostgresFacts?) -> [MetricSample] {
    var samples = [Metric.postgresUp.sample([:], facts == nil ? 0 : 1), Metric.postgresSeconds.sample([:], secondsSpent)]
    guard let facts else { return samples }
    samples.append(Metric.postgresConnectionsUsed.sample([:], facts.connectionsUsed))
    samples.append(Metric.postgresConnectionsLimit.sample([:], facts.connectionsLimit))
    if let longest = facts.longestStatement { samples.append(Metric.postgresLongestStatement.sample([:], longest)) }
    return samples
  }
}
