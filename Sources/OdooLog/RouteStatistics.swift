/// How the requests of one route went.
public struct RouteStatistics: Sendable, Codable, Equatable {
  /// Requests by method and status. A 65th pair counts under `other` and the hundred of its status.
  public private(set) var outcomes: [Outcome] = []
  /// Of the requests that were measured.
  public private(set) var durations = DurationHistogram()
  public private(set) var queries: UInt64 = 0
  private var sqlMicroseconds: UInt64 = 0
  private var pythonMicroseconds: UInt64 = 0

  public struct Outcome: Sendable, Codable, Equatable {
    public var method: HTTPMethod
    public var status: UInt16
    public var requests: UInt64
  }

  private static let outcomeLimit = 64

  public init() {}

  public var requests: UInt64 { outcomes.reduce(0) { $0 &+ $1.requests } }
  /// Seconds in PostgreSQL.
  public var sql: Double { Double(sqlMicroseconds) / 1e6 }
  /// Seconds outside PostgreSQL; 0 where only the duration is logged.
  public var python: Double { Double(pythonMicroseconds) / 1e6 }

  @inline(__always)
  mutating func add(_ access: AccessLine) {
    countOutcome(access.method, access.status)
    guard let cost = access.cost else { return }
    durations.add(microseconds: cost.duration)
    queries &+= cost.queries
    sqlMicroseconds &+= cost.sql
    pythonMicroseconds &+= cost.python
  }

  @inline(__always)
  private mutating func countOutcome(_ method: HTTPMethod, _ status: UInt16) {
    for index in outcomes.indices where outcomes[index].status == status && outcomes[index].method == method {
      outcomes[index].requests &+= 1
      return
    }
    addOutcome(method, status)
  }

  private mutating func addOutcome(_ method: HTTPMethod, _ status: UInt16) {
    let hundred = status / 100 * 100
    if outcomes.count < Self.outcomeLimit {
      outcomes.append(Outcome(method: method, status: status, requests: 1))
    } else if let index = outcomes.firstIndex(where: { $0.method == .other && $0.status == hundred }) {
      outcomes[index].requests &+= 1
    } else {
      outcomes.append(Outcome(method: .other, status: hundred, requests: 1))
    }
  }
}
