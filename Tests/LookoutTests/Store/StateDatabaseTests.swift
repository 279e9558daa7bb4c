import Foundation
import GRDB
import Testing

@testable import Lookout

@Suite("The state database")
struct StateDatabaseTests {
  @Test("is created for its owner alone, durable to the last commit")
  func creation() async throws {
    try await withNotifyDirectory { directory in
      let database = try StateDatabase(directory: directory + "/new")
      try await database.remember(1, as: "x")
      for name in ["state.db", "state.db-wal"] {
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(directory)/new/\(name)")
        #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
      }
      let pragmas = try await database.read { database in
        try ["journal_mode", "synchronous", "foreign_keys"].map { try String.fetchOne(database, sql: "PRAGMA \($0)") }
      }
      #expect(pragmas == ["wal", "2", "1"])
    }
  }

  @Test("narrows the mode of a file that others could read")
  func narrowing() async throws {
    try await withNotifyDirectory { directory in
      let path = directory + "/state.db"
      #expect(FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o644]))
      _ = try StateDatabase(directory: directory)
      #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
    }
  }

  @Test("keeps what was remembered over a restart")
  func memory() async throws {
    try await withNotifyDirectory { directory in
      let text = "a\u{0}\"\\\u{2028}ä\u{1F9EA}"
      try await StateDatabase(directory: directory).remember([text: Double.infinity], as: "odd")
      let database = try StateDatabase(directory: directory)
      #expect(try await database.recall("odd", as: [String: Double].self) == [text: .infinity])
      #expect(try await database.recall("never", as: Int.self) == nil)
      try await database.remember([text: -1.5], as: "odd")
      #expect(try await database.recall("odd", as: [String: Double].self) == [text: -1.5])
      try await database.forget("odd")
      #expect(try await database.recall("odd", as: [String: Double].self) == nil)
    }
  }

  @Test("says so when what was remembered is something else")
  func mistakenMemory() async throws {
    try await withNotifyDirectory { directory in
      let database = try StateDatabase(directory: directory)
      try await database.remember("text", as: "x")
      await #expect(throws: DecodingError.self) { try await database.recall("x", as: [Int].self) }
    }
  }

  @Test("keeps a log's place and its counts, whatever the numbers")
  func logPosition() async throws {
    try await withNotifyDirectory { directory in
      let position = LogPosition(path: "/var/log/odoo.log", device: 66_306, inode: .max, offset: 1 << 40, fingerprint: [0, 255, 10])
      try await StateDatabase(directory: directory).save(position, counters: ["errors": 7])
      let database = try StateDatabase(directory: directory)
      let found = try #require(try await database.logPosition(position.path, counters: [String: Int].self))
      #expect(found.position == position)
      #expect(found.counters == ["errors": 7])
      try await database.deleteLogPosition(position.path)
      #expect(try await database.logPosition(position.path, counters: [String: Int].self) == nil)
    }
  }

  @Test("commits a log's place and its counts together or not at all")
  func logPositionIsAtomic() async throws {
    struct Unwritable: Encodable {
      struct Refusal: Error {}
      func encode(to encoder: any Encoder) throws { throw Refusal() }
    }
    try await withNotifyDirectory { directory in
      let database = try StateDatabase(directory: directory)
      var position = LogPosition(path: "l", device: 1, inode: 2, offset: 100, fingerprint: [])
      try await database.save(position, counters: ["errors": 1])
      position.offset = 200
      let moved = position
      await #expect(throws: Unwritable.Refusal.self) { try await database.save(moved, counters: Unwritable()) }
      await #expect(throws: Unwritable.Refusal.self) {
        try await database.write { database in
          try StateDatabase.save(moved, counters: ["errors": 2], database)
          throw Unwritable.Refusal()
        }
      }
      let found = try #require(try await database.logPosition("l", counters: [String: Int].self))
      #expect(found.position.offset == 100)
      #expect(found.counters == ["errors": 1])
    }
  }

  @Test("finishes a write whose caller was cancelled")
  func cancellation() async throws {
    try await withNotifyDirectory { directory in
      let database = try StateDatabase(directory: directory)
      let task = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        try await database.remember(1, as: "x")
      }
      try await task.value
      #expect(try await database.recall("x", as: Int.self) == 1)
    }
  }

  @Test("writes in the order in which an actor asks")
  func order() async throws {
    actor Writer {
      let database: StateDatabase
      var asked: [Int] = []
      init(_ database: StateDatabase) { self.database = database }
      func write(_ number: Int, _ written: Mailbox<Int>) async throws {
        asked.append(number)
        try await database.write { _ in written.put(number) }
      }
    }
    try await withNotifyDirectory { directory in
      let writer = Writer(try StateDatabase(directory: directory))
      let written = Mailbox<Int>()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 1...500 {
          group.addTask(priority: number.isMultiple(of: 2) ? .high : .background) { try await writer.write(number, written) }
        }
        try await group.waitForAll()
      }
      #expect(written.all == (await writer.asked))
    }
  }

  @Test("throws, and goes on, when its tables are gone")
  func lostTables() async throws {
    try await withNotifyDirectory { directory in
      let database = try StateDatabase(directory: directory)
      try await database.write { try $0.execute(sql: "DROP TABLE memory; DROP TABLE log_position") }
      let position = LogPosition(path: "l", device: 1, inode: 2, offset: 3, fingerprint: [])
      await #expect(throws: DatabaseError.self) { try await database.remember(1, as: "x") }
      await #expect(throws: DatabaseError.self) { try await database.recall("x", as: Int.self) }
      await #expect(throws: DatabaseError.self) { try await database.forget("x") }
      await #expect(throws: DatabaseError.self) { try await database.save(position, counters: 1) }
      await #expect(throws: DatabaseError.self) { _ = try await database.logPosition("l", counters: Int.self) }
      await #expect(throws: DatabaseError.self) { try await database.deleteLogPosition("l") }
    }
  }

  @Test("names the file and the way out when it is damaged", arguments: [0, 4096])
  func damage(offset: Int) async throws {
    try await withNotifyDirectory { directory in
      let database = try StateDatabase(directory: directory)
      try await database.remember(String(repeating: "x", count: 20_000), as: "long")
      try database.close()
      let path = directory + "/state.db"
      var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      bytes.replaceSubrange(offset..., with: Data(repeating: 0xa5, count: bytes.count - offset))
      try bytes.write(to: URL(fileURLWithPath: path))
      let error = #expect(throws: StateDatabaseError.self) { try StateDatabase(directory: directory) }
      #expect(error?.description.contains("the state database \(path) is damaged") == true, "\(String(describing: error))")
    }
  }

  @Test("refuses what a newer version wrote")
  func newer() async throws {
    try await withNotifyDirectory { directory in
      let database = try StateDatabase(directory: directory)
      try await database.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('999')") }
      let error = #expect(throws: StateDatabaseError.self) { try StateDatabase(directory: directory) }
      #expect(error?.description.contains("newer version") == true)
    }
  }

  @Test("says where it cannot be", arguments: ["/proc", "/proc/none/lookout", "/dev/null", "/nowhere\u{1}/x", "\u{1}/x"])
  func unwritable(directory: String) {
    let error = #expect(throws: StateDatabaseError.self) { try StateDatabase(directory: directory) }
    #expect(
      error?.description.hasPrefix("cannot ") == true && error?.description.contains(directory) == true, "\(String(describing: error))")
  }
}
