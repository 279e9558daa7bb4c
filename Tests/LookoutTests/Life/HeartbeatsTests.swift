import Dispatch
import Testing

@testable import Lookout

@Suite(.timeLimit(.minutes(1))) struct HeartbeatsTests {
  @Test("a loop that answers is never stuck, however long it is not asked; one that does not is, after a minute, until it answers")
  func stuck() {
    let time = HandMovedTime()
    let heartbeats = Heartbeats(timeline: time.timeline)
    let (lively, mute) = (heartbeats.expect("the lively loop"), heartbeats.expect("the mute loop"))
    lively.wake { lively.beat() }
    #expect(!heartbeats.haveAllBeaten && heartbeats.stuck(at: time.now).isEmpty)
    heartbeats.ask(at: time.now)
    time.advance(by: .seconds(60))
    heartbeats.ask(at: time.now)
    #expect(heartbeats.stuck(at: time.now).isEmpty)
    time.advance(by: .seconds(1))
    #expect(heartbeats.stuck(at: time.now) == ["the mute loop has not gone round for 61 s"])
    mute.beat()
    #expect(heartbeats.haveAllBeaten && heartbeats.stuck(at: time.now).isEmpty)
    time.advance(by: .seconds(3600))
    #expect(heartbeats.stuck(at: time.now).isEmpty)
  }

  @Test("each loop is asked every 15 s, and woken at once when it says how")
  func asking() async throws {
    let time = HandMovedTime()
    let heartbeats = Heartbeats(timeline: time.timeline)
    let loop = heartbeats.expect("the loop")
    let woken = Board(0)
    loop.wake { woken.update { $0 += 1 } }
    #expect(woken.latest == 1)
    let task = Task { try await heartbeats.run() }
    for asked in 1...3 {
      try await time.sleeper(until: time.now + .seconds(15))
      #expect(woken.latest == asked + 1)
      time.advance(by: .seconds(15))
    }
    task.cancel()
    try await task.value
  }

  @Test("real loops answer: an event loop, the pipeline, the schedule")
  func realLoops() async throws {
    try await withNotifyDirectory { directory in
      let heartbeats = Heartbeats(timeline: .system())
      let loop = try EventLoop(name: "test")
      defer { loop.stop() }
      loop.show(heartbeats.expect("an event loop"))
      let scene = try await PipelineScene(directory)
      let pipeline = Pipeline(scene.parts, scene.plan, heartbeat: heartbeats.expect("the pipeline"))
      let schedule = Schedule(
        wishes: Wishlist(), effort: Board(Schedule.Effort()), timeline: .system(), heartbeat: heartbeats.expect("the schedule"),
        tell: { _ in })
      let running = [Task { try await pipeline.run() }, Task { await schedule.run() }]
      try await heartbeats.areComplete.sleep(until: nil, on: .system())
      // Asleep for long, each is woken by the question.
      heartbeats.ask(at: Timestamp(milliseconds: 0))
      while !heartbeats.stuck(at: Timestamp(milliseconds: 61_000)).isEmpty { try await Task.sleep(for: .milliseconds(1)) }
      for task in running { task.cancel() }
      for task in running { _ = await task.result }
    }
  }

  @Test("an event loop that hangs is found out, and forgiven when it goes on")
  func hangingLoop() async throws {
    let heartbeats = Heartbeats(timeline: .system())
    let loop = try EventLoop(name: "test")
    defer { loop.stop() }
    loop.show(heartbeats.expect("the event loop"))
    try await heartbeats.areComplete.sleep(until: nil, on: .system())
    let gate = DispatchSemaphore(value: 0)
    let (hanging, hangs) = AsyncStream.makeStream(of: Void.self)
    loop.execute {
      hangs.yield()
      gate.wait()
    }
    for await _ in hanging { break }
    heartbeats.ask(at: Timestamp(milliseconds: 0))
    #expect(heartbeats.stuck(at: Timestamp(milliseconds: 61_000)) == ["the event loop has not gone round for 61 s"])
    gate.signal()
    while !heartbeats.stuck(at: Timestamp(milliseconds: 61_000)).isEmpty { try await Task.sleep(for: .milliseconds(1)) }
  }
}
