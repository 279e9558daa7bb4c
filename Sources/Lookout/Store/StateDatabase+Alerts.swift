import Foundation
import GRDB

/// An active alert.
struct AlertRow: StateRow, Equatable {
  static let databaseTableName = "alert"

  let fingerprint: String
  /// The rule's name (`alertname`).
  let name: String
  let content: Data
}

extension StateDatabase {
  static func alerts(_ database: Database) throws -> [AlertRow] {
    try AlertRow.order(sql: "fingerprint").fetchAll(database)
  }

  static func save(_ alerts: [AlertRow], _ database: Database) throws {
    for alert in alerts { try alert.upsert(database) }
  }

  static func deleteAlerts(_ fingerprints: [String], _ database: Database) throws {
    for fingerprint in fingerprints {
      try database.execute(sql: "DELETE FROM alert WHERE fingerprint = ?", arguments: [fingerprint])
    }
  }

  static func deleteAllAlerts(_ database: Database) throws {
    try AlertRow.deleteAll(database)
  }
}
