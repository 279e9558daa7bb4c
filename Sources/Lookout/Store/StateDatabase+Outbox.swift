import Foundation
import GRDB

/// A message that was accepted and is not yet delivered. Its id is SQLite's own: it keeps the order.
struct OutboxRow: StateRow, Equatable {
  static let databaseTableName = "outbox"

  let idempotencyKey: String
  let receiver: String
  let groupKey: String
  /// What the payload says, so that a newer message can take it up.
  let notification: Data
  let payload: Data
  let createdAt: Timestamp
  let attempts: Int
  let nextAttemptAt: Timestamp
  let lastError: String?
}

extension StateDatabase {
  /// In the order in which they were accepted.
  static func outbox(_ database: Database) throws -> [OutboxRow] {
    try OutboxRow.order(sql: "id").fetchAll(database)
  }

  /// A row with a known idempotency key is changed in its place.
  static func save(_ messages: [OutboxRow], _ database: Database) throws {
    for message in messages { try message.upsert(database) }
  }

  static func deleteMessages(_ idempotencyKeys: [String], _ database: Database) throws {
    for key in idempotencyKeys {
      try database.execute(sql: "DELETE FROM outbox WHERE idempotency_key = ?", arguments: [key])
    }
  }

  static func deleteAllMessages(_ database: Database) throws {
    try OutboxRow.deleteAll(database)
  }
}
