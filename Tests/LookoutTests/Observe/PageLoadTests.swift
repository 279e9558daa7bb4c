import OdooStandIn
import Testing

@testable import Lookout

@Suite("The load of a page", .timeLimit(.minutes(1)))
struct PageLoadTests {
  private func look(_ odoo: OdooAtHand, at now: Board<Timestamp> = Board(notifyStart), code: [String] = ["crm_executive_dashboard"])
    -> PageLoadLook
  {
    PageLoadLook(
      url: odoo.url, timeout: .seconds(10), code: code, coldInterval: .seconds(3600), now: { now.latest }, session: odoo.session()
    ) { await odoo.client.perform($0) }
  }

  private func seen(_ look: PageLoadLook) async throws -> PageLoadSight {
    guard case .pageLoad(let sight) = await look.look().seen else { throw SocketError(call: "look") }
    return sight
  }

  @Test("a first visit fetches everything, a later one what no browser keeps, and after an hour all again")
  func visits() async throws {
    try await withOdooStandIn { odoo in
      let now = Board(notifyStart)
      let look = look(odoo, at: now)
      let first = try await seen(look)
      let cold = try #require(first.cold)
      let warm = try #require(first.warm)
      #expect(cold.all.count >= 6 && cold.bytes > 4_800_000 && cold.broken.isEmpty && first.missingCode.isEmpty)
      #expect(warm.all.count < cold.all.count && warm.bytes < 50_000)
      #expect(cold.criticalPath <= cold.seconds + 0.05 && cold.all.contains { $0.url.contains("/load_menus/") })
      now.post(notifyStart + .seconds(300))
      let second = try await seen(look)
      #expect(second.cold == nil && second.warm?.broken.isEmpty == true)
      now.post(notifyStart + .seconds(3600))
      #expect(try await seen(look).cold != nil)
    }
  }

  @Test("figures and verdict")
  func figures() async throws {
    try await withOdooStandIn { odoo in
      let sight = await look(odoo).look()
      let loads = sight.samples.filter { $0.metric == .pageLoad }.map { $0.labels["load"] ?? "" }
      #expect(loads == ["cold", "warm"] && sight.retryAfter == nil)
      guard case .pageLoad(let seen) = sight.seen else { return }
      #expect(PageLoadJudgement.verdict(on: seen, budget: 60).level == .pass)
      let slow = PageLoadJudgement.verdict(on: seen, budget: 0.000_1)
      #expect(slow.reason == .tooSlow && slow.evidence.contains { $0.name == "slowest" && $0.value.contains(" s") })
    }
  }

  @Test("code that no script has is missed, and soon looked for again")
  func missingCode() async throws {
    try await withOdooStandIn { odoo in
      let sight = await look(odoo, code: ["crm_executive_dashboard", "no_such_module"]).look()
      guard case .pageLoad(let seen) = sight.seen else { return }
      let verdict = PageLoadJudgement.verdict(on: seen, budget: 60)
      #expect(verdict.level == .fail && verdict.reason == .assetBroken && verdict.sentence.contains("no_such_module"))
      #expect(sight.retryAfter == .seconds(15))
    }
  }

  @Test("a broken bundle is told by the page's own check, a missing font hurts nobody much, missing menus stop everybody")
  func broken() throws {
    let page = HTTPExchange.made(200, "<html>", type: "text/html")
    func verdict(_ url: String) -> Verdict {
      let gone = HTTPExchange.made(404, "x", type: "text/html", url: url)
      return PageLoadJudgement.verdict(on: PageLoadSight(cold: PageLoad(page: page, assets: [gone], seconds: 1)), budget: 3)
    }
    #expect(verdict("http://crm/web/assets/1/a.js").isUnknown && verdict("http://crm/web/webclient/load_menus/1").level == .fail)
    let font = verdict("http://crm/web/static/a.woff2?v=1")
    #expect(font.level == .warn && !font.isRight && font.sentence.contains("a.woff2 "))
  }

  @Test("what a page of Odoo names", .needsCaptures)
  func captured() throws {
    let assets = PageParts.assets(in: try OdooCapture.exchange("patched-10-web-authed").body)
    let names = assets.map { String($0.prefix { $0 != "?" }.split(separator: "/").last ?? "") }
    #expect(
      names.prefix(5) == ["favicon.ico", "manifest.webmanifest", "odoo-icon-ios.png", "web.assets_web.min.css", "web.assets_web.min.js"])
    #expect(
      assets.contains { $0.hasPrefix("/web/webclient/load_menus/") } && assets.contains { $0.hasPrefix("/web/webclient/translations/") })
  }

  @Test(
    "tags",
    arguments: [
      ("<script src='/a.js'></script><script>if (a<b) '<img src=\"/no.png\">'</script><img src=\"/b.png\">", ["/a.js", "/b.png"]),
      ("<!-- <img src=\"/no.png\"> --><LINK REL=\"stylesheet\" href=\"/c.css\"/>", []),
      ("<link rel=\"stylesheet\" href=\"/c.css\"/>", ["/c.css"]),
      ("<link rel=\"canonical\" href=\"/d\"/><img src=\"//elsewhere/e.png\"/><img src=\"https://x/e.png\"/>", []),
      ("<img src=\"/a b\"/><img src=\"/a?x=1&amp;y=2#z\"/><img src=\"/a?x=1&amp;y=2\"/>", ["/a?x=1&y=2"]), ("<img src=", []),
      ("<script", []), ("<", []),
      ("<img src=\"/\n\"/>", []),
    ] as [(String, [String])])
  func tags(page: String, assets: [String]) {
    #expect(PageParts.assets(in: Array(page.utf8)) == assets)
  }

  @Test("fonts of a stylesheet, where they lie beside it")
  func fonts() {
    let style =
      "@font-face{src:url('../fonts/x.woff2?v=4') format(\"woff2\"),url(/y.woff)} a{background:url(data:x)} @font-face{src:url(/z.woff2)}"
    #expect(PageParts.fonts(in: Array(style.utf8), of: "/web/static/css/a.css") == ["/web/static/fonts/x.woff2?v=4", "/z.woff2"])
    #expect(
      PageParts.fonts(in: Array("url(".utf8), of: "/") == []
        && PageParts.fonts(in: Array("url(../../../a.woff2)".utf8), of: "/b") == ["/a.woff2"])
  }

  @Test("a huge page costs no more than its limit")
  func huge() {
    let page = (0..<100_000).map { "<img src=\"/p\($0).png\"/>" }.joined()
    #expect(PageParts.assets(in: Array(page.utf8)).count == PageParts.limit)
  }
}
