import Testing

@testable import OdooLog

@Suite struct RouteTests {
  private func fold(_ path: String) -> String? { Route(Array(path.utf8)).map { String(decoding: $0.name, as: UTF8.self) } }

  @Test(
    "paths that differ by a record, a file or a version have one route",
    arguments: [
      ("/", "/"), ("/web", "/web"), ("/web/", "/web"), ("//web//login", "/web/login"), ("/crm/dashboard/data", "/crm/dashboard/data"),
      ("/web/assets/129da5f/web.assets_web.min.js", "/web/assets"), ("/web/assets", "/web/assets"), ("/web/assetsx", "/web/assetsx"),
      ("/web/image/res.partner/12/avatar_128", "/web/image"),
      ("/web/content/33-abc/file name.pdf".replacing(" ", with: "%20"), "/web/content"),
      ("/web/webclient/load_menus/fb546b2213525fc9dea1dad81dcc51f6c2f69d95556acb55f079d4825c75bff6", "/web/webclient/load_menus"),
      ("/web/webclient/translations/d5eec6c3d84add9bd488b998645eb3dcfd68b673", "/web/webclient/translations"),
      ("/web/static/src/libs/fontawesome/fonts/fontawesome-webfont.woff2", "/static"), ("/crm/static/a/b/c/d/e/f/g/h/i/j.png", "/static"),
      ("/static", "/static"), ("/web/static", "/web/static"),
      ("/web/dataset/call_kw/res.users/create", "/web/dataset/call_kw/res.users/create"),
      ("/web/dataset/call_button/crm.lead/action_set_won", "/web/dataset/call_button/crm.lead/action_set_won"),
      ("/web/dataset/call_kw", "/web/dataset/call_kw"), ("/web/dataset/call_kw/a/b/c", "/web/dataset/call_kw"),
      ("/web/dataset/call_kw/res.users/<script>", "/web/dataset/call_kw"),
      ("/my/orders/12", "/my/orders/<id>"), ("/shop/office-chair-25", "/shop/<id>"), ("/report/download", "/report/download"),
      ("/report/pdf/sale.report_saleorder/1,2,3", "/report/pdf"), ("/mail/thread/1,2-3", "/mail/thread/<id>"),
      ("/s/550e8400-e29b-41d4-a716-446655440000", "/s/<id>"), ("/s/deadbeef01", "/s/<id>"), ("/s/kJ3hs8DkQ1mmZpQa", "/s/<id>"),
      ("/über/uns", "/über/uns"), ("/xmlrpc/2/common", "/xmlrpc/<id>/common"),
    ])
  func folds(path: String, route: String) {
    #expect(fold(path) == route)
  }

  @Test("a route that has its place is one that paths fold to", arguments: RouteTable.reserved.dropFirst())
  func reserved(route: String) {
    #expect(fold(route.replacing("<id>", with: "2")) == route)
  }

  @Test(
    "hostile paths have no route",
    arguments: [
      "", "web", "*", "http://elsewhere/web", "/a b", "/a\u{7F}", "/a\u{0}", "/a\u{85}b", "/a/b/c/d/e/f/g/h/i",
      "/" + String(repeating: "a/", count: 5_000),
      "/" + Array(repeating: String(repeating: "w", count: 39), count: 4).joined(separator: "/"),
    ])
  func hostile(path: String) {
    #expect(fold(path) == nil)
  }

  @Test("invalid UTF-8 has no route")
  func invalid() {
    #expect(Route(Array("/a".utf8) + [0xFF, 0xC0]) == nil)
  }

  @Test("a hundred thousand paths stay within the limit, and known routes keep their place")
  func explosion() {
    var log = ""
    for number in 0..<100_000 { log += access("/p\(number)x/\(number % 7)y?\(number)") }
    log += access("/crm/dashboard/data", method: "POST")
    let routes = withStatistics(of: log).routes
    #expect(routes.count == 102)
    #expect(routes["other"]?.requests == 99_900)
    #expect(routes["/crm/dashboard/data"]?.requests == 1)
    #expect(routes.values.map(\.requests).reduce(0, +) == 100_001)
  }

  @Test("models and methods take half of the routes at most")
  func calls() {
    var log = ""
    for number in 0..<1_000 { log += access("/web/dataset/call_kw/model\(number % 100)/method", method: "POST") }
    log += access("/somewhere/else")
    let routes = withStatistics(of: log).routes
    #expect(routes.count == 52)
    #expect(routes["/web/dataset/call_kw"]?.requests == 500)
    #expect(routes["/somewhere/else"]?.requests == 1)
  }

  @Test("a path that was never found has no route of its own, a route that is lost keeps its own")
  func notFound() {
    let log =
      access("/lost", status: 404) + access("/lost") + access("/lost", status: 404) + access("/never", status: 404) + access("/other")
    let routes = withStatistics(of: log).routes
    #expect(routes["/lost"]?.requests == 2)
    #expect(routes["/never"] == nil)
    #expect(routes["other"]?.requests == 2)
  }
}
