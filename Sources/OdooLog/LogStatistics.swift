/// Everything counted in a log since this was created. Encoded and decoded between two lines it goes on as if nothing had happened.
public struct LogStatistics: Sendable, Codable, Equatable {
  /// Complete lines: records, continuations and strays.
  public internal(set) var lines: UInt64 = 0
  /// Bytes of the complete lines, with their ends: the position to read on from, in a log that was read from its start.
  public internal(set) var bytes: UInt64 = 0
  public internal(set) var continuationLines: UInt64 = 0
  /// Lines that start no record before the first record.
  public internal(set) var strayLines: UInt64 = 0
  public internal(set) var truncatedLines: UInt64 = 0
  public internal(set) var unparsedAccessLines: UInt64 = 0
  /// Lines that begin with a date, as records do, and are none. They count as continuations or strays too.
  public internal(set) var unparsedRecords: UInt64 = 0
  /// Records of level ERROR and CRITICAL but for the SQL errors of `odoo.sql_db`: Odoo tries those again, and says so elsewhere when it
  /// gives up (odoo/service/model.py, `retrying`).
  public internal(set) var errors: UInt64 = 0
  public internal(set) var databaseUnreachable: UInt64 = 0
  /// Milliseconds since 1970, UTC; 0 before the first record.
  public internal(set) var lastRecordTime: Int64 = 0
  /// The process that wrote the last record; 0 before the first.
  public internal(set) var lastPID: UInt64 = 0

  var recordCounts: RecordCounts
  var routeTable: RouteTable
  var failure = LastError()
  var place = Place.beforeRecords
  var recentRequests = RecentRequests()
  var memo = HeaderMemo()
  var signCounts = SignCounts()
  var signReader = SignReader()
  /// When the lines were written at the latest, in milliseconds since 1970: tells the year of collectors' stamps that name none. Nil takes it
  /// from the record before.
  public var latest: Int64?

  /// What the next line continues if it starts no record.
  enum Place: UInt8, Codable {
    case beforeRecords, record, lastError, traceback, leftOut
  }

  /// - Parameters:
  ///   - loggerLimit: loggers counted by name, at most 4096; the records of others count as those of the logger `other`.
  ///   - routeLimit: routes counted by name beside those of Odoo's own checks and of the dashboards, at most 4096; others are `other`.
  public init(loggerLimit: Int = 200, routeLimit: Int = 100) {
    recordCounts = RecordCounts(limit: loggerLimit)
    routeTable = RouteTable(limit: routeLimit)
  }

  /// Records by level and logger.
  public var records: [RecordKey: UInt64] { recordCounts.byKey }

  /// What only the log tells, also what did not happen. A full pool and exhausted memory are known by the errors that they end in.
  public var signs: [LogSign: UInt64] { signCounts.bySign }

  /// The last of the errors counted in `errors`.
  public var lastError: LogError? { failure.value }

  /// Requests by route, as folded by `Route`.
  public var routes: [String: RouteStatistics] { routeTable.byName }
}

extension LogStatistics {
  /// The requests on the dashboards' routes that were read since this was last called, the latest thousand of them.
  public mutating func takeRequests() -> [RequestSeen] { recentRequests.take(routes: routeTable.names) }
}

// MARK: Codable

extension LogStatistics {
  private enum CodingKeys: CodingKey {
    case lines, bytes, continuationLines, strayLines, truncatedLines, unparsedAccessLines, unparsedRecords, errors, databaseUnreachable
    case signCounts, failure, lastRecordTime, lastPID, recordCounts, routeTable, place
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    lines = try values.decode(UInt64.self, forKey: .lines)
    bytes = try values.decode(UInt64.self, forKey: .bytes)
    continuationLines = try values.decode(UInt64.self, forKey: .continuationLines)
    strayLines = try values.decode(UInt64.self, forKey: .strayLines)
    truncatedLines = try values.decode(UInt64.self, forKey: .truncatedLines)
    unparsedAccessLines = try values.decode(UInt64.self, forKey: .unparsedAccessLines)
    unparsedRecords = try values.decodeIfPresent(UInt64.self, forKey: .unparsedRecords) ?? 0
    errors = try values.decode(UInt64.self, forKey: .errors)
    databaseUnreachable = try values.decode(UInt64.self, forKey: .databaseUnreachable)
    signCounts = try values.decodeIfPresent(SignCounts.self, forKey: .signCounts) ?? SignCounts()
    failure = try values.decode(LastError.self, forKey: .failure)
    lastRecordTime = try values.decode(Int64.self, forKey: .lastRecordTime)
    lastPID = try values.decodeIfPresent(UInt64.self, forKey: .lastPID) ?? 0
    recordCounts = try values.decode(RecordCounts.self, forKey: .recordCounts)
    routeTable = try values.decode(RouteTable.self, forKey: .routeTable)
    place = try values.decode(Place.self, forKey: .place)
    guard recordCounts.isConsistent, routeTable.isConsistent else {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "names and counts do not belong together"))
    }
  }
}
