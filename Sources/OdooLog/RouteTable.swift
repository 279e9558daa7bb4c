/// Statistics by route, with a limit on the number of routes.
struct RouteTable: Sendable, Equatable {
  private(set) var names: NameTable
  private(set) var statistics: [RouteStatistics]
  private var callCount = 0
  private var memo = RouteMemo()
  private var index: RouteIndex

  /// Have their place whatever clients ask for first: what the checks of the dashboards and of Odoo itself read.
  static let reserved = [
    "other", Route.call, "/", "/crm/dashboard/data", "/crm/dashboard/overdue", "/crm/dashboard/performers", "/crm/dashboard/export",
    "/crm/strategic/dashboard/data", "/crm/strategic/dashboard/export", "/jsonrpc", "/static", "/web", "/web/assets", "/web/health",
    "/web/login", "/web/session/authenticate", "/web/webclient/load_menus", "/web/webclient/translations", "/websocket",
    "/websocket/health", "/xmlrpc/<id>/common", "/xmlrpc/<id>/object", "/web/action/load", "/web/content", "/web/image", "/report/pdf",
  ]

  /// Those of the dashboards, by number.
  static let dashboards: ClosedRange<Int> = {
    let numbers = reserved.indices.filter { reserved[$0].hasPrefix("/crm/") }
    return (numbers.first ?? 0)...(numbers.last ?? 0)
  }()

  init(limit: Int) {
    names = NameTable(limit: limit, reserved: Self.reserved)
    statistics = Array(repeating: RouteStatistics(), count: names.count)
    index = RouteIndex(names)
  }

  /// Counts a request, unless it is Lookout's own: those would dilute the users' figures. Tells the route's number.
  @inline(__always)
  mutating func add(_ access: AccessLine, _ line: RawSpan) -> (route: Int, isOwn: Bool) {
    let (route, end) = find(access, line)
    let isOwn = end < access.path.upperBound && line.starts(with: Self.ownQuery, at: end)
    if !isOwn { statistics[route].add(access) }
    return (route, isOwn)
  }

  private static let ownQuery: StaticString = "?lookout"

  @inline(__always)
  private mutating func find(_ access: AccessLine, _ line: RawSpan) -> (route: Int, pathEnd: Int) {
    let end = line.first(UInt8(ascii: "?"), in: access.path)
    let path = Range(uncheckedBounds: (access.path.lowerBound, end))
    if let known = memo.find(line, path), known != NameTable.other || access.status == 404 { return (known, end) }
    return look(line, path, status: access.status)
  }

  @inline(never)
  private mutating func look(_ line: RawSpan, _ path: Range<Int>, status: UInt16) -> (route: Int, pathEnd: Int) {
    if let known = index.find(line, path, in: names) {
      // Of those that differ by a record there is no end.
      if names.holds(known, line, path) { memo.keep(line, path, known) }
      return (known, path.upperBound)
    }
    // Clients send no fragment; where one stands all the same, it is no part of the route.
    let end = line.scan(path.lowerBound, path.upperBound, until: UInt8(ascii: "#"), or: UInt8(ascii: "#")).end
    return (fold(line, path.lowerBound..<end, status: status), end)
  }

  private mutating func fold(_ line: RawSpan, _ path: Range<Int>, status: UInt16) -> Int {
    guard path.count <= Route.longestPath, let route = Route(line.copy(path)) else { return NameTable.other }
    let number = names.find(route.name) ?? newNumber(route, status)
    memo.keep(line, path, number)
    return number
  }

  /// Whoever tries paths that do not exist must not use up the routes, nor models and methods more than half of them.
  private mutating func newNumber(_ route: Route, _ status: UInt16) -> Int {
    guard status != 404 else { return NameTable.other }
    let instead = route.isCall ? names.find(Array(Route.call.utf8)) ?? NameTable.other : NameTable.other
    guard !names.isFull, !route.isCall || callCount < names.limit / 2 else { return instead }
    let number = names.insert(route.name)
    guard number == statistics.count else { return instead }
    statistics.append(RouteStatistics())
    index.append(names.names[number])
    if route.isCall { callCount += 1 }
    // Paths of this route may be remembered as those of no route.
    memo.forget()
    return number
  }

  var byName: [String: RouteStatistics] {
    var result: [String: RouteStatistics] = [:]
    for (name, statistics) in zip(names.names, statistics) where !statistics.outcomes.isEmpty { result[name] = statistics }
    return result
  }

  /// Whether what was decoded belongs together.
  var isConsistent: Bool {
    statistics.count == names.count && names.count >= 2 && Array(names.names.prefix(2)) == Array(Self.reserved.prefix(2))
  }
}

extension RouteTable: Codable {
  private enum CodingKeys: CodingKey { case names, statistics, callCount }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    names = try values.decode(NameTable.self, forKey: .names)
    statistics = try values.decode([RouteStatistics].self, forKey: .statistics)
    callCount = try values.decode(Int.self, forKey: .callCount)
    index = RouteIndex(names)
  }
}
