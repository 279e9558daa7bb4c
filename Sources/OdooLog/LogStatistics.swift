/// Everything counted in a log since this was created. Encoded and decoded between two lines it goes on as if nothing had happened.
public struct LogStatistics: Sendable, Codable, Equatable {
  /// Complete lines: records, continuations and strays.
  public private(set) var lines: UInt64 = 0
  /// Bytes of the complete lines, with their ends: the position to read on from, in a log that was read from its start.
  public private(set) var bytes: UInt64 = 0
  public private(set) var continuationLines: UInt64 = 0
  /// Lines that start no record before the first record.
  public private(set) var strayLines: UInt64 = 0
  public private(set) var truncatedLines: UInt64 = 0
  public private(set) var unparsedAccessLines: UInt64 = 0
  /// Records of level ERROR and CRITICAL but for the SQL errors of `odoo.sql_db`: Odoo tries those again, and says so elsewhere when it
  /// gives up (odoo/service/model.py, `retrying`).
  public private(set) var errors: UInt64 = 0
  public private(set) var databaseUnreachable: UInt64 = 0
  /// Milliseconds since 1970, UTC; 0 before the first record.
  public private(set) var lastRecordTime: Int64 = 0
  /// The process that wrote the last record; 0 before the first.
  public private(set) var lastPID: UInt64 = 0

  private var recordCounts: RecordCounts
  private var routeTable: RouteTable
  private var failure = LastError()
  private var place = Place.beforeRecords
  private var recentRequests = RecentRequests()

  /// What the next line continues if it starts no record.
  private enum Place: UInt8, Codable {
    case beforeRecords, record, lastError, traceback
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

  /// The last of the errors counted in `errors`.
  public var lastError: LogError? { failure.value }

  /// Requests by route, as folded by `Route`.
  public var routes: [String: RouteStatistics] { routeTable.byName }
}

extension LogStatistics {
  /// The requests on the dashboards' routes that were read since this was last called, the latest thousand of them.
  public mutating func takeRequests() -> [RequestSeen] { recentRequests.take() }
}

// MARK: Counting

extension LogStatistics {
  /// - Parameters:
  ///   - line: what was kept of it, without the newline.
  ///   - lineBytes: its length with the newline.
  @inline(__always)
  mutating func count(_ line: RawSpan, lineBytes: Int, isTruncated: Bool) {
    lines &+= 1
    bytes &+= UInt64(lineBytes)
    if isTruncated { truncatedLines &+= 1 }
    let length = line.byteCount
    let hasReturn = length > 0 && line.byte(length &- 1) == .carriageReturn
    count(line.extracting(0..<(hasReturn ? length &- 1 : length)))
  }

  @inline(__always)
  private mutating func count(_ line: RawSpan) {
    if let header = RecordHeader(line) {
      countRecord(header, line)
    } else if Colours.mayHide(line) {
      countColoured(line)
    } else {
      countContinuation(line)
    }
  }

  private mutating func countColoured(_ line: RawSpan) {
    let plain = Colours.strip(line)
    if let header = RecordHeader(plain.span) {
      countRecord(header, plain.span.bytes)
    } else {
      countContinuation(line)
    }
  }

  @inline(__always)
  private mutating func countRecord(_ header: RecordHeader, _ line: RawSpan) {
    lastRecordTime = header.time
    lastPID = header.pid
    place = .record
    let logger = recordCounts.count(header, line)
    switch logger {
    case RecordCounts.Known.werkzeug, RecordCounts.Known.longpolling: countAccess(line, header)
    case RecordCounts.Known.sql where line.starts(with: "Connection to the database failed", at: header.message):
      databaseUnreachable &+= 1
    case RecordCounts.Known.sql where line.starts(with: "bad query", at: header.message): return
    default: break
    }
    if header.level.rawValue >= LogLevel.error.rawValue { countError(header, line, logger) }
  }

  @inline(__always)
  private mutating func countAccess(_ line: RawSpan, _ header: RecordHeader) {
    switch AccessLine.read(line, message: header.message) {
    case .access(let access): countRequest(access, line, header)
    case .malformed: countMalformedAccess(line, header)
    case .other: break
    }
  }

  @inline(__always)
  private mutating func countRequest(_ access: AccessLine, _ line: RawSpan, _ header: RecordHeader) {
    let (route, isOwn) = routeTable.add(access, line)
    if RouteTable.dashboards ~= route { see(access, route, isOwn, header) }
    if failure.awaitsRequest(of: header.pid) { failure.end(request: routeTable.names.names[route]) }
  }

  private mutating func see(_ access: AccessLine, _ route: Int, _ isOwn: Bool, _ header: RecordHeader) {
    let name = routeTable.names.names[route]
    recentRequests.add(RequestSeen(route: name, endedAt: header.time, status: access.status, cost: access.cost, isOwn: isOwn))
  }

  /// Older werkzeugs colour the request even where the log has no colours.
  private mutating func countMalformedAccess(_ line: RawSpan, _ header: RecordHeader) {
    let plain = line.contains(.escape, in: header.message..<line.byteCount) ? Colours.strip(line) : []
    if !plain.isEmpty, case .access(let access) = AccessLine.read(plain.span, message: header.message) {
      countRequest(access, plain.span.bytes, header)
    } else {
      unparsedAccessLines &+= 1
    }
  }

  private mutating func countError(_ header: RecordHeader, _ line: RawSpan, _ logger: Int) {
    errors &+= 1
    failure.start(header, line, logger: recordCounts.loggers.names[logger])
    place = .lastError
  }

  @inline(__always)
  private mutating func countContinuation(_ line: RawSpan) {
    switch place {
    case .beforeRecords: strayLines &+= 1
    case .record: continuationLines &+= 1
    case .lastError, .traceback:
      continuationLines &+= 1
      followTraceback(line)
    }
  }

  /// The exception is on the first line after "Traceback" that is not indented; of chained exceptions the last one counts.
  private mutating func followTraceback(_ line: RawSpan) {
    if line.starts(with: "Traceback (most recent call last):", at: 0) {
      place = .traceback
    } else if place == .traceback, line.byteCount > 0, line.byte(0) != .space, line.byte(0) != UInt8(ascii: "\t") {
      place = .lastError
      failure.end(line)
    }
  }
}

// MARK: Codable

extension LogStatistics {
  private enum CodingKeys: CodingKey {
    case lines, bytes, continuationLines, strayLines, truncatedLines, unparsedAccessLines, errors, databaseUnreachable, failure
    case lastRecordTime, lastPID, recordCounts, routeTable, place
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    lines = try values.decode(UInt64.self, forKey: .lines)
    bytes = try values.decode(UInt64.self, forKey: .bytes)
    continuationLines = try values.decode(UInt64.self, forKey: .continuationLines)
    strayLines = try values.decode(UInt64.self, forKey: .strayLines)
    truncatedLines = try values.decode(UInt64.self, forKey: .truncatedLines)
    unparsedAccessLines = try values.decode(UInt64.self, forKey: .unparsedAccessLines)
    errors = try values.decode(UInt64.self, forKey: .errors)
    databaseUnreachable = try values.decode(UInt64.self, forKey: .databaseUnreachable)
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
