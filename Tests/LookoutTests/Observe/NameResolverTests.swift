import Testing

@testable import Lookout

@Suite("Resolving names", .timeLimit(.minutes(1)))
struct NameResolverTests {
  private let resolver = NameResolver()
  private var soon: ContinuousClock.Instant { .now + .seconds(50) }

  @Test("addresses and socket directories need no look-up", arguments: ["127.0.0.1", "::1", "2001:db8::1", "/var/run/postgresql", "/"])
  func numeric(host: String) async throws {
    #expect(try await resolver.address(of: host, until: soon) == nil)
  }

  @Test("a name has a numeric address")
  func localhost() async throws {
    let address = try await resolver.address(of: "localhost", until: soon)
    #expect(["127.0.0.1", "::1"].contains(address))
  }

  @Test("a name that does not exist is named in the failure", arguments: ["no-such-host.invalid", "", "a b", "256.256.256.256.256"])
  func unknown(host: String) async {
    await #expect { try await resolver.address(of: host, until: soon) } throws: { error in
      let failure = error as? PostgresFailure
      return failure?.reason == .databaseUnreachable && failure?.message.contains("'\(host)'") == true
    }
  }

  @Test("many look-ups at once are all answered")
  func many() async throws {
    let answers = await withTaskGroup(of: String?.self) { group in
      for number in 0..<100 {
        group.addTask { [resolver, soon] in
          try? await resolver.address(of: number % 2 == 0 ? "localhost" : "no-such-host.invalid", until: soon)
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(answers.count == 100 && answers.count { $0 != nil } == 50)
  }

  @Test("a deadline that has passed and a cancelled task end the wait")
  func giveUp() async throws {
    await #expect(throws: PostgresFailure.self) { try await resolver.address(of: "no-such-host.invalid", until: .now - .seconds(1)) }
    let task = Task { [resolver, soon] in try await resolver.address(of: "no-such-host.invalid", until: soon) }
    task.cancel()
    await #expect(throws: PostgresFailure.self) { try await task.value }
  }
}
