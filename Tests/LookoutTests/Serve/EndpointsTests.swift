import Testing

@testable import Lookout

@Suite struct EndpointsTests {
  private func reply(_ path: String, method: String = "GET", _ sources: ServeSources) async -> Reply {
    await Endpoints(sources: sources).reply(to: PageRequest(method: method, path: path))
  }

  @Test("health fails with 503 and passes and warns with 200")
  func health() async {
    #expect(await reply("/health", serveSources(findings: databaseDownFindings)).status == 503)
    #expect(await reply("/health/page", serveSources(findings: databaseDownFindings)).status == 503)
    #expect(await reply("/health/export", serveSources(findings: databaseDownFindings)).status == 200)
    #expect(await reply("/health", serveSources(findings: [servedFinding("a", .backup, .fail)])).status == 200)
    let passing = await reply("/health", serveSources(findings: [servedFinding("a", .page)]))
    #expect((passing.status, passing.contentType) == (200, "application/health+json"))
    #expect(passing.body.utf8Text.contains(#""status":"pass""#))
  }

  @Test("an unknown component is answered with the known ones", arguments: ["/health/", "/health/moon", "/health/page/", "/health/%70age"])
  func unknownComponent(_ path: String) async {
    let reply = await reply(path, serveSources())
    #expect(reply.status == 404)
    #expect(reply.body.utf8Text.hasPrefix("no such component; there are network, proxy, process,"))
    #expect(reply.body.utf8Text.hasSuffix("backup, agent\n"))
  }

  @Test("livez and readyz say ok, or each problem in a line", arguments: ["/livez", "/readyz"])
  func agent(_ path: String) async {
    #expect(await reply(path, serveSources()) == .line("ok", status: 200))
    let problems = ["the store is full", "one\nand\r\ntwo"]
    let troubled = path == "/livez" ? serveSources(liveness: problems) : serveSources(readiness: problems)
    let other = path == "/livez" ? serveSources(readiness: problems) : serveSources(liveness: problems)
    #expect(await reply(path, troubled) == .line("the store is full\none and two", status: 503))
    #expect(await reply(path, other).status == 200)
  }

  @Test("metrics come in the format asked for, packed if asked for")
  func metrics() async throws {
    let endpoints = Endpoints(sources: serveSources(series: { MetricsTextTests.sample }))
    let plain = await endpoints.reply(to: PageRequest(path: "/metrics"))
    #expect(plain.contentType == "text/plain; version=0.0.4; charset=utf-8")
    #expect(plain.headers == ["Vary": "Accept, Accept-Encoding"])
    let open = await endpoints.reply(to: PageRequest(path: "/metrics", accept: "application/openmetrics-text", acceptEncoding: "gzip"))
    #expect(open.contentType == "application/openmetrics-text; version=1.0.0; charset=utf-8")
    #expect(open.headers["Content-Encoding"] == "gzip")
    let packed = try Gzip.compress(MetricsText.render(MetricsTextTests.sample, as: .openMetrics))
    #expect(open.body == packed)
  }

  @Test("nothing to show can be packed too")
  func emptyMetrics() async {
    let reply = await Endpoints(sources: serveSources()).reply(to: PageRequest(path: "/metrics", acceptEncoding: "gzip"))
    #expect(reply.status == 200)
  }

  @Test("the overview forbids itself everything but its style")
  func overview() async {
    let page = await reply("/", serveSources(findings: databaseDownFindings, readiness: ["no receiver"]))
    #expect((page.status, page.contentType) == (200, "text/html; charset=utf-8"))
    #expect(page.headers["Content-Security-Policy"]?.hasPrefix("default-src 'none'; style-src 'unsafe-inline'") == true)
    #expect(page.body.utf8Text.contains("<li>no receiver</li>"))
  }

  @Test("the runbook is served as a page, which forbids itself everything but its style")
  func runbook() async {
    let page = await reply("/runbook", serveSources())
    #expect((page.status, page.contentType) == (200, "text/html; charset=utf-8"))
    #expect(page.headers["Content-Security-Policy"]?.hasPrefix("default-src 'none'; style-src 'unsafe-inline'") == true)
    #expect(page.body.utf8Text.contains("<h3 id=\"odoodown\">OdooDown</h3>"))
    #expect(await reply("/runbook", method: "POST", serveSources()).status == 405)
  }

  @Test("other methods are told what is allowed", arguments: ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "get", ""])
  func methods(_ method: String) async {
    let refused = await reply("/health", method: method, serveSources())
    #expect(refused.status == 405)
    #expect(refused.headers["Allow"] == "GET, HEAD")
  }

  @Test(
    "other paths are not there, in one plain line",
    arguments: ["/nothing", "", "//", "/health2", "/metrics/", "*", "/\u{0}é", "/../etc/passwd"])
  func paths(_ path: String) async {
    #expect(await reply(path, method: "POST", serveSources()) == .line("there is nothing here; / links to what there is", status: 404))
  }

  @Test("Prometheus' names for alive and ready lead to the same", arguments: [("/-/healthy", "/livez"), ("/-/ready", "/readyz")])
  func aliases(_ theirs: String, ours: String) async {
    let sources = serveSources(readiness: ["not ready"], liveness: ["stuck", "still"])
    #expect(await reply(theirs, sources) == reply(ours, sources))
    #expect(await reply(theirs, sources).status == 503)
    #expect(await reply(theirs, method: "POST", sources).status == 405)
  }

  @Test("a reload is asked for by POST or PUT, and says how it went", arguments: ["POST", "PUT"])
  func reload(_ method: String) async {
    let reloads = Board(0)
    let good = serveSources(reload: { reloads.update { $0 += 1 } })
    #expect(await reply("/-/reload", method: method, good) == .line("the configuration was reloaded", status: 200))
    #expect(reloads.latest == 1)
    let bad = await reply("/-/reload", method: method, serveSources(reload: { throw AgentError("lookout.yml:3:1: wrong") }))
    #expect(bad.status == 500)
    #expect(bad.body.utf8Text == "the configuration could not be reloaded, the one before is in force: lookout.yml:3:1: wrong\n")
  }

  @Test("reading does not reload", arguments: ["GET", "HEAD", "DELETE", "OPTIONS"])
  func noReload(_ method: String) async {
    let reloads = Board(0)
    let refused = await reply("/-/reload", method: method, serveSources(reload: { reloads.update { $0 += 1 } }))
    #expect(refused.status == 405 && refused.headers["Allow"] == "POST, PUT")
    #expect(reloads.latest == 0)
  }
}
