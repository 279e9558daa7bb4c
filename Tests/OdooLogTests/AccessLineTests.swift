import Testing

@testable import OdooLog

@Suite struct AccessLineTests {
  private func read(_ message: String) -> AccessLine.Reading { AccessLine.read(Array(message.utf8).span, message: 0) }

  private func request(_ message: String) -> AccessLine? {
    if case .access(let line) = read(message) { line } else { nil }
  }

  private let start = "127.0.0.1 - - [22/Nov/2026 13:09:09] "

  @Test("a line of werkzeug gives every field")
  func werkzeug() throws {
    let message = start + "\"POST /crm/dashboard/data?a=\"b c\" HTTP/1.1\" 200 - 135 0.052 0.040"
    let line = try #require(request(message))
    #expect(line.method == .post)
    #expect(String(decoding: Array(message.utf8)[line.path], as: UTF8.self) == "/crm/dashboard/data?a=\"b c\"")
    #expect(String(decoding: Array(message.utf8)[line.client], as: UTF8.self) == "127.0.0.1")
    #expect(line.status == 200)
    #expect(line.size == nil)
    #expect(line.cost == RequestCost(duration: 92_000, sql: 52_000, python: 40_000, queries: 135))
  }

  @Test("a line of gevent gives size and duration")
  func gevent() throws {
    let line = try #require(request("127.0.0.1 - - [2026-11-22 13:22:02] \"GET /websocket/health HTTP/1.1\" 200 184 0.012478 "))
    #expect(line.size == 184)
    #expect(line.cost == RequestCost(duration: 12_478, sql: 0, python: 0, queries: 0))
  }

  @Test("what was not measured has no cost", arguments: ["200 - - - -", "200 - ", "200 -", "200 184 -", "200 184 - "])
  func unmeasured(tail: String) throws {
    let line = try #require(request(start + "\"GET / HTTP/1.0\" " + tail))
    #expect(line.cost == nil)
    #expect(line.status == 200)
  }

  @Test("Odoo 18 tells besides whether the request read only", arguments: ["ro", "rw", "ro->rw", "-"])
  func cursorMode(mode: String) throws {
    for end in ["", " "] {
      let line = try #require(request(start + "\"GET / HTTP/1.1\" 200 - 7 0.004 0.012 \(mode)\(end)"))
      #expect(line.cost == RequestCost(duration: 16_000, sql: 4_000, python: 12_000, queries: 7))
    }
    #expect(request(start + "\"GET / HTTP/1.1\" 200 - - - - -")?.status == 200)
    #expect(read(start + "\"GET / HTTP/1.1\" 200 - 7 0.004 0.012 \(mode)x") == .malformed)
  }

  @Test("a request that gevent sent no status for has status 0")
  func noStatus() throws {
    let line = try #require(request("127.0.0.1 - - [2026-11-22 13:22:02] \"GET /websocket HTTP/1.1\" 000 - 0.012478"))
    #expect(line.status == 0 && line.size == nil && line.cost?.duration == 12_478)
  }

  @Test("a duration below zero is zero")
  func negative() throws {
    let line = try #require(request(start + "\"GET / HTTP/1.0\" 200 - 1 0.002 -0.001"))
    #expect(line.cost == RequestCost(duration: 2_000, sql: 2_000, python: 0, queries: 1))
  }

  @Test("each method is known, others are other", arguments: HTTPMethod.allCases)
  func methods(method: HTTPMethod) {
    #expect(request(start + "\"\(method) / HTTP/1.1\" 200 - 1 0.1 0.1")?.method == method)
    #expect(request(start + "\"\(method)X / HTTP/1.1\" 200 - 1 0.1 0.1")?.method == .other)
  }

  @Test(
    "what starts as an access line and goes on otherwise is malformed",
    arguments: [
      "\"", "\"GET", "\"GET /\" 200 - 1 0.1 0.1", "\"GET / HTTP/1.1\"", "\"GET / HTTP/1.1\" ", "\"GET / HTTP/1.1\" 99 - 1 0.1 0.1",
      "\"GET / HTTP/1.1\" 600 - 1 0.1 0.1", "\"GET / HTTP/1.1\" 0200 - 1 0.1 0.1", "\"GET / HTTP/1.1\" 200",
      "\"GET / HTTP/1.1\" 200 x 1 0.1 0.1",
      "\"GET / HTTP/1.1\" 200 - 1 0.1", "\"GET / HTTP/1.1\" 200 - 1 0.1 0.1 7", "\"GET / HTTP/1.1\" 200 - 1 0. 0.1",
      "\"GET  HTTP/1.1\" 200 - 1 0.1 0.1",
      "\"\u{16}\u{3}\u{1}\" 400 - 0 0.000 0.001", "\"GET / HTTP/1.1\" 200 - 1 9999999999.0 0.1",
      "\"GET / HTTP/1.1\" 200 - 9999999999999999999999999999 0.1 0.1",
    ])
  func malformed(rest: String) {
    #expect(read(start + rest) == .malformed)
  }

  @Test(
    "other messages of the logger are not access lines",
    arguments: [
      "", " * Running on http://127.0.0.1:8069", "Error on request:",
      "127.0.0.1 - - [22/Nov/2026 13:09:09] code 400, message Bad request syntax",
      "127.0.0.1 - -", "127.0.0.1 - - [", "127.0.0.1 - admin [22/Nov/2026 13:09:09] \"GET / HTTP/1.1\" 200 - 1 0.1 0.1",
    ])
  func others(message: String) {
    #expect(read(message) == .other)
  }

  @Test("a message that starts beyond the line is no access line")
  func beyond() {
    #expect(AccessLine.read([1, 2, 3].span, message: 4) == .other)
    #expect(AccessLine.read([1, 2, 3].span, message: .max) == .other)
    #expect(AccessLine.read([1, 2, 3].span, message: -4) == .other)
  }
}
