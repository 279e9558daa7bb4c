/// Errors that have one cause, as far as a log can tell: the same class raised at the same place, or the same message but for its values.
/// Nothing of anybody's data is in it.
public struct ErrorGroup: Sendable, Equatable, Codable {
  /// The same in each log and at each run.
  public let fingerprint: UInt64
  public let kind: ErrorKind
  public let level: LogLevel
  public let logger: String
  /// `psycopg2.errors.UndefinedColumn`; nil for a message without a traceback.
  public let exceptionClass: String?
  /// That of the exception, or of the record; of the first that was seen, without its values.
  public let message: String
  /// `sale/models/order.py:120 in action_confirm`, the innermost last; of the first that was seen.
  public let frames: [String]
  /// The innermost frame of a module of Odoo's, else of Odoo itself, else of all.
  public let culprit: String?

  public internal(set) var count: UInt64 = 0
  /// Milliseconds since 1970.
  public internal(set) var firstSeen: Int64
  public internal(set) var lastSeen: Int64
  public internal(set) var hours = HourCounts()
  /// Names of databases, a few.
  public internal(set) var databases: [String] = []
  /// The routes of the requests that failed with it, a few.
  public internal(set) var routes: [RouteCount] = []

  public struct RouteCount: Sendable, Equatable, Codable {
    public let route: String
    public internal(set) var count: UInt64
  }

  /// The fingerprint as people and programs are told it: 16 hexadecimal digits.
  public var id: String { Self.id(fingerprint) }

  public static func id(_ fingerprint: UInt64) -> String {
    let digits = String(fingerprint, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  static let mostFrames = 24
  private static let mostRoutes = 8
  private static let mostDatabases = 8

  mutating func count(at time: Int64, database: [UInt8]) {
    count &+= 1
    firstSeen = min(firstSeen, time)
    lastSeen = max(lastSeen, time)
    hours.count(time)
    guard databases.count < Self.mostDatabases, !databases.contains(where: { $0.utf8.elementsEqual(database) }) else { return }
    databases.append(String(decoding: database, as: UTF8.self))
  }

  mutating func count(route: String) {
    if let index = routes.firstIndex(where: { $0.route == route }) {
      routes[index].count &+= 1
    } else if routes.count < Self.mostRoutes {
      routes.append(RouteCount(route: route, count: 1))
    }
  }
}

/// How often in each hour; of a long time the last ones.
public struct HourCounts: Sendable, Equatable, Codable {
  private static let limit = 24 * 14

  public struct Hour: Sendable, Equatable, Codable {
    /// Milliseconds since 1970.
    public let start: Int64
    public internal(set) var count: UInt64
  }

  public private(set) var hours: [Hour] = []

  mutating func count(_ time: Int64) {
    let start = time - ((time % 3_600_000) + 3_600_000) % 3_600_000
    if let index = hours.lastIndex(where: { $0.start <= start }) {
      if hours[index].start == start { hours[index].count &+= 1 } else { hours.insert(Hour(start: start, count: 1), at: index + 1) }
    } else {
      hours.insert(Hour(start: start, count: 1), at: 0)
    }
    if hours.count > Self.limit { hours.removeFirst() }
  }
}
