import Foundation
import GRDB

/// An alert that came over the API.
struct PushedAlertRow: StateRow, Equatable {
  static let databaseTableName = "pushed_alert"

  let fingerprint: String
  let content: Data
}

struct SilenceRow: StateRow, Equatable {
  static let databaseTableName = "silence"

  let id: String
  let content: Data
}

extension StateDatabase {
  static func pushedAlerts(_ database: Database) throws -> [PushedAlertRow] {
    try PushedAlertRow.order(sql: "fingerprint").fetchAll(database)
  }

  static func silences(_ database: Database) throws -> [SilenceRow] {
    try SilenceRow.order(sql: "id").fetchAll(database)
  }

  static func save(_ rows: [some StateRow], _ database: Database) throws {
    for row in rows { try row.upsert(database) }
  }

  static func deletePushedAlerts(_ fingerprints: [String], _ database: Database) throws {
    for fingerprint in fingerprints {
      try database.execute(sql: "DELETE FROM pushed_alert WHERE fingerprint = ?", arguments: [fingerprint])
    }
  }

  static func deleteSilences(_ ids: [String], _ database: Database) throws {
    for id in ids { try database.execute(sql: "DELETE FROM silence WHERE id = ?", arguments: [id]) }
  }

  static func deleteAllToldFromOutside(_ database: Database) throws {
    try PushedAlertRow.deleteAll(database)
    try SilenceRow.deleteAll(database)
  }
}
