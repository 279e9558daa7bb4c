import Testing

@testable import Lookout

@Suite("The page that probes")
struct ProbePageTests {
  private func page(_ flaw: ProbeOutcome.Flaw? = nil, asked: Board<[String]> = Board([])) throws -> ProbePage {
    let document = try #require(try YAMLNode.document("modules: {web: {prober: http, timeout: 3s}, http_2xx: {prober: http}}", file: "b"))
    let allowed = try YAMLNode.document("'https://[a-z]+\\.example\\.com/.*'", file: "l").map { node in
      try ProbePattern(node, failsOnMatch: false, anchored: true)
    }
    return ProbePage(modules: try ProbeModule.modules(document, Directory(of: "b")), targets: [allowed].compactMap(\.self)) {
      _, address, timeout in
      asked.update { $0.append("\(address) \(timeout.inSeconds.formatted() as String)") }
      return ProbeOutcome(flaw: flaw, seconds: 0.25, samples: [Metric.probeStatusCode.sample([:], 200)])
    }
  }

  @Test(
    "what is allowed is probed, and nothing else",
    arguments: [
      ("target=https://shop.example.com/x&module=web", 200), ("target=https%3A%2F%2Fshop.example.com%2Fx%3Fa%3D1", 200), ("", 400),
      ("target=", 400),
      ("target=https://shop.example.com/&module=none", 400), ("target=https://evil.org/", 403), ("target=http://127.0.0.1:5432", 403),
      ("target=https://shop.example.com.evil.org/x", 403), ("target=x%0ahttps://shop.example.com/", 403), ("target=%zz%&module", 400),
    ] as [(String, Int)])
  func allowed(query: String, status: Int) async throws {
    let asked = Board<[String]>([])
    let reply = try await page(asked: asked).reply(to: query, scrapeTimeout: nil, accept: nil)
    #expect(reply.status == status && asked.latest.count == (status == 200 ? 1 : 0))
  }

  @Test("the answer is blackbox_exporter's")
  func answer() async throws {
    let text = String(
      decoding: try await page().reply(to: "target=https://a.example.com/", scrapeTimeout: nil, accept: nil).body, as: UTF8.self)
    #expect(
      text.contains("\nprobe_success 1\n") && text.contains("\nprobe_duration_seconds 0.25\n")
        && text.contains("\nprobe_http_status_code 200\n"))
    let flaw = ProbeOutcome.Flaw(reason: .httpStatus, sentence: "x")
    let failed = String(
      decoding: try await page(flaw).reply(to: "target=https://a.example.com/", scrapeTimeout: nil, accept: nil).body, as: UTF8.self)
    #expect(failed.contains("\nprobe_success 0\n"))
  }

  @Test(
    "the shorter of the module's time-out and the scrape's counts",
    arguments: [(nil, "3"), ("2", "1.5"), ("60", "3"), ("nan", "3"), ("0.1", "3"), ("x", "3")] as [(String?, String)])
  func timeout(given: String?, seconds: String) async throws {
    let asked = Board<[String]>([])
    _ = try await page(asked: asked).reply(to: "target=https://a.example.com/&module=web", scrapeTimeout: given, accept: nil)
    #expect(asked.latest == ["https://a.example.com/ \(seconds)"])
  }
}
