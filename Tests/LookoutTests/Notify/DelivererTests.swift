import Foundation
import ServiceLifecycleTestKit
import Synchronization
import Testing

@testable import Lookout

@Suite("The deliverer", .timeLimit(.minutes(1)))
struct DelivererTests {
  private let a = firing("Down", ["check": "a"])
  private let log = KeptLog()
  private let time = HandMovedTime()

  /// A receiver's end of the line: each request waits until the test answers it.
  private struct Call: Sendable {
    let request: HTTPRequest
    let answer: Mailbox<HTTPExchange>

    var receiver: String { request.url.split(separator: "/").last.map(String.init) ?? "" }
    var body: String { String(decoding: request.body, as: UTF8.self) }
    func header(_ name: String) -> String? { request.headers.first { $0.name == name }?.value }

    static func send(_ request: HTTPRequest, to calls: Mailbox<Call>) async -> HTTPExchange {
      let call = Call(request: request, answer: Mailbox())
      calls.put(call)
      return (try? await call.answer.take()) ?? .unanswered(.protocolError, "cancelled")
    }
  }

  private func withDeliverer(
    receivers: [String] = ["r"], _ body: (Notifier, Mailbox<Call>, String) async throws -> Void
  ) async throws {
    try await withNotifyDirectory { directory in
      let notifier = Notifier(
        .toAll(try receivers.map { try Receiver(name: $0, url: "https://hooks.example.com/secret/\($0)", timeout: .seconds(7)) }),
        database: try StateDatabase(directory: directory), externalURL: "http://odoo:9069", logger: log.logger)
      _ = try await notifier.restore()
      let calls = Mailbox<Call>()
      let deliverer = Deliverer(
        notifier: notifier, timeline: time.timeline,
        send: { await Call.send($0, to: calls) }, logger: log.logger, jitter: { 0.5 })
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await deliverer.run() }
        try await body(notifier, calls, directory)
        group.cancelAll()
      }
    }
  }

  @Test("posts JSON with the message's key, and asks little of the answer")
  func request() async throws {
    try await withDeliverer { notifier, calls, _ in
      await notifier.take([a], resolved: [], at: time.now)
      let call = try await calls.take()
      #expect(call.request.method == "POST")
      #expect(call.request.url == "https://hooks.example.com/secret/r")
      #expect(call.header("Content-Type") == "application/json")
      #expect(call.header("User-Agent") == "Lookout/\(Version.number)")
      #expect(call.header("Idempotency-Key")?.count == 36)
      #expect(call.request.timeout == .seconds(7))
      #expect(call.request.keptBytes == 0 && call.request.bodyLimit <= 64 << 10)
      #expect(call.body.contains("\"status\":\"firing\""))
      call.answer.put(.answered(200))
      try await log.line("notification delivered")
      #expect(await notifier.counters == Notifier.Counters(deliveries: ["r": .init(sent: 1)]))
    }
  }

  @Test("has a message on disk before it sends it")
  func diskFirst() async throws {
    try await withDeliverer { notifier, calls, directory in
      await notifier.take([a], resolved: [], at: time.now)
      let call = try await calls.take()
      let rows = try await StateDatabase(directory: crashImage(of: directory)).read { try StateDatabase.outbox($0) }
      #expect(rows.map(\.idempotencyKey) == [call.header("Idempotency-Key")])
      #expect(rows.map { Array($0.payload) } == [call.request.body])
      call.answer.put(.answered(204))
    }
  }

  @Test("sends after ten seconds though the disk hangs")
  func hungDisk() async throws {
    try await withNotifyDirectory { directory in
      let database = try StateDatabase(directory: directory)
      let notifier = Notifier(
        .toAll([try Receiver(name: "r", url: "http://127.0.0.1/r")]), database: database, externalURL: "", logger: log.logger)
      let calls = Mailbox<Call>()
      let deliverer = Deliverer(
        notifier: notifier, timeline: time.timeline, send: { await Call.send($0, to: calls) }, logger: log.logger)
      let disk = DispatchSemaphore(value: 0)
      try await withThrowingTaskGroup(of: Void.self) { group in
        let isHanging = Mailbox<Bool>()
        group.addTask {
          try await database.write { _ in
            isHanging.put(true)
            disk.wait()
          }
        }
        _ = try await isHanging.take()
        defer { disk.signal() }
        group.addTask { try await deliverer.run() }
        group.addTask { await notifier.take([a], resolved: [], at: time.now) }
        try await time.sleeper(until: notifyStart + .seconds(10))
        #expect(calls.all.isEmpty)
        time.advance(by: .seconds(10))
        #expect(try await calls.take().body.contains("Down"))
        group.cancelAll()
      }
    }
  }

  @Test("tries again with the same key after a second, then two, and sooner never")
  func retries() async throws {
    try await withDeliverer { notifier, calls, _ in
      await notifier.take([a], resolved: [], at: time.now)
      let first = try await calls.take()
      first.answer.put(.unanswered(.connect, "refused by https://hooks.example.com/secret/r"))
      try await time.sleeper(until: notifyStart + .seconds(1))
      #expect(calls.all.isEmpty)
      time.advance(by: .seconds(1))
      let second = try await calls.take()
      second.answer.put(.answered(503, [(name: "Retry-After", value: "60")]))
      try await time.sleeper(until: notifyStart + .seconds(61))
      time.advance(by: .seconds(60))
      let third = try await calls.take()
      third.answer.put(.answered(200))
      #expect(first.header("Idempotency-Key") == second.header("Idempotency-Key"))
      #expect(first.header("Idempotency-Key") == third.header("Idempotency-Key"))
      #expect(first.request.body == third.request.body)
      try await log.line("notification delivered")
      #expect(await notifier.counters == Notifier.Counters(deliveries: ["r": .init(sent: 1, failed: 2)]))
    }
    #expect(log.count("warning notification not delivered") == 1)
    #expect(log.count("info notification delivered") == 1)
    #expect(log.count("https://hooks.example.com") >= 3)
    #expect(log.count("secret") == 0)
  }

  @Test("is not held up by a dead receiver")
  func deadReceiver() async throws {
    try await withDeliverer(receivers: ["alive", "dead"]) { notifier, calls, _ in
      let alerts = (0..<6).map { firing("N\($0)") }
      await notifier.take(alerts, resolved: [], at: time.now)
      var dead = 0
      var alive: Set<String> = []
      while alive.count < alerts.count {
        let call = try await calls.take()
        guard call.receiver == "alive" else {
          dead += 1
          continue
        }
        alive.insert(call.body)
        call.answer.put(.answered(200))
      }
      // The dead receiver's attempts end only with the test.
      #expect(dead <= Outbox.width)
      #expect(await notifier.counters.deliveries.values.map(\.failed) == [0, 0])
    }
  }

  @Test("keeps the order within a group while an attempt is under way")
  func order() async throws {
    try await withDeliverer { notifier, calls, _ in
      await notifier.take([a], resolved: [], at: time.now)
      let first = try await calls.take()
      await notifier.take([], resolved: [a.ended(at: time.now)], at: time.now)
      await notifier.take([firing("Other")], resolved: [], at: time.now)
      let other = try await calls.take()
      #expect(other.body.contains("Other"))
      other.answer.put(.answered(200))
      first.answer.put(.answered(200))
      let second = try await calls.take()
      #expect(second.body.contains("\"status\":\"resolved\""))
      #expect(second.header("Idempotency-Key") != first.header("Idempotency-Key"))
      second.answer.put(.answered(200))
    }
  }

  @Test("gives up what is refused, with a line in the log")
  func refusal() async throws {
    try await withDeliverer { notifier, calls, _ in
      await notifier.take([a], resolved: [], at: time.now)
      try await calls.take().answer.put(.answered(404))
      try await log.line("given up")
      #expect(await notifier.counters == Notifier.Counters(deliveries: ["r": .init(failed: 1, dropped: 1)]))
    }
    #expect(log.count("error notification refused and given up") == 1)
  }

  @Test("tells gathered changes when the group interval is over, though nobody calls")
  func groupInterval() async throws {
    try await withDeliverer { notifier, calls, _ in
      await notifier.take([a], resolved: [], at: time.now)
      try await calls.take().answer.put(.answered(200))
      try await log.line("notification delivered")
      await notifier.take([a, firing("Down", ["check": "b"])], resolved: [], at: time.now)
      try await time.sleeper(until: notifyStart + .seconds(30))
      #expect(calls.all.isEmpty)
      time.advance(by: .seconds(30))
      let call = try await calls.take()
      #expect(call.body.contains("\"check\":\"b\""))
      call.answer.put(.answered(200))
    }
  }

  @Test("sends what an earlier process left")
  func leftOver() async throws {
    try await withNotifyDirectory { directory in
      func notifier() throws -> Notifier {
        Notifier(
          .toAll([try Receiver(name: "r", url: "http://127.0.0.1/r")]), database: try StateDatabase(directory: directory),
          externalURL: "",
          logger: log.logger)
      }
      try await notifier().take([a], resolved: [], at: time.now)
      let second = try notifier()
      _ = try await second.restore()
      let sent = Mailbox<HTTPRequest>()
      let deliverer = Deliverer(
        notifier: second, timeline: time.timeline,
        send: { request in
          sent.put(request)
          return .answered(200)
        }, logger: log.logger)
      let running = Task { try await deliverer.run() }
      #expect(String(decoding: try await sent.take().body, as: UTF8.self).contains("Down"))
      running.cancel()
      try await running.value
    }
  }

  @Test("finishes on shutdown what is under way, and begins nothing more")
  func shutdown() async throws {
    try await withNotifyDirectory { directory in
      let database = try StateDatabase(directory: directory)
      let notifier = Notifier(
        .toAll([try Receiver(name: "r", url: "http://127.0.0.1/r")]), database: database, externalURL: "", logger: log.logger)
      let calls = Mailbox<Call>()
      let deliverer = Deliverer(
        notifier: notifier, timeline: time.timeline,
        send: { await Call.send($0, to: calls) }, logger: log.logger)
      try await testGracefulShutdown { shutdown in
        async let running: Void = deliverer.run()
        await notifier.take([a], resolved: [], at: time.now)
        let call = try await calls.take()
        try await time.sleeper(until: notifyStart + .seconds(4 * 3600))
        shutdown.triggerGracefulShutdown()
        await notifier.take([a, firing("Late")], resolved: [], at: time.now)
        call.answer.put(.answered(200))
        try await running
      }
      let left = try await database.read { try StateDatabase.outbox($0).map(\.groupKey) }
      #expect(left == ["{}:{alertname=\"Late\", target=\"crm\"}"])
      #expect(calls.all.isEmpty)
    }
  }
}
