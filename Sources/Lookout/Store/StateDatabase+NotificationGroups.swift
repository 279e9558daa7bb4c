import Foundation
import GRDB

/// What a receiver was told about a group of alerts.
struct NotificationGroupRow: StateRow, Equatable {
  static let databaseTableName = "notification_group"

  let receiver: String
  let groupKey: String
  let content: Data
  let lastSentAt: Timestamp
}

extension StateDatabase {
  static func notificationGroups(_ database: Database) throws -> [NotificationGroupRow] {
    try NotificationGroupRow.order(sql: "receiver, group_key").fetchAll(database)
  }

  static func save(_ groups: [NotificationGroupRow], _ database: Database) throws {
    for group in groups { try group.upsert(database) }
  }

  static func deleteNotificationGroup(receiver: String, groupKey: String, _ database: Database) throws {
    try database.execute(
      sql: "DELETE FROM notification_group WHERE receiver = ? AND group_key = ?", arguments: [receiver, groupKey])
  }

  static func deleteAllNotificationGroups(_ database: Database) throws {
    try NotificationGroupRow.deleteAll(database)
  }
}
