import Foundation
import GRDB

/// A place in a log file. Device, inode and the first bytes tell a rotated file from the one that was read.
struct LogPosition: Equatable, Sendable {
  /// The path under which the log is configured.
  let path: String
  var device: UInt64
  var inode: UInt64
  /// In bytes: what lies before it is counted.
  var offset: UInt64
  var fingerprint: [UInt8]
}

private struct LogPositionRow: StateRow {
  static let databaseTableName = "log_position"

  let path: String
  let device: Int64
  let inode: Int64
  let offset: Int64
  let fingerprint: Data
  let counters: Data
}

extension StateDatabase {
  /// A count and the place up to which it counts are committed together, so that no line is counted twice or never.
  func save(_ position: LogPosition, counters: some Encodable & Sendable) async throws {
    try await write { try Self.save(position, counters: counters, $0) }
  }

  static func save(_ position: LogPosition, counters: some Encodable, _ database: Database) throws {
    try LogPositionRow(position, counters: StateJSON.bytes(counters)).upsert(database)
  }

  /// Nil for a log that was never read. Throws where the counters are not such `Counters`.
  func logPosition<Counters: Decodable & Sendable>(
    _ path: String, counters: Counters.Type
  ) async throws -> (position: LogPosition, counters: Counters)? {
    guard let row = try await read({ try LogPositionRow.filter(sql: "path = ?", arguments: [path]).fetchOne($0) }) else { return nil }
    return (row.position, try StateJSON.value(counters, from: row.counters))
  }

  func deleteLogPosition(_ path: String) async throws {
    try await write { try $0.execute(sql: "DELETE FROM log_position WHERE path = ?", arguments: [path]) }
  }
}

/// SQLite's integers have a sign: the bits are kept as they are.
extension LogPositionRow {
  init(_ position: LogPosition, counters: Data) {
    path = position.path
    device = Int64(bitPattern: position.device)
    inode = Int64(bitPattern: position.inode)
    offset = Int64(bitPattern: position.offset)
    fingerprint = Data(position.fingerprint)
    self.counters = counters
  }

  var position: LogPosition {
    LogPosition(
      path: path, device: UInt64(bitPattern: device), inode: UInt64(bitPattern: inode), offset: UInt64(bitPattern: offset),
      fingerprint: Array(fingerprint))
  }
}
