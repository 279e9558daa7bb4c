import Foundation
import GRDB

private struct MemoryRow: StateRow {
  static let databaseTableName = "memory"

  let key: String
  let value: Data
}

/// Small things under a name: until when no login is tried, for one.
extension StateDatabase {
  func remember(_ value: some Encodable & Sendable, as key: String) async throws {
    try await write { try MemoryRow(key: key, value: StateJSON.bytes(value)).upsert($0) }
  }

  /// Nil for what was never remembered. Throws where it is no such `Value`.
  func recall<Value: Decodable & Sendable>(_ key: String, as type: Value.Type) async throws -> Value? {
    try await read { try MemoryRow.filter(sql: "key = ?", arguments: [key]).fetchOne($0) }.map { try StateJSON.value(type, from: $0.value) }
  }

  func forget(_ key: String) async throws {
    try await write { try $0.execute(sql: "DELETE FROM memory WHERE key = ?", arguments: [key]) }
  }
}
