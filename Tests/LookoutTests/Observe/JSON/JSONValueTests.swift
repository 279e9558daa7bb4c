import Testing

@testable import Lookout

@Suite("JSON")
struct JSONValueTests {
  private func value(_ text: String) -> JSONValue? { JSONValue(Array(text.utf8)) }

  @Test(
    "every kind of value",
    arguments: [
      ("null", .null), (" true ", .bool(true)), ("false", .bool(false)), ("-1.5e2", .number(-150)), ("0", .number(0)),
      ("1e999", .number(.infinity)), (#""a\n\"\\\/\u00e9\ud83d\ude00""#, .text("a\n\"\\/é😀")), (#""\ud83d!""#, .text("\u{fffd}!")),
      ("[]", .list([])), ("[1, [2]]", .list([.number(1), .list([.number(2)])])), ("{}", .object([:])),
      (#"{"a": 1, "b": {"c": null}}"#, .object(["a": .number(1), "b": .object(["c": .null])])),
      (#"{"a": 1, "a": 2}"#, .object(["a": .number(2)])),
    ] as [(String, JSONValue)])
  func kinds(text: String, expected: JSONValue) {
    #expect(value(text) == expected)
  }

  @Test(
    "what is none is nil, and nothing crashes",
    arguments: [
      "", "{", "[1,]", "[1 2]", "{\"a\"}", "{\"a\":}", "{a: 1}", "\"", "\"\\x\"", "\"\\u12\"", "\"\n\"", "tru", "+1", ".5", "--1", "1 1",
      "nan", "{\"a\": 1", String(repeating: "[", count: 1_000_000), String(repeating: "1", count: 10_000),
    ])
  func none(text: String) {
    #expect(value(text) == nil)
  }

  @Test("JSON that is not UTF-8 is none")
  func invalidUTF8() {
    #expect(JSONValue([0x22, 0xff, 0x22]) == nil)
  }

  @Test("as deep as the limit, and no deeper")
  func depth() {
    func nested(_ depth: Int) -> String { String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
    #expect(value(nested(JSONReader.depthLimit)) != nil && value(nested(JSONReader.depthLimit + 1)) == nil)
  }
}

@Suite("Demands on JSON")
struct JSONDemandTests {
  private static let data = JSONValue(
    Array(
      #"{"kpis": {"total_leads": 25, "rate": 12.5, "none": null}, "labels": ["CRM a", "b"], "sign": "$", "on": true, "a b": {"x.y": 1}}"#
        .utf8))

  @Test(
    "outcome",
    arguments: [
      ("kpis.total_leads", .met), ("$.kpis.total_leads", .met), ("kpis.total", .missing), ("kpis.none", .missing),
      ("kpis.none == null", .met),
      ("kpis.total_leads > 0", .met), ("kpis.total_leads>25", .unmet), ("kpis.total_leads >= 25", .met), ("kpis.total_leads != 25", .unmet),
      ("kpis.rate < 12.6", .met), ("kpis.total_leads <= 24", .unmet), ("kpis.total_leads == 25", .met), ("labels >= 2", .met),
      ("kpis == 3", .met), ("labels[1] == \"b\"", .met), ("labels[2]", .missing), ("labels[0] =~ \"^CRM\"", .met),
      ("sign =~ \"x\"", .unmet),
      ("on == true", .met), ("on != true", .unmet), ("sign > 1", .unmet), ("kpis.total? == 0", .met), ("kpis.total_leads? == 0", .unmet),
      ("[\"a b\"]['x.y'] == 1", .met), ("$[\"a b\"]", .met), ("on =~ \"true\"", .unmet),
    ] as [(String, JSONDemand.Outcome)])
  func outcome(text: String, outcome: JSONDemand.Outcome) throws {
    #expect(try JSONDemand(text).outcome(on: try #require(Self.data)) == outcome)
  }

  @Test(
    "what is no demand is refused",
    arguments: [
      "", "> 1", "a >", "a > x", "a > \"x\"", "a =~ 1", "a =~ \"(\"", "a..b", "a[", "a[x]", "a[-1]", "a b", "a == [1]", "a < true", "a['x]",
      "a['",
    ])
  func mistakes(text: String) {
    #expect(throws: JSONDemand.Mistake.self) { try JSONDemand(text) }
  }
}
