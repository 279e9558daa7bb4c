/// One of the slowest requests.
public struct SlowRequest: Sendable, Equatable {
  public let route: String
  /// When it ended, in milliseconds since 1970.
  public let endedAt: Int64
  public let status: UInt16
  public let cost: RequestCost
  public let pid: UInt64
}

/// The slowest of all requests.
struct SlowRequests: Sendable {
  private struct Entry: Sendable {
    let route: Int
    let endedAt: Int64
    let status: UInt16
    let cost: RequestCost
    let pid: UInt64
  }

  private static let limit = 10

  private var entries: [Entry] = []
  /// Microseconds: a request has to be slower to be kept.
  private var threshold: UInt64 = 0

  @inline(__always)
  mutating func add(_ cost: RequestCost, _ access: AccessLine, _ header: RecordHeader, route: Int) {
    if cost.duration > threshold { keep(Entry(route: route, endedAt: header.time, status: access.status, cost: cost, pid: header.pid)) }
  }

  private mutating func keep(_ entry: Entry) {
    entries.insert(entry, at: entries.firstIndex { $0.cost.duration < entry.cost.duration } ?? entries.count)
    guard entries.count > Self.limit else { return }
    entries.removeLast()
    threshold = entries.last?.cost.duration ?? 0
  }

  /// The slowest first.
  func all(_ routes: [String]) -> [SlowRequest] {
    entries.map { SlowRequest(route: routes[$0.route], endedAt: $0.endedAt, status: $0.status, cost: $0.cost, pid: $0.pid) }
  }
}
