import Testing

@testable import Lookout

@Suite struct WebServerTests {
  @Test("every page answers over a real socket")
  func pages() async throws {
    try await withServer(serveSources(findings: databaseDownFindings, series: { MetricsTextTests.sample })) { port in
      let expected = [
        ("/", "200 OK", "text/html; charset=utf-8", "<!DOCTYPE html>"),
        ("/health", "503 Service Unavailable", "application/health+json", "{\"checks\":"),
        ("/health/process?verbose=1", "200 OK", "application/health+json", "{\"checks\":"),
        ("/health/moon", "404 Not Found", "text/plain; charset=utf-8", "no such component"),
        ("/livez", "200 OK", "text/plain; charset=utf-8", "ok\n"),
        ("/readyz", "200 OK", "text/plain; charset=utf-8", "ok\n"),
        ("/metrics", "200 OK", "text/plain; version=0.0.4; charset=utf-8", "# HELP odoo_requests_total"),
        ("/nothing", "404 Not Found", "text/plain; charset=utf-8", "there is nothing here"),
      ]
      for (path, status, type, start) in expected {
        let answer = try await rawGet(path, port: port)
        #expect(answer.statusLine == "HTTP/1.1 \(status)")
        #expect(answer.headers["content-type"] == type)
        #expect(answer.headers["cache-control"] == "no-store")
        #expect(answer.headers["x-content-type-options"] == "nosniff")
        #expect(answer.headers["content-length"] == String(answer.body.count))
        #expect(answer.headers["date"] != nil)
        #expect(answer.body.utf8Text.hasPrefix(start))
      }
    }
  }

  @Test(
    "HEAD has the headers of GET and no body", arguments: ["/", "/health", "/health/page", "/livez", "/readyz", "/metrics", "/nothing"])
  func head(_ path: String) async throws {
    try await withServer(serveSources(findings: databaseDownFindings, series: { MetricsTextTests.sample })) { port in
      var (head, full) = (try await rawGet(path, method: "HEAD", port: port), try await rawGet(path, port: port))
      if head.headers["date"] != full.headers["date"] {
        (head, full) = (try await rawGet(path, method: "HEAD", port: port), try await rawGet(path, port: port))
      }
      #expect(head.statusLine == full.statusLine)
      #expect(head.headers.filter { $0.key != "date" } == full.headers.filter { $0.key != "date" })
      #expect(head.body.isEmpty && !full.body.isEmpty)
    }
  }

  @Test("other methods get 405 and what is allowed, a body notwithstanding")
  func methods() async throws {
    try await withServer(serveSources()) { port in
      let request = "POST /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello"
      let answer = try await rawExchange(request, port: port)
      #expect(answer.statusLine == "HTTP/1.1 405 Method Not Allowed")
      #expect(answer.headers["allow"] == "GET, HEAD")
      #expect(answer.body.utf8Text == "this can only be read: use GET or HEAD\n")
    }
  }

  @Test("metrics are packed on the wire when asked for")
  func gzip() async throws {
    try await withServer(serveSources(series: { MetricsTextTests.sample })) { port in
      let headers = ["Accept: application/openmetrics-text", "Accept-Encoding: gzip, deflate"]
      let answer = try await rawGet("/metrics", headers: headers, port: port)
      #expect(answer.headers["content-encoding"] == "gzip")
      #expect(answer.headers["vary"] == "Accept, Accept-Encoding")
      #expect(answer.headers["content-type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8")
      let packed = try Gzip.compress(MetricsText.render(MetricsTextTests.sample, as: .openMetrics))
      #expect(answer.body == packed)
    }
  }

  private enum Nonsense: String, CaseIterable {
    case garbage, brokenHeader, unknownVersion, longPath, longHeader, manyHeaders, invalidPath, hugeLength

    var request: String {
      switch self {
      case .garbage: "\u{0}\u{1}\u{2}garbage\r\n\r\n"
      case .brokenHeader: "GET / HTTP/1.1\r\nHost: x\r\nbroken header\r\n\r\n"
      case .unknownVersion: "GET / HTTP/9.9\r\nHost: x\r\n\r\n"
      case .longPath: "GET /\(String(repeating: "a", count: 100_000)) HTTP/1.1\r\nHost: x\r\n\r\n"
      case .longHeader: "GET / HTTP/1.1\r\nHost: x\r\nX-Long: \(String(repeating: "a", count: 9000))\r\n\r\n"
      case .manyHeaders: "GET / HTTP/1.1\r\nHost: x\r\n" + String(repeating: "X-Many: 1\r\n", count: 200) + "\r\n"
      case .invalidPath: "GET /\u{0} HTTP/1.1\r\nHost: x\r\n\r\n"
      case .hugeLength: "POST /health HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n"
      }
    }
  }

  @Test("what is no HTTP or too long is refused, and the server lives on", arguments: Nonsense.allCases)
  private func hostile(_ nonsense: Nonsense) async throws {
    try await withServer(serveSources()) { port in
      let refusal = try await rawExchange(nonsense.request, port: port)
      #expect(refusal.statusLine == "HTTP/1.1 400 Bad Request")
      let next = try await rawGet("/livez", port: port)
      #expect(next.body.utf8Text == "ok\n")
    }
  }

  @Test("a client that asks without end and takes no answer loses its place", .timeLimit(.minutes(1)))
  func muteClient() async throws {
    let long = servedSeries("odoo_series", [("text", String(repeating: "x", count: 1_000_000))], 1)
    let (requests, asked) = AsyncStream.makeStream(of: Void.self)
    let sources = serveSources {
      asked.yield(); return [long]
    }
    let request = String(repeating: "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n", count: 200)
    try await withStoppableServer(sources, limits: ConnectionLimits(answer: .milliseconds(300))) { port, stop in
      try await withMuteConnection(sending: request, port: port) {
        for await _ in requests { break }
        await stop()
      }
    }
  }

  @Test("a port that is taken is said with address, port and what to do")
  func portTaken() async throws {
    try await withServer(serveSources()) { port in
      let second = webServer(port: port)
      let error = await #expect(throws: ListenError.self) { try await second.run() }
      #expect(
        error?.description
          == "cannot listen on 127.0.0.1:\(port): another program has the port; "
          + "stop it (`ss -ltnp sport = :\(port)` names it) or have Lookout listen on another port")
    }
  }

  @Test("an address that is not this machine's is said")
  func foreignAddress() async throws {
    let server = webServer(host: "192.0.2.1")
    let error = await #expect(throws: ListenError.self) { try await server.run() }
    #expect(error?.description == "cannot listen on 192.0.2.1:0: this machine has no such address; give one that `ip address` shows")
  }

  @Test("a host name that does not resolve is said", arguments: ["", "no such host\u{0}"])
  func unknownHost(_ host: String) async throws {
    let server = webServer(host: host)
    await #expect(throws: ListenError.self) { try await server.run() }
  }
}
