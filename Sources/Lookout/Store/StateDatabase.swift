import Foundation
import GRDB
import Glibc

/// `state.db`: all that must outlive the process. Durable to the last commit (WAL with `synchronous=FULL`), for the owner's eyes only.
final class StateDatabase: Sendable {
  let path: String
  private let queue: DatabaseQueue

  /// Opens or creates `state.db` in that directory, and the directory itself if only its last part is missing. Blocks: for start-up.
  /// Throws `StateDatabaseError`.
  init(directory: String) throws {
    path = directory.hasSuffix("/") ? "\(directory)state.db" : "\(directory)/state.db"
    try Self.createDirectory(directory)
    try Self.createFile(path)
    do {
      queue = try DatabaseQueue(path: path, configuration: Self.configuration)
      try Self.prepare(queue)
    } catch let error as DatabaseError {
      throw StateDatabaseError(error, path)
    }
  }

  /// One that is gone with the process.
  static func inMemory() throws -> StateDatabase { try StateDatabase() }

  private init() throws {
    path = "(in memory)"
    queue = try DatabaseQueue()
    try Self.schema.migrate(queue)
  }

  /// One transaction; its effects are on disk when this returns. Off the cooperative pool. Transactions take place in the order in which an
  /// actor calls this, and the cancellation of the caller does not tear one down.
  func write<Value: Sendable>(
    isolation: isolated (any Actor)? = #isolation, _ updates: @escaping @Sendable (Database) throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      queue.asyncWrite(updates) { _, result in continuation.resume(with: result) }
    }
  }

  /// Off the cooperative pool; queued behind earlier writes.
  func read<Value: Sendable>(_ value: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
    try await queue.read(value)
  }

  /// Later calls fail. Blocks until running transactions have ended.
  func close() throws {
    try queue.close()
  }
}

extension StateDatabase {
  private static var configuration: GRDB.Configuration {
    var configuration = GRDB.Configuration()
    configuration.label = "lookout.state"
    configuration.journalMode = .wal
    configuration.busyMode = .timeout(5)
    configuration.foreignKeysEnabled = true
    return configuration
  }

  private static func prepare(_ queue: DatabaseQueue) throws {
    try queue.writeWithoutTransaction { database in
      // GRDB sets NORMAL for WAL, with which the last commits may be lost when the power fails
      // (https://sqlite.org/pragma.html#pragma_synchronous).
      try database.execute(sql: "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 4194304")
      let findings = try String.fetchAll(database, sql: "PRAGMA quick_check(1)")
      guard findings == ["ok"] else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: findings.first) }
      guard try !schema.hasBeenSuperseded(database) else { throw DatabaseError(resultCode: .SQLITE_SCHEMA) }
    }
    try schema.migrate(queue)
  }

  static func createDirectory(_ directory: String) throws(StateDatabaseError) {
    guard mkdir(directory, 0o700) != 0, errno != EEXIST else { return }
    throw StateDatabaseError(
      kind: .unusable, description: "cannot create the state directory \(directory): \(String(cString: strerror(errno)))")
  }

  /// SQLite would create the file readable for all; its WAL gets the mode of the file.
  private static func createFile(_ path: String) throws(StateDatabaseError) {
    let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw .unusable(path, errno) }
    defer { Glibc.close(file) }
    guard fchmod(file, 0o600) == 0 else { throw .unusable(path, errno) }
  }
}
