import Foundation
import GRDB

/// A row of `state.db`: its columns are its properties, `groupKey` being `group_key`.
///
/// GRDB's requests by key are not used: they end the process where a table or its key is missing, which a damaged file must not.
protocol StateRow: Codable, Sendable, FetchableRecord, PersistableRecord {}

extension StateRow {
  static var databaseColumnEncodingStrategy: DatabaseColumnEncodingStrategy { .convertToSnakeCase }
  static var databaseColumnDecodingStrategy: DatabaseColumnDecodingStrategy { .convertFromSnakeCase }
}

/// The JSON of the content columns. A value of a rule may be NaN or infinite, which plain JSON lacks.
enum StateJSON {
  static func bytes(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "+Inf", negativeInfinity: "-Inf", nan: "NaN")
    return try encoder.encode(value)
  }

  static func value<Value: Decodable>(_ type: Value.Type, from bytes: Data) throws -> Value {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(positiveInfinity: "+Inf", negativeInfinity: "-Inf", nan: "NaN")
    return try decoder.decode(type, from: bytes)
  }
}
