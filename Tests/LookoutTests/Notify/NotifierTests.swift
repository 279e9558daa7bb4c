import Foundation
import GRDB
import Logging
import Testing

@testable import Lookout

@Suite("The notifier", .timeLimit(.minutes(1)))
struct NotifierTests {
  private let a = firing("Down", ["check": "a"])
  private let log = KeptLog()

  private func at(_ seconds: Int) -> Timestamp { notifyStart + .seconds(seconds) }

  private func notifier(_ directory: String, receivers: [String] = ["r"]) throws -> Notifier {
    Notifier(
      .toAll(try receivers.map { try Receiver(name: $0, url: "http://127.0.0.1/\($0)") }),
      database: try StateDatabase(directory: directory), externalURL: "http://odoo:9069", logger: log.logger)
  }

  @Test("restores pending and firing alerts, and forgets those that ended")
  func restoring() async throws {
    try await withNotifyDirectory { directory in
      var pending = firing("Slow", value: .nan)
      pending.state = .pending
      pending.firedAt = nil
      let first = try notifier(directory)
      await first.take([a, pending, firing("Gone")], resolved: [], at: at(0))
      await first.take([a, pending], resolved: [firing("Gone").ended(at: at(15))], at: at(15))
      let restored = try await notifier(directory).restore()
      #expect(Set(restored.map(\.fingerprint)) == [a.fingerprint, pending.fingerprint])
      #expect(restored.first { $0.name == "Down" } == a)
      let slow = try #require(restored.first { $0.name == "Slow" })
      #expect(slow.state == .pending && slow.value.isNaN && slow.firedAt == nil && slow.activeAt == pending.activeAt)
    }
  }

  @Test("does not tell again after a restart what was told, and tells its end")
  func restartAfterTelling() async throws {
    try await withNotifyDirectory { directory in
      let first = try notifier(directory)
      await first.take([a], resolved: [], at: at(0))
      let message = try #require(await first.begin(at: at(0)).messages.first)
      _ = await first.end(message, .delivered, at: at(0), jitter: 0)
      let second = try notifier(directory)
      _ = try await second.restore()
      #expect(await second.begin(at: at(100)).messages == [])
      await second.take([a], resolved: [], at: at(100))
      #expect(await second.begin(at: at(100)).messages == [])
      await second.take([], resolved: [a.ended(at: at(110))], at: at(110))
      #expect(await second.begin(at: at(110)).messages.map(\.notification.inShort) == [["Down crm resolved"]])
    }
  }

  @Test("sends after a crash between commit and answer the same bytes under the same key")
  func crashBeforeAnswer() async throws {
    try await withNotifyDirectory { directory in
      let first = try notifier(directory)
      await first.take([a], resolved: [], at: at(0))
      let sent = try #require(await first.begin(at: at(0)).messages.first)
      let second = try notifier(try crashImage(of: directory))
      _ = try await second.restore()
      let copy = try #require(await second.begin(at: at(1)).messages.first)
      #expect(copy.idempotencyKey == sent.idempotencyKey)
      #expect(copy.payload == sent.payload)
      // The first copy may have arrived: the end is told.
      await second.take([], resolved: [a.ended(at: at(2))], at: at(2))
      _ = await second.end(copy, .failed("connect", mayHaveArrived: false, retryAfter: nil), at: at(3), jitter: 0)
      let next = try #require(await second.begin(at: at(300)).messages.first)
      #expect(next.notification.inShort == ["Down crm resolved"])
      #expect(next.idempotencyKey != copy.idempotencyKey)
    }
  }

  @Test("sends nothing twice after a crash behind the answer's commit")
  func crashAfterAnswer() async throws {
    try await withNotifyDirectory { directory in
      let first = try notifier(directory)
      await first.take([a], resolved: [], at: at(0))
      let message = try #require(await first.begin(at: at(0)).messages.first)
      _ = await first.end(message, .delivered, at: at(0), jitter: 0)
      let second = try notifier(try crashImage(of: directory))
      _ = try await second.restore()
      #expect(await second.begin(at: at(1)).messages == [])
      #expect(await second.counters.pending == 0)
    }
  }

  @Test("remembers failed attempts, and tries at once after a restart")
  func attemptsAreKept() async throws {
    try await withNotifyDirectory { directory in
      let first = try notifier(directory)
      await first.take([a], resolved: [], at: at(0))
      for _ in 0..<8 {
        let begun = await first.begin(at: at(10_000))
        let message = try #require(begun.messages.first)
        _ = await first.end(message, .failed("HTTP status 503", mayHaveArrived: false, retryAfter: nil), at: at(0), jitter: 0.5)
      }
      #expect(await first.begin(at: at(100)).next == at(128))
      #expect(await first.counters.deliveries["r"]?.failed == 8)
      let second = try notifier(directory)
      _ = try await second.restore()
      let message = try #require(await second.begin(at: at(0)).messages.first)
      #expect(message.attempts == 8 && message.lastError == "HTTP status 503")
    }
  }

  @Test("goes on from memory while the disk is full, says so once, and catches up")
  func fullDisk() async throws {
    try await withNotifyDirectory { directory in
      let database = try StateDatabase(directory: directory)
      let receiver = try Receiver(name: "r", url: "http://127.0.0.1/r")
      let notifier = Notifier(.toAll([receiver]), database: database, externalURL: "", logger: log.logger)
      try await limit(database, pages: 1)
      let long = firing("Long", annotations: ["finding": String(repeating: "x", count: 200_000)])
      await notifier.take([long], resolved: [], at: at(0))
      await notifier.take([long, a], resolved: [], at: at(15))
      #expect(
        await notifier.begin(at: at(15)).messages.map(\.notification.inShort).sorted { $0[0] < $1[0] } == [
          ["Down crm firing"], ["Long crm firing"],
        ])
      #expect(await notifier.counters.stateWriteFailures == 2)
      #expect(log.count("cannot be written") == 1)
      try await limit(database, pages: 100_000)
      await notifier.take([long, a], resolved: [], at: at(30))
      #expect(await notifier.counters.stateWriteFailures == 2)
      #expect(log.count("is written again") == 1)
      let second = Notifier(
        .toAll([receiver]), database: try StateDatabase(directory: crashImage(of: directory)), externalURL: "", logger: log.logger)
      #expect(try await second.restore().count == 2)
      #expect(await second.counters.pending == 2)
      #expect(await second.begin(at: at(31)).messages.count == 2)
    }
  }

  private func limit(_ database: StateDatabase, pages: Int) async throws {
    try await database.write { try $0.execute(sql: "PRAGMA max_page_count = \(pages)") }
  }

  @Test("alerts go on when the tables are gone")
  func lostTables() async throws {
    try await withNotifyDirectory { directory in
      let notifier = try notifier(directory)
      try await StateDatabase(directory: directory).write { try $0.execute(sql: "DROP TABLE outbox; DROP TABLE alert") }
      await notifier.take([a], resolved: [], at: at(0))
      let message = try #require(await notifier.begin(at: at(0)).messages.first)
      #expect(await notifier.end(message, .delivered, at: at(0), jitter: 0) == nil)
      #expect(await notifier.counters == Notifier.Counters(deliveries: ["r": .init(sent: 1)], stateWriteFailures: 2, isFileBehind: true))
    }
  }

  @Test("alerts go on when the tables go while a message waits", arguments: ["outbox", "alert", "notification_group"])
  func tablesLostLater(table: String) async throws {
    try await withNotifyDirectory { directory in
      let notifier = try notifier(directory)
      await notifier.take([a], resolved: [], at: at(0))
      try await StateDatabase(directory: directory).write { try $0.execute(sql: "DROP TABLE \(table)") }
      let message = try #require(await notifier.begin(at: at(0)).messages.first)
      _ = await notifier.end(message, .delivered, at: at(0), jitter: 0)
      await notifier.take([], resolved: [a.ended(at: at(5))], at: at(5))
      #expect(await notifier.begin(at: at(5)).messages.map(\.notification.inShort) == [["Down crm resolved"]])
      #expect(await notifier.counters.stateWriteFailures > 0)
    }
  }

  @Test("writes nothing when only a value has changed")
  func quietWrites() async throws {
    try await withNotifyDirectory { directory in
      let notifier = try notifier(directory)
      let observer = try StateDatabase(directory: directory)
      let version = { try await observer.read { try Int.fetchOne($0, sql: "PRAGMA data_version") } }
      await notifier.take([a], resolved: [], at: at(0))
      let before = try await version()
      var changed = a
      changed.value = 2
      await notifier.take([changed], resolved: [], at: at(15))
      #expect(try await version() == before)
      changed.annotations = ["finding": "worse"]
      await notifier.take([changed], resolved: [], at: at(30))
      #expect(try await version() != before)
    }
  }

  @Test("queues nothing without receivers, and keeps the alerts all the same")
  func noReceivers() async throws {
    try await withNotifyDirectory { directory in
      let first = try notifier(directory, receivers: [])
      await first.take([a], resolved: [], at: at(0))
      let due = await first.begin(at: at(0))
      #expect(due.messages == [] && due.next == nil && !due.isTakeDue)
      #expect(try await notifier(directory, receivers: []).restore() == [a])
    }
  }

  @Test("leaves out what belongs to a receiver that is no longer configured")
  func removedReceiver() async throws {
    try await withNotifyDirectory { directory in
      try await notifier(directory, receivers: ["old", "r"]).take([a], resolved: [], at: at(0))
      let second = try notifier(directory)
      _ = try await second.restore()
      #expect(await second.begin(at: at(1)).messages.map(\.lane.receiver) == ["r"])
      #expect(await second.counters.deliveries["old"]?.dropped == 1)
      #expect(log.count("no longer configured") == 2)
      await second.take([a], resolved: [], at: at(2))
      let rows = try await StateDatabase(directory: directory).read { try StateDatabase.outbox($0).map(\.receiver) }
      #expect(rows == ["r"])
    }
  }

  @Test("starts over unreadable rows, and says so")
  func unreadableRows() async throws {
    try await withNotifyDirectory { directory in
      let first = try notifier(directory)
      await first.take([a, firing("Slow")], resolved: [], at: at(0))
      let database = try StateDatabase(directory: directory)
      try await database.write {
        try $0.execute(
          sql: "UPDATE alert SET content = x'7b' WHERE name = 'Slow'; UPDATE outbox SET notification = x'ff' WHERE group_key LIKE '%Slow%'")
      }
      let second = try notifier(directory)
      #expect(try await second.restore() == [a])
      #expect(await second.begin(at: at(1)).messages.map(\.notification.inShort) == [["Down crm firing"]])
      #expect(log.count("unreadable rows") == 2)
    }
  }

  @Test("does not tell the end of what a receiver refused")
  func refusal() async throws {
    try await withNotifyDirectory { directory in
      let notifier = try notifier(directory)
      await notifier.take([a], resolved: [], at: at(0))
      let message = try #require(await notifier.begin(at: at(0)).messages.first)
      #expect(await notifier.end(message, .refused("HTTP status 404"), at: at(0), jitter: 0)?.idempotencyKey == message.idempotencyKey)
      await notifier.take([], resolved: [a.ended(at: at(15))], at: at(15))
      #expect(await notifier.begin(at: at(15)).messages == [])
      #expect(await notifier.counters == Notifier.Counters(deliveries: ["r": .init(failed: 1, dropped: 1)]))
      let rows = try await StateDatabase(directory: directory).read { try StateDatabase.notificationGroups($0).count }
      #expect(rows == 0)
    }
  }

  @Test("gives up what waits for a receiver that a reload takes away, says so once, and keeps what the others were told")
  func changedPlan() async throws {
    try await withNotifyDirectory { directory in
      let notifier = try notifier(directory, receivers: ["old", "r"])
      await notifier.take([a], resolved: [], at: at(0))
      let messages = await notifier.begin(at: at(0)).messages
      for message in messages where message.lane.receiver == "r" { _ = await notifier.end(message, .delivered, at: at(0), jitter: 0) }
      let next = NotificationPlan.toAll(
        try ["r", "new"].map { try Receiver(name: $0, url: "http://127.0.0.1/\($0)") })
      await notifier.change(to: next, at: at(10))
      await notifier.change(to: next, at: at(11))
      #expect(log.count("a receiver is gone") == 1 && log.count("\"messages\": 1") == 1)
      #expect(await notifier.counters.deliveries["old"]?.dropped == 1)
      #expect(await notifier.receiver("old") == nil)
      #expect(await notifier.begin(at: at(20)).messages.map(\.lane.receiver) == ["new"])
      // The attempt that was under way comes back to nothing.
      let late = try #require(messages.first { $0.lane.receiver == "old" })
      #expect(await notifier.end(late, .failed("", mayHaveArrived: true, retryAfter: nil), at: at(21), jitter: 0) == nil)
      let rows = try await StateDatabase(directory: directory).read {
        (try StateDatabase.outbox($0).map(\.receiver), try StateDatabase.notificationGroups($0).map(\.receiver))
      }
      #expect(rows.0 == ["new"] && rows.1.sorted() == ["new", "r"])
      await notifier.take([], resolved: [a.ended(at: at(30))], at: at(30))
      #expect(
        await notifier.begin(at: at(30)).messages.map { "\($0.lane.receiver) \($0.notification.inShort)" } == [
          "r [\"Down crm resolved\"]"
        ])
    }
  }

  @Test("takes over what version 0.1 left: its groups and messages knew no routes")
  func earlierVersion() async throws {
    try await withNotifyDirectory { directory in
      let database = try StateDatabase(directory: directory)
      try await notifier(directory).take([a], resolved: [], at: at(0))
      // As that version wrote it.
      try await database.write { database in
        let key = "{}:{alertname=\"Down\", target=\"crm\"}"
        let content = String(decoding: try StateJSON.bytes(self.a), as: UTF8.self)
        let told =
          "{\"labels\":{\"alertname\":\"Down\",\"target\":\"crm\"},\"lastSentAt\":0,\"told\":{\"\(self.a.fingerprint)\":{\"alert\":\(content),\"isUnheard\":false}}}"
        let note =
          "{\"receiver\":\"r\",\"groupLabels\":{\"alertname\":\"Down\",\"target\":\"crm\"},\"alerts\":[\(content)],\"introduces\":[]}"
        try database.execute(sql: "UPDATE notification_group SET content = ? WHERE group_key = ?", arguments: [Data(told.utf8), key])
        try database.execute(sql: "UPDATE outbox SET notification = ?", arguments: [Data(note.utf8)])
      }
      let second = try notifier(directory)
      #expect(try await second.restore() == [a])
      #expect(log.count("unreadable") == 0)
      let message = try #require(await second.begin(at: at(1)).messages.first)
      #expect(message.notification.groupKey == message.lane.groupKey && message.notification.receiver == "r")
      _ = await second.end(message, .delivered, at: at(1), jitter: 0)
      await second.take([], resolved: [a.ended(at: at(2))], at: at(2))
      #expect(await second.begin(at: at(2)).messages.map(\.notification.inShort) == [["Down crm resolved"]])
    }
  }

  @Test("says since when the oldest message waits")
  func oldest() async throws {
    try await withNotifyDirectory { directory in
      let notifier = try notifier(directory)
      #expect(await notifier.counters == Notifier.Counters(deliveries: ["r": .init()]))
      await notifier.take([a], resolved: [], at: at(0))
      await notifier.take([a, firing("Slow")], resolved: [], at: at(7))
      #expect(await notifier.counters == Notifier.Counters(deliveries: ["r": .init()], pending: 2, oldestPendingSince: at(0)))
    }
  }

  @Test("keeps file and memory in step when takes and answers cross")
  func crossing() async throws {
    try await withNotifyDirectory { directory in
      let notifier = try notifier(directory)
      let alerts = (0..<8).map { firing("N\($0)") }
      await withTaskGroup(of: Void.self) { group in
        for round in 0..<60 {
          group.addTask { await notifier.take(alerts.filter { _ in Bool.random() }, resolved: [], at: notifyStart + .seconds(round)) }
          group.addTask {
            let moment = notifyStart + .seconds(round)
            for message in await notifier.begin(at: moment).messages {
              let outcome = Bool.random() ? DeliveryOutcome.delivered : .failed("", mayHaveArrived: false, retryAfter: nil)
              _ = await notifier.end(message, outcome, at: moment, jitter: 0)
            }
          }
        }
      }
      await notifier.take(Array(alerts.prefix(3)), resolved: [], at: notifyStart + .seconds(100))
      let stored = try await StateDatabase(directory: directory).read {
        (try StateDatabase.alerts($0).count, try StateDatabase.notificationGroups($0).count, try StateDatabase.outbox($0).count)
      }
      let pending = await notifier.counters.pending
      #expect(stored == (3, 3, pending))
      #expect(await notifier.counters.stateWriteFailures == 0)
    }
  }
}
