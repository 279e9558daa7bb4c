import Foundation
import Testing

@testable import Lookout

@Suite("The loop that waits for sockets", .timeLimit(.minutes(1)))
struct EventLoopTests {
  /// Waits on the loop, as what talks to libpq does.
  private actor Waiter {
    private let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    init(_ loop: EventLoop) { self.loop = loop }

    func wait(for socket: Int32, _ readiness: EventLoop.Readiness, _ span: Duration) async -> Bool {
      loop.checkIsolated()
      let isReady = await loop.wait(for: socket, readiness, until: .now + span)
      loop.checkIsolated()
      return isReady
    }
  }

  private func withPipe<Value>(_ body: (_ reading: Int32, _ writing: Int32) async throws -> Value) async throws -> Value {
    var ends: [Int32] = [0, 0]
    try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
    defer { ends.forEach { close($0) } }
    return try await body(ends[0], ends[1])
  }

  @Test("a socket that is ready is ready at once, for reading and for writing")
  func ready() async throws {
    try await withLoop { loop in
      try await withPipe { reading, writing in
        let waiter = Waiter(loop)
        #expect(await waiter.wait(for: writing, .writing, .seconds(50)))
        #expect(write(writing, "x", 1) == 1)
        #expect(await waiter.wait(for: reading, .reading, .seconds(50)))
      }
    }
  }

  @Test("a socket that becomes ready ends the wait")
  func becomesReady() async throws {
    try await withLoop { loop in
      try await withPipe { reading, writing in
        let waiter = Waiter(loop)
        async let isReady = waiter.wait(for: reading, .reading, .seconds(50))
        // Behind the wait in the loop's queue: by now it is waiting.
        _ = await waiter.wait(for: writing, .writing, .seconds(50))
        #expect(write(writing, "x", 1) == 1)
        #expect(await isReady)
      }
    }
  }

  @Test("a socket whose other side hung up is ready: reading tells what happened")
  func hangUp() async throws {
    try await withLoop { loop in
      var ends: [Int32] = [0, 0]
      try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
      close(ends[1])
      #expect(await Waiter(loop).wait(for: ends[0], .reading, .seconds(50)))
      close(ends[0])
    }
  }

  @Test("the deadline ends the wait, one that has passed at once")
  func deadline() async throws {
    try await withLoop { loop in
      try await withPipe { reading, _ in
        let waiter = Waiter(loop)
        let elapsed = await ContinuousClock().measure {
          #expect(await !waiter.wait(for: reading, .reading, .milliseconds(50)))
          #expect(await !waiter.wait(for: reading, .reading, .seconds(-1)))
        }
        #expect(elapsed >= .milliseconds(50) && elapsed < .seconds(30))
      }
    }
  }

  @Test("cancelling ends the wait at once; a cancelled task does not wait")
  func cancelled() async throws {
    try await withLoop { loop in
      try await withPipe { reading, writing in
        let waiter = Waiter(loop)
        let task = Task { await waiter.wait(for: reading, .reading, .seconds(600)) }
        _ = await waiter.wait(for: writing, .writing, .seconds(50))
        task.cancel()
        #expect(await !task.value)
      }
    }
  }

  @Test("many wait at once, each for its own")
  func many() async throws {
    try await withLoop { loop in
      try await withPipe { reading, writing in
        let waiter = Waiter(loop)
        let answers = await withTaskGroup(of: Bool.self) { group in
          for number in 0..<50 {
            group.addTask {
              await waiter.wait(for: number % 2 == 0 ? writing : reading, number % 2 == 0 ? .writing : .reading, .milliseconds(200))
            }
          }
          return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count { $0 } == 25 && answers.count == 50)
      }
    }
  }

  @Test("stopping ends the waits under way, and later ones do not begin")
  func stopped() async throws {
    try await withPipe { reading, writing in
      let loop = try EventLoop(name: "test")
      let waiter = Waiter(loop)
      async let isReady = waiter.wait(for: reading, .reading, .seconds(600))
      _ = await waiter.wait(for: writing, .writing, .seconds(50))
      loop.stop()
      #expect(await !isReady)
      #expect(await !waiter.wait(for: reading, .reading, .seconds(600)))
    }
  }
}
