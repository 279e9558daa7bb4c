import Testing

@testable import Lookout

@Suite struct PublicEndpointsTests {
  private func reply(_ path: String, method: String = "GET", _ sources: ServeSources = serveSources()) -> Reply {
    PublicEndpoints(sources: sources).reply(to: PageRequest(method: method, path: path))
  }

  @Test("health says pass, warn or fail, and nothing else")
  func health() {
    for (level, status, word) in [(Level.pass, 200, "pass"), (.warn, 200, "warn"), (.fail, 503, "fail")] {
      let shown = reply("/health", serveSources(findings: [servedFinding("a", .page, level, sentence: "DETAIL")]))
      #expect(
        (shown.status, shown.contentType, shown.body.utf8Text) == (status, "application/health+json", #"{"status":"\#(word)"}"# + "\n"))
    }
  }

  @Test("livez says ok or fail, and nothing else")
  func liveness() {
    #expect(reply("/livez") == .line("ok", status: 200))
    #expect(reply("/livez", serveSources(liveness: ["the loop hangs"])) == .line("fail", status: 503))
  }

  @Test(
    "there is nothing else",
    arguments: ["/", "/metrics", "/readyz", "/health/page", "/health/", "/runbook", "/-/reload", "/-/healthy", "/api/v1/query", ""])
  func nothingElse(path: String) {
    for method in ["GET", "POST"] { #expect(reply(path, method: method) == .line("there is nothing here", status: 404)) }
  }

  @Test("it can only be read", arguments: ["/health", "/livez"])
  func readOnly(path: String) {
    #expect(reply(path, method: "HEAD").status == 200)
    #expect(reply(path, method: "POST").status == 405)
  }
}
