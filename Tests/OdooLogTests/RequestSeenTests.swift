import OdooLog
import Testing

@Suite("Requests on the dashboards' routes")
struct RequestSeenTests {
  private func access(_ target: String, pid: Int = 31, status: Int = 200, perf: String = "402 0.210 0.100") -> String {
    "2026-11-22 13:09:09,329 \(pid) INFO crm werkzeug: 127.0.0.1 - - [22/Nov/2026 13:09:09] \"POST \(target) HTTP/1.1\" \(status) - \(perf)\n"
  }

  private func error(pid: Int = 31) -> String {
    """
    2026-11-22 13:09:09,300 \(pid) ERROR crm odoo.http: Exception during request handling.
    Traceback (most recent call last):
      File "/opt/odoo/http.py", line 1
    ZeroDivisionError: division by zero

    """
  }

  private func read(_ text: String) -> LogStatistics {
    var statistics = LogStatistics()
    var scanner = LogScanner()
    scanner.feed(Array(text.utf8).span, into: &statistics)
    return statistics
  }

  @Test("are told once, with status, cost and moment, in the order in which they ended")
  func told() {
    var statistics = read(access("/crm/dashboard/data") + access("/web/health") + access("/crm/dashboard/export?format=csv", status: 500))
    let cost = RequestCost(duration: 310_000, sql: 210_000, python: 100_000, queries: 402)
    let seen = statistics.takeRequests()
    let client = seen.first?.client ?? 0
    #expect(
      seen == [
        RequestSeen(
          route: "/crm/dashboard/data", endedAt: 1_795_352_949_329, status: 200, cost: cost, isOwn: false, pid: 31, client: client),
        RequestSeen(
          route: "/crm/dashboard/export", endedAt: 1_795_352_949_329, status: 500, cost: cost, isOwn: false, pid: 31, client: client),
      ])
    #expect(statistics.takeRequests() == [])
  }

  @Test("clients are told apart by their address, whatever its form")
  func clients() {
    let line = access("/crm/dashboard/data")
    let addresses = ["127.0.0.1", "127.0.0.1", "10.0.0.7", "2001:db8::7", "2001:db8::8"]
    var statistics = read(addresses.map { line.replacing(": 127.0.0.1 -", with: ": \($0) -") }.joined())
    let clients = statistics.takeRequests().map(\.client)
    #expect(clients.count == 5 && clients[0] == clients[1] && Set(clients).count == 4)
  }

  @Test("Lookout's own are known by their mark, and left out of the users' figures")
  func own() {
    var statistics = read(
      access("/crm/dashboard/data?lookout") + access("/crm/dashboard/data?x=lookout") + access("/web?lookout") + access("/web"))
    #expect(statistics.takeRequests().map(\.isOwn) == [true, false])
    #expect(statistics.routes["/crm/dashboard/data"]?.requests == 1)
    #expect(statistics.routes["/web"]?.requests == 1)
    #expect(statistics.lines == 4 && statistics.unparsedAccessLines == 0)
  }

  @Test("in a flood the latest are kept")
  func flood() {
    var statistics = read((0..<3000).map { access("/crm/dashboard/data", status: 200 + $0 % 100) }.joined())
    let seen = statistics.takeRequests()
    #expect((500...1000).contains(seen.count) && seen.last?.status == 299)
  }

  @Test("an error belongs to the next request of its process, and to no other")
  func errorsRequest() {
    #expect(read(error() + access("/web", pid: 32)).lastError?.route == nil)
    let statistics = read(error() + access("/web", pid: 32) + access("/crm/dashboard/data?lookout") + access("/web/login"))
    #expect(statistics.lastError?.route == "/crm/dashboard/data")
    #expect(statistics.lastError?.exceptionClass == "ZeroDivisionError" && statistics.lastError?.pid == 31)
    #expect(read(error() + access("/web/login") + error()).lastError?.route == nil)
  }

  @Test("the process that wrote the last record is known")
  func writer() {
    #expect(read("nothing\n").lastPID == 0)
    #expect(read(access("/web", pid: 4_711) + "  File\n").lastPID == 4_711)
  }
}
