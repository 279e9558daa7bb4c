import Testing

@testable import Lookout

@Suite("The outbox")
struct OutboxTests {
  private let a = firing("Down", ["check": "a"])
  private let b = firing("Down", ["check": "b"])
  private let refusedConnection = DeliveryOutcome.failed("connect", mayHaveArrived: false, retryAfter: nil)
  private let timedOut = DeliveryOutcome.failed("timeout", mayHaveArrived: true, retryAfter: nil)

  private func at(_ seconds: Int) -> Timestamp { notifyStart + .seconds(seconds) }

  private func note(_ alerts: [Alert], new: [Alert] = [], to receiver: String = "r", name: String = "Down") -> Lookout.Notification {
    Notification(
      receiver: receiver, groupLabels: ["alertname": name, "target": "crm"], alerts: alerts, introduces: Set(new.map(\.fingerprint)))
  }

  /// Accepts and puts on disk.
  private func accept(_ outbox: inout Outbox, _ notification: Lookout.Notification, at now: Timestamp) -> Outbox.Change {
    let change = outbox.accept(notification, at: now)
    outbox.release(change.saved)
    return change
  }

  /// One attempt with that outcome.
  private func attempt(_ outbox: inout Outbox, _ outcome: DeliveryOutcome, at now: Timestamp) throws -> OutboxMessage {
    let message = try #require(outbox.begin(at: now).first)
    _ = outbox.end(message, outcome, at: now, jitter: 0.5)
    return message
  }

  @Test("holds a message until it is on disk, but not for ever")
  func hold() {
    var outbox = Outbox(externalURL: "")
    let change = outbox.accept(note([a], new: [a]), at: at(0))
    #expect(outbox.begin(at: at(9)) == [])
    #expect(outbox.nextDue == at(10))
    var hung = outbox
    #expect(hung.begin(at: at(10)).count == 1)
    outbox.release(change.saved)
    #expect(outbox.begin(at: at(1)).map(\.idempotencyKey) == change.saved.map(\.idempotencyKey))
  }

  @Test("begins a message once, and keeps its key over attempts")
  func attempts() throws {
    var outbox = Outbox(externalURL: "")
    _ = accept(&outbox, note([a], new: [a]), at: at(0))
    let first = try attempt(&outbox, refusedConnection, at: at(0))
    #expect(outbox.begin(at: at(0)) == [])
    #expect(outbox.nextDue == at(1))
    let second = try #require(outbox.begin(at: at(1)).first)
    #expect(outbox.begin(at: at(1)) == [])
    #expect(second.idempotencyKey == first.idempotencyKey)
    #expect(second.payload == first.payload)
    #expect(second.attempts == 1)
    #expect(outbox.end(second, .delivered, at: at(1), jitter: 0).deleted == [first.idempotencyKey])
    #expect(outbox.count == 0)
  }

  @Test(
    "waits from a second to five minutes, longer where the receiver asks, never beyond its cap",
    arguments: [
      (1, nil, 1), (2, nil, 2), (3, nil, 4), (8, nil, 128), (9, nil, 256), (10, nil, 300), (5000, nil, 300), (1, 30, 30), (1, 86_400, 300),
      (9, 10, 256),
    ] as [(Int, Int?, Int)])
  func backOff(attempts: Int, asked: Int?, seconds: Int) {
    #expect(Outbox.wait(after: attempts, retryAfter: asked.map { .seconds($0) }, jitter: 0.5) == .seconds(seconds))
    #expect(Outbox.wait(after: attempts, retryAfter: nil, jitter: 0) < Outbox.wait(after: attempts, retryAfter: nil, jitter: 1))
  }

  @Test("lets a newer message take the place of one that waits, with a new key and the same back-off")
  func replacement() throws {
    var outbox = Outbox(externalURL: "")
    let first = accept(&outbox, note([a], new: [a]), at: at(0))
    _ = try attempt(&outbox, refusedConnection, at: at(0))
    let second = accept(&outbox, note([a, b], new: [b]), at: at(0))
    #expect(second.deleted == first.saved.map(\.idempotencyKey))
    #expect(second.saved.first?.idempotencyKey != first.saved.first?.idempotencyKey)
    #expect(second.saved.first?.notification.introduces == [a.fingerprint, b.fingerprint])
    #expect(outbox.count == 1)
    #expect(outbox.nextDue == at(1))
  }

  @Test("sends neither firing nor end of what never reached the receiver")
  func neverTold() throws {
    var outbox = Outbox(externalURL: "")
    let first = accept(&outbox, note([a], new: [a]), at: at(0))
    _ = try attempt(&outbox, refusedConnection, at: at(0))
    let second = accept(&outbox, note([a.ended(at: at(5))]), at: at(5))
    #expect(second.deleted == first.saved.map(\.idempotencyKey))
    #expect(second.saved == [])
    #expect(outbox.count == 0)
  }

  @Test("sends the end of what may have reached the receiver")
  func perhapsTold() throws {
    var outbox = Outbox(externalURL: "")
    _ = accept(&outbox, note([a], new: [a]), at: at(0))
    _ = try attempt(&outbox, timedOut, at: at(0))
    #expect(accept(&outbox, note([a.ended(at: at(5))]), at: at(5)).saved.map(\.notification.inShort) == [["Down crm resolved"]])
  }

  @Test("leaves the end of an unheard alert out of a message about heard ones")
  func mixedEnd() {
    var outbox = Outbox(externalURL: "")
    _ = accept(&outbox, note([a, b], new: [b]), at: at(0))
    let change = accept(&outbox, note([a.ended(at: at(5)), b.ended(at: at(5))]), at: at(5))
    #expect(change.saved.first?.notification.alerts.map(\.fingerprint) == [a.fingerprint])
  }

  @Test("says nothing when all that was new has gone before it was heard")
  func nothingNew() {
    var outbox = Outbox(externalURL: "")
    _ = accept(&outbox, note([a, b], new: [b]), at: at(0))
    #expect(accept(&outbox, note([a, b.ended(at: at(5))]), at: at(5)).saved == [])
  }

  @Test("does not lose an end with the message that it replaces")
  func carriedEnd() {
    var outbox = Outbox(externalURL: "")
    _ = accept(&outbox, note([a, b.ended(at: at(0))]), at: at(0))
    let change = accept(&outbox, note([a.ended(at: at(5))]), at: at(5))
    #expect(Set(change.saved.flatMap(\.notification.alerts).map(\.fingerprint)) == [a.fingerprint, b.fingerprint])
  }

  @Test("knows that an alert was heard before its undelivered end, when it fires and ends anew")
  func heardBefore() {
    var outbox = Outbox(externalURL: "")
    _ = accept(&outbox, note([a.ended(at: at(0))]), at: at(0))
    _ = accept(&outbox, note([a], new: [a]), at: at(5))
    #expect(accept(&outbox, note([a.ended(at: at(9))]), at: at(9)).saved.map(\.notification.inShort) == [["Down crm resolved"]])
  }

  @Test("queues behind a message under way, and sends both in order when that arrives")
  func behind() throws {
    var outbox = Outbox(externalURL: "")
    _ = accept(&outbox, note([a], new: [a]), at: at(0))
    let first = try #require(outbox.begin(at: at(0)).first)
    let second = accept(&outbox, note([a.ended(at: at(1))]), at: at(1))
    #expect(second.deleted == [])
    #expect(outbox.begin(at: at(1)) == [])
    _ = outbox.end(first, .delivered, at: at(2), jitter: 0)
    #expect(outbox.begin(at: at(2)).map(\.notification.inShort) == [["Down crm resolved"]])
  }

  @Test("merges into the message behind when the one under way fails")
  func mergeBehind() throws {
    var outbox = Outbox(externalURL: "")
    _ = accept(&outbox, note([a], new: [a]), at: at(0))
    let first = try #require(outbox.begin(at: at(0)).first)
    let second = accept(&outbox, note([a, b], new: [b]), at: at(1))
    let change = outbox.end(first, refusedConnection, at: at(2), jitter: 0.5)
    #expect(Set(change.deleted) == Set([first.idempotencyKey] + second.saved.map(\.idempotencyKey)))
    #expect(change.saved.first?.notification.introduces == [a.fingerprint, b.fingerprint])
    outbox.release(change.saved)
    #expect(outbox.nextDue == at(3))
    _ = accept(&outbox, note([a.ended(at: at(3)), b.ended(at: at(3))]), at: at(3))
    #expect(outbox.count == 0)
  }

  @Test("gives up what is refused, and what is a day old")
  func givingUp() throws {
    var outbox = Outbox(externalURL: "")
    _ = accept(&outbox, note([a], new: [a]), at: at(0))
    let first = try #require(outbox.begin(at: at(0)).first)
    #expect(outbox.end(first, .refused("404"), at: at(0), jitter: 0).dropped?.lastError == "404")
    _ = accept(&outbox, note([a], new: [a]), at: at(0))
    _ = try attempt(&outbox, refusedConnection, at: at(86_399))
    #expect(outbox.count == 1)
    let second = try #require(outbox.begin(at: at(90_000)).first)
    #expect(outbox.end(second, refusedConnection, at: at(90_000), jitter: 0).dropped?.idempotencyKey == second.idempotencyKey)
    #expect(outbox.count == 0)
  }

  @Test("has a few attempts under way for each receiver, none at another's expense")
  func width() {
    var outbox = Outbox(externalURL: "")
    for number in 0..<10 { _ = accept(&outbox, note([a], new: [a], to: "dead", name: "N\(number)"), at: at(0)) }
    #expect(outbox.begin(at: at(0)).count == Outbox.width)
    #expect(outbox.nextDue == nil)
    _ = accept(&outbox, note([a], new: [a], to: "alive"), at: at(0))
    #expect(outbox.nextDue == at(0))
    #expect(outbox.begin(at: at(0)).map(\.lane.receiver) == ["alive"])
  }

  @Test("keeps a lane in order over a restart")
  func restoredLane() throws {
    var outbox = Outbox(externalURL: "")
    _ = accept(&outbox, note([a], new: [a]), at: at(0))
    let first = try #require(outbox.begin(at: at(0)).first)
    _ = accept(&outbox, note([a.ended(at: at(1))]), at: at(1))
    let rows = try outbox.messages.map { try OutboxMessage($0.row()) }
    var restored = Outbox(externalURL: "", restoring: rows)
    let again = try #require(restored.begin(at: at(0)).first)
    #expect(again.idempotencyKey == first.idempotencyKey)
    #expect(again.payload == first.payload)
    #expect(restored.begin(at: at(0)) == [])
    #expect(restored.end(again, .delivered, at: at(2), jitter: 0).deleted == [first.idempotencyKey])
    #expect(restored.begin(at: at(2)).map(\.notification.inShort) == [["Down crm resolved"]])
  }

  @Test("merges any run of messages without losing an open alert or inventing one")
  func randomRuns() throws {
    var random = Congruential(state: 1)
    for run in 0..<300 {
      let trace = try Self.play(steps: 40, &random)
      #expect(trace.isEmpty, "run \(run): \(trace.joined(separator: " | "))")
    }
  }

  /// Fires and ends three alerts at random over a line that fails at random; what the receiver believes at the end must be what is.
  private static func play(steps: Int, _ random: inout Congruential) throws -> [String] {
    var dispatcher = Dispatcher(receiver: "r", groupInterval: .zero)
    var outbox = Outbox(externalURL: "")
    var firingNow: Set<Int> = []
    var believed: Set<String> = []
    var trace: [String] = []
    var mistakes: [String] = []
    let alerts = (0..<3).map { firing("Down", ["check": "\($0)"]) }
    func tell(_ moment: Timestamp) {
      for notification in dispatcher.take(firingNow.map { alerts[$0] }, at: moment) {
        outbox.release(outbox.accept(notification, at: moment).saved)
      }
    }
    func deliver(_ message: OutboxMessage) {
      for alert in message.notification.alerts {
        if alert.state == .firing {
          believed.insert(alert.fingerprint)
        } else if believed.remove(alert.fingerprint) == nil {
          mistakes.append("an end of something unheard")
        }
      }
    }
    var underWay: OutboxMessage?
    for step in 0..<steps + 20 {
      let moment = notifyStart + .seconds(step * 400)
      let isOver = step >= steps
      if !isOver, let index = (0..<3).randomElement(using: &random) { firingNow.formSymmetricDifference([index]) }
      trace.append("\(firingNow.sorted())")
      if Bool.random(using: &random) || isOver { tell(moment) }
      underWay = underWay ?? outbox.begin(at: moment).first
      guard let message = underWay, isOver || Bool.random(using: &random) else { continue }
      let arrives = isOver || Bool.random(using: &random)
      if arrives { deliver(message) }
      let outcome = arrives ? DeliveryOutcome.delivered : .failed("", mayHaveArrived: false, retryAfter: nil)
      outbox.release(outbox.end(message, outcome, at: moment, jitter: 0.5).saved)
      underWay = nil
    }
    if believed != Set(firingNow.map { alerts[$0].fingerprint }) { mistakes.append("believes \(believed.count) of \(firingNow.count)") }
    return mistakes.isEmpty ? [] : mistakes + trace
  }
}

/// Knuth's MMIX generator: the same runs each time.
private struct Congruential: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (state >> 33) << 32 | (state &* 0x9e37_79b9_7f4a_7c15) >> 32
  }
}
