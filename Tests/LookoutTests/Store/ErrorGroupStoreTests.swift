import GRDB
import OdooLog
import Testing

@testable import Lookout

@Suite("Groups of errors in the state database")
struct ErrorGroupStoreTests {
  private static let position = LogPosition(path: "/var/log/odoo.log", device: 1, inode: 2, offset: 3, fingerprint: [])

  /// What a log with these errors is to have written of it.
  private func changes(_ exceptions: [String]) -> (kept: FollowedLog.Kept, errors: ErrorChanges) {
    var log = FollowedLog()
    var scanner = LogScanner()
    let text = exceptions.map { exception in
      logRecord("bad", "ERROR") + "Traceback (most recent call last):\n  File \"/opt/odoo/addons/a/b.py\", line 7, in c\n\(exception)\n"
    }.joined()
    scanner.feed(Array((text + logRecord("end")).utf8).span, into: &log)
    return (log.kept, log.takeErrorChanges())
  }

  @Test("come back as they were, by log, the latest last; those that made room are gone")
  func roundTrip() async throws {
    try await withNotifyDirectory { directory in
      let database = try StateDatabase(directory: directory)
      let (kept, errors) = changes(["KeyError: 'x'", "ValueError: y"])
      try await database.save(Self.position, counters: kept, errors: errors)
      let found = try await StateDatabase(directory: directory).errors(of: Self.position.path)
      #expect(found.count == 2 && Set(found.map(\.group.id)) == Set(errors.changed.map(\.group.id)))
      #expect(found.allSatisfy { one in errors.changed.contains(one) })
      #expect(try await database.errors(of: "/var/log/other.log").isEmpty)
      var gone = ErrorChanges()
      gone.removed = [found[0].group.fingerprint]
      try await database.save(Self.position, counters: kept, errors: gone)
      #expect(try await database.errors(of: Self.position.path).map(\.group.id) == [found[1].group.id])
    }
  }

  @Test("are written with the position or not at all")
  func together() async throws {
    try await withNotifyDirectory { directory in
      let database = try StateDatabase(directory: directory)
      let (kept, errors) = changes(["KeyError: 'x'"])
      try await database.write { try $0.execute(sql: "DROP TABLE error_group") }
      await #expect(throws: DatabaseError.self) { try await database.save(Self.position, counters: kept, errors: errors) }
      #expect(try await database.logPosition(Self.position.path, counters: FollowedLog.Kept.self) == nil)
    }
  }

  @Test("one that is damaged is left out, and the others are read")
  func damaged() async throws {
    try await withNotifyDirectory { directory in
      let database = try StateDatabase(directory: directory)
      let (kept, errors) = changes(["KeyError: 'x'", "ValueError: y"])
      try await database.save(Self.position, counters: kept, errors: errors)
      try await database.write { try $0.execute(sql: "UPDATE error_group SET content = x'7B7D' WHERE rowid = 1") }
      #expect(try await database.errors(of: Self.position.path).count == 1)
    }
  }
}
