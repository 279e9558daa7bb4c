import Testing

@testable import OdooLog

@Suite("Looking up a route by its path")
struct RouteIndexTests {
  private static let names = [
    "/web/image", "/my/orders/<id>", "/my/orders", "/shop/<id>/<id>", "/a", "/web/dataset/call_kw/res.users/read", "/s/<id>/x",
    "/report/html",
  ]

  private func table() -> (names: NameTable, index: RouteIndex) {
    var names = NameTable(limit: 50, reserved: RouteTable.reserved)
    for name in Self.names { _ = names.insert(Array(name.utf8)) }
    return (names, RouteIndex(names))
  }

  @Test("finds what the folding would make of the path, or nothing", arguments: 1...300)
  func same(seed: UInt64) {
    var generator = SeededGenerator(state: seed)
    let (names, index) = table()
    let parts = [
      "web", "image", "my", "orders", "17", "1,2-3", "a", "static", "shop", "office-chair-25", "deadbeef01", "", "dataset", "call_kw",
      "res.users",
      "read", "s", "<id>", "x", "assets", "report", "html", "crm", "dashboard", "data", "ü", "a b", String(repeating: "w", count: 41),
      "websocket",
      "health", "content", "webclient", "translations", "kJ3hs8DkQ1mmZpQa", "action", "load",
    ]
    for _ in 0..<300 {
      let count = Int.random(in: 0...9, using: &generator)
      let path = Array((0..<count).map { _ in "/" + (parts.randomElement(using: &generator) ?? "") }.joined().utf8)
      guard let found = index.find(path.span.bytes, 0..<path.count, in: names) else { continue }
      let folded = Route(path).flatMap { names.find($0.name) }
      #expect(found == folded, "\(String(decoding: path, as: UTF8.self)) is \(names.names[found])")
    }
  }

  @Test("finds each name, but that of static files, which no path has", arguments: RouteTable.reserved.dropFirst() + names)
  func all(name: String) {
    let (names, index) = table()
    for path in [name, name.replacing("<id>", with: "4711")] {
      let bytes = Array(path.utf8)
      let found = index.find(bytes.span.bytes, 0..<bytes.count, in: names)
      #expect(found.map { names.names[$0] } == (["/", "/static"].contains(name) ? nil : name))
    }
  }

  @Test("two names with the same hash would not be taken for each other: the name is compared")
  func compares() {
    let (names, index) = table()
    let bytes = Array("/my/orders/17/18".utf8)
    #expect(index.find(bytes.span.bytes, 0..<bytes.count, in: names) == nil)
  }
}
