import Foundation
import GRDB
import OdooLog

/// A group of errors of a log. What one may want to look for stands in columns of its own.
private struct ErrorGroupRow: StateRow {
  static let databaseTableName = "error_group"

  /// The path of the log, as that of its position.
  let log: String
  let fingerprint: String
  let kind: String
  let count: Int64
  /// Milliseconds since 1970, as logged.
  let firstSeen: Int64
  let lastSeen: Int64
  let content: Data
}

extension StateDatabase {
  /// A place in a log, what was counted up to there and the groups of errors that have changed, committed together.
  func save(_ position: LogPosition, counters: some Encodable & Sendable, errors: ErrorChanges) async throws {
    try await write { database in
      try Self.save(position, counters: counters, database)
      for known in errors.changed { try ErrorGroupRow(known, of: position.path).upsert(database) }
      for fingerprint in errors.removed {
        try database.execute(
          sql: "DELETE FROM error_group WHERE log = ? AND fingerprint = ?", arguments: [position.path, ErrorGroup.id(fingerprint)])
      }
    }
  }

  /// The groups of errors of a log, those first that have not been seen for longest. What cannot be read any more is left out.
  func errors(of log: String) async throws -> [KnownError] {
    try await read { database in
      try ErrorGroupRow.filter(sql: "log = ?", arguments: [log]).order(sql: "last_seen").fetchAll(database)
        .compactMap { try? StateJSON.value(KnownError.self, from: $0.content) }
    }
  }
}

extension ErrorGroupRow {
  init(_ known: KnownError, of log: String) throws {
    let group = known.group
    self.init(
      log: log, fingerprint: group.id, kind: group.kind.rawValue, count: Int64(clamping: group.count), firstSeen: group.firstSeen,
      lastSeen: group.lastSeen, content: try StateJSON.bytes(known))
  }
}
