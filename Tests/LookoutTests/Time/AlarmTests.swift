import Testing

@testable import Lookout

@Suite("The alarm that loops sleep by", .timeLimit(.minutes(1)))
struct AlarmTests {
  private let time = HandMovedTime()
  private let alarm = Alarm()

  @Test("a ring before the sleep is kept for it, and only once however often it rang")
  func ringBefore() async throws {
    alarm.ring()
    alarm.ring()
    try await alarm.sleep(until: nil, on: time.timeline)
    async let second: Void = alarm.sleep(until: time.now + .seconds(1), on: time.timeline)
    try await time.sleeper(until: time.now + .seconds(1))
    time.advance(by: .seconds(1))
    try await second
  }

  @Test("a ring wakes the sleeper before its moment")
  func ringWhileAsleep() async throws {
    let moment = time.now + .seconds(60)
    async let sleep: Void = alarm.sleep(until: moment, on: time.timeline)
    try await time.sleeper(until: moment)
    alarm.ring()
    try await sleep
    #expect(time.now < moment)
  }

  @Test("the sleeper wakes when its moment has come")
  func moment() async throws {
    let moment = time.now + .seconds(60)
    async let sleep: Void = alarm.sleep(until: moment, on: time.timeline)
    try await time.sleeper(until: moment)
    time.advance(by: .seconds(60))
    try await sleep
  }

  @Test("a moment that has passed is no sleep")
  func passed() async throws {
    try await alarm.sleep(until: time.now - .seconds(1), on: time.timeline)
  }

  @Test("cancelling ends a sleep with an error, with a moment and without one", arguments: [true, false])
  func cancelled(hasMoment: Bool) async throws {
    let moment = hasMoment ? time.now + .seconds(60) : nil
    let sleep = Task { [alarm, time] in try await alarm.sleep(until: moment, on: time.timeline) }
    if let moment { try await time.sleeper(until: moment) }
    sleep.cancel()
    await #expect(throws: CancellationError.self) { try await sleep.value }
  }

  @Test("a cancelled task does not fall asleep")
  func cancelledBefore() async {
    let gate = Mailbox<Void>()
    let sleep = Task { [alarm, time] in
      try await gate.take()
      try await alarm.sleep(until: nil, on: time.timeline)
    }
    sleep.cancel()
    gate.put(())
    await #expect(throws: CancellationError.self) { try await sleep.value }
  }

  @Test("of many rings from many tasks none is lost: every one is answered by a turn that comes after it")
  func noneLost() async throws {
    let asked = Board(0)
    let seen = Mailbox<Int>()
    let loop = Task { [alarm, time] in
      while !Task.isCancelled {
        seen.put(asked.latest)
        try await alarm.sleep(until: nil, on: time.timeline)
      }
    }
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask { [alarm] in
          for _ in 0..<250 {
            asked.update { $0 += 1 }
            alarm.ring()
          }
        }
      }
    }
    while try await seen.take() < 1000 {}
    loop.cancel()
    _ = await loop.result
  }
}
