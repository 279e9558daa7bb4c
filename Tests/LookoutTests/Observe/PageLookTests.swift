import Synchronization
import Testing

@testable import Lookout

@Suite("The look at a page", .timeLimit(.minutes(1)))
struct PageLookTests {
  @Test(
    "the bundles that a real page names", .needsCaptures,
    arguments: [
      ("patched-10-web-authed", ["web.assets_web.min.css", "web.assets_web.min.js"]),
      ("patched-04-login-page", ["web.assets_frontend.min.css", "web.assets_frontend_minimal.min.js", "web.assets_frontend_lazy.min.js"]),
      ("patched-50-404", ["web.assets_frontend.min.css", "web.assets_frontend_minimal.min.js", "web.assets_frontend_lazy.min.js"]),
      ("f-dbdown-data-session", []), ("patched-01-health", []),
    ] as [(String, [String])])
  func captured(name: String, bundles: [String]) throws {
    let found = PageLook.bundles(in: try OdooCapture.exchange(name).body)
    #expect(found.compactMap { $0.split(separator: "/").last.map(String.init) } == bundles)
    #expect(found.allSatisfy { $0.hasPrefix("/web/assets/") })
  }

  @Test(
    "of a hostile page only paths are taken, each once, and not many",
    arguments: [
      ("", []), ("\"/web/assets/", []), ("\"/web/assets/a", []), ("\"/web/assets/a\"\"/web/assets/a\"", ["/web/assets/a"]),
      ("\"/web/assets/a b\"", []), ("\"/web/assets/<script>\"", []), ("\"/web/assets/a\r\nX: y\"", []), ("\"/web/assets/\u{0}\"", []),
      ("\"/web/assets/ü\"", []), ("'/web/assets/a'", []), ("\"http://evil/web/assets/a\"", []),
      ("\"/web/assets/\(String(repeating: "a", count: 600))\"", []),
      ("\"/web/assets/\"/web/assets/b\"", ["/web/assets/", "/web/assets/b"]),
      ((0..<50).map { "\"/web/assets/\($0)\"" }.joined(), (0..<8).map { "/web/assets/\($0)" }),
    ] as [(String, [String])])
  func hostile(page: String, bundles: [String]) {
    #expect(PageLook.bundles(in: Array(page.utf8)) == bundles)
  }

  @Test("a page of nothing but beginnings is read in time")
  func manyBeginnings() {
    let page = Array(String(repeating: "\"/web/assets/", count: 20_000).utf8)
    let elapsed = ContinuousClock().measure { #expect(PageLook.bundles(in: page).count <= 8) }
    #expect(elapsed < .seconds(10))
  }

  private static let page = #"<link href="/web/assets/1/a.css"/><script src="/web/assets/2/b.js"></script>"#

  /// Looks at a page whose bundles have ETags; returns what was asked of it.
  private final class Site: Sendable {
    let asked = Mutex<[HTTPRequest]>([])
    let tag = Board("\"one\"")

    func perform(_ request: HTTPRequest) -> HTTPExchange {
      asked.withLock { $0.append(request) }
      if request.url.hasSuffix("/authenticate") { return .made(200, #"{"result": {"uid": 1}}"#, cookie: "session_id=s") }
      if request.url.hasSuffix("/web?lookout") { return .made(200, PageLookTests.page, type: "text/html; charset=utf-8", seconds: 0.25) }
      let known = request.headers.first { $0.name == "If-None-Match" }?.value
      if known == tag.latest { return .made(304, "", type: "text/css", etag: tag.latest) }
      return .made(
        200, "body { }", type: "text/css", etag: tag.latest, seconds: request.url.hasSuffix(".js") ? 0.5 : 0.125, url: request.url)
    }

    func tagsAsked(of bundle: String) -> [String?] {
      asked.withLock { $0.filter { $0.url == "http://crm:1\(bundle)" }.map { $0.headers.first { $0.name == "If-None-Match" }?.value } }
    }
  }

  private func look(_ site: Site) throws -> PageLook {
    let url = try WebAddress("http://crm:1/")
    let odoo = Configuration.Odoo(url: url, database: "crm", login: "l", password: .text("p"))
    let session = SessionKeeper(
      odoo, timeout: .seconds(1), refusal: nil, now: { notifyStart }, remember: { _ in }, perform: { site.perform($0) })
    return PageLook(url: url, timeout: .seconds(1), session: session) { site.perform($0) }
  }

  @Test("the page, then its bundles; the second time they are asked for with their ETag, and anew when it changed")
  func etags() async throws {
    let site = Site()
    let look = try look(site)
    guard case .page(let page, let assets) = await look.look().seen else { throw SocketError(call: "look") }
    #expect(page.status == 200 && assets.map(\.status) == [200, 200])
    #expect(assets.map(\.url) == ["http://crm:1/web/assets/1/a.css", "http://crm:1/web/assets/2/b.js"])
    guard case .page(_, let again) = await look.look().seen else { throw SocketError(call: "look") }
    #expect(again.map(\.status) == [304, 304])
    site.tag.post("\"two\"")
    guard case .page(_, let changed) = await look.look().seen else { throw SocketError(call: "look") }
    #expect(changed.map(\.status) == [200, 200])
    _ = await look.look()
    #expect(site.tagsAsked(of: "/web/assets/1/a.css") == [nil, "\"one\"", "\"one\"", "\"two\""])
  }

  @Test("the figures: how long page and slowest bundle took together, how many bytes and bundles")
  func samples() async throws {
    let samples = try await look(Site()).look().samples
    func value(_ metric: Metric) -> Double? { samples.first { $0.metric == metric }?.value }
    #expect(value(.probeDuration) == 0.75)
    #expect(samples.count { $0.metric == .probeDuration } == 1)
    #expect(value(.pageAssets) == 2)
    #expect(value(.pageBytes) == Double(Self.page.utf8.count + 16))
    #expect(value(.probeStatusCode) == 200)
  }

  @Test("without a session there is no page to look at, and the trouble is what was seen")
  func noSession() async throws {
    let odoo = Configuration.Odoo(url: try WebAddress("http://crm"), database: "crm", login: "l", password: .text("p"))
    let refused = HTTPExchange.unanswered(.connect, "refused")
    let session = SessionKeeper(
      odoo, timeout: .seconds(1), refusal: nil, now: { notifyStart }, remember: { _ in }, perform: { _ in refused })
    let sight = await PageLook(url: odoo.url, timeout: .seconds(1), session: session) { _ in refused }.look()
    guard case .session(let state) = sight.seen else { throw SocketError(call: "look") }
    #expect(state.trouble?.reason == .connect && sight.samples.isEmpty)
  }
}
