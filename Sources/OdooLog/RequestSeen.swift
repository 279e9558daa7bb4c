/// A request on a route of the dashboards, as its worker logged it on completion.
public struct RequestSeen: Sendable, Equatable {
  /// As folded by `Route`: `/crm/dashboard/data`.
  public let route: String
  /// When it ended, in milliseconds since 1970, UTC.
  public let endedAt: Int64
  public let status: UInt16
  /// Nil where it was not measured.
  public let cost: RequestCost?
  /// Asked for by Lookout itself, not by a user.
  public let isOwn: Bool
  /// The process that served it.
  public let pid: UInt64
  /// Stands for the client's address: the same number for the same one.
  public let client: UInt64

  /// What marks a request as Lookout's own: Odoo logs the query, and its JSON routes and pages pass over one that they do not know.
  public static let mark = "lookout"

  public init(route: String, endedAt: Int64, status: UInt16, cost: RequestCost?, isOwn: Bool, pid: UInt64 = 0, client: UInt64 = 0) {
    (self.route, self.endedAt, self.status, self.cost, self.isOwn) = (route, endedAt, status, cost, isOwn)
    (self.pid, self.client) = (pid, client)
  }
}

/// The latest of them that nobody has taken yet. Not part of what is counted: equal whatever it holds, and never encoded.
struct RecentRequests: Sendable, Equatable {
  private struct Request: Sendable {
    let route: Int
    let endedAt: Int64
    let status: UInt16
    let cost: RequestCost?
    let isOwn: Bool
    let pid: UInt64
    let client: UInt64
  }

  private var requests: [Request] = []
  private static let limit = 1_000

  static func == (_: RecentRequests, _: RecentRequests) -> Bool { true }

  @inline(__always)
  mutating func add(_ access: AccessLine, _ line: RawSpan, _ header: RecordHeader, route: Int, isOwn: Bool) {
    if requests.count >= Self.limit { requests.removeFirst(Self.limit / 2) }
    requests.append(
      Request(
        route: route, endedAt: header.time, status: access.status, cost: access.cost, isOwn: isOwn, pid: header.pid,
        client: line.hash(access.client)))
  }

  mutating func take(routes: NameTable) -> [RequestSeen] {
    guard !requests.isEmpty else { return [] }
    defer { requests = [] }
    return requests.map {
      RequestSeen(
        route: routes.names[$0.route], endedAt: $0.endedAt, status: $0.status, cost: $0.cost, isOwn: $0.isOwn, pid: $0.pid,
        client: $0.client)
    }
  }
}
