/// What the requests of each route cost, by the route's number.
struct RouteProfiles: Sendable {
  enum Measure: Int, CaseIterable {
    case duration, sql, python, queries

    /// Times are counted in steps of 128 microseconds and told in seconds.
    fileprivate var unit: Double { self == .queries ? 1 : 128e-6 }
  }

  private var counts: [UInt64] = []
  private var slowest: [UInt64] = []

  private static let perRoute = Spread.bucketCount * Measure.allCases.count

  @inline(__always)
  mutating func add(_ cost: RequestCost, route: Int) {
    if route >= slowest.count { grow(to: route) }
    if cost.duration > slowest[route] { slowest[route] = cost.duration }
    var place = route &* Self.perRoute
    counts[place &+ Spread.bucket(cost.duration >> 7)] &+= 1
    place &+= Spread.bucketCount
    counts[place &+ Spread.bucket(cost.sql >> 7)] &+= 1
    place &+= Spread.bucketCount
    counts[place &+ Spread.bucket(cost.python >> 7)] &+= 1
    place &+= Spread.bucketCount
    counts[place &+ Spread.bucket(cost.queries)] &+= 1
  }

  @inline(never)
  private mutating func grow(to route: Int) {
    slowest += repeatElement(0, count: route + 1 - slowest.count)
    counts += repeatElement(0, count: slowest.count * Self.perRoute - counts.count)
  }

  func spread(_ measure: Measure, route: Int) -> Spread {
    guard slowest.indices.contains(route) else { return Spread([], unit: measure.unit) }
    let start = route * Self.perRoute + measure.rawValue * Spread.bucketCount
    let highest = measure == .queries ? .infinity : longest(route: route)
    return Spread(counts[start..<(start + Spread.bucketCount)], unit: measure.unit, highest: highest)
  }

  /// Seconds.
  func longest(route: Int) -> Double { slowest.indices.contains(route) ? Double(slowest[route]) / 1e6 : 0 }
}
