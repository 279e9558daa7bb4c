import PromQL
import Testing

@Suite("labels and matchers")
struct LabelTests {
  @Test("labels are sorted by bytes, each name once, none empty")
  func order() {
    let labels = Labels([
      (name: "b", value: "1"), (name: "a", value: ""), (name: "Z", value: "2"), (name: "b", value: "3"), (name: "é", value: "4"),
    ])
    #expect(labels.pairs.map(\.name) == ["Z", "b", "é"])
    #expect(labels["b"] == "3")
    #expect(labels["a"] == nil)
  }

  @Test("values that only look the same are different labels")
  func canonicalEquivalence() {
    let composed: Labels = ["a": "\u{E9}"]
    let decomposed: Labels = ["a": "e\u{301}"]
    #expect(composed != decomposed)
    #expect(Set([composed, decomposed]).count == 2)
    #expect((["\u{E9}": "1", "e\u{301}": "2"] as Labels).pairs.count == 2)
  }

  @Test("a label set to nothing is removed")
  func setting() {
    let labels: Labels = ["__name__": "up", "job": "odoo"]
    #expect(labels.setting("job", to: "") == ["__name__": "up"])
    #expect(labels.removing("__name__").setting("a", to: "1") == ["a": "1", "job": "odoo"])
  }

  @Test(
    "labels print in Prometheus' form",
    arguments: [
      (["__name__": "up", "job": "odoo", "a": "x\"y\n"], #"up{a="x\"y\n", job="odoo"}"#), (["__name__": "up"], "up"), ([:], "{}"),
      (["__name__": "a.b", "c.d": "é"], #"{__name__="a.b", "c.d"="é"}"#),
    ] as [(Labels, String)])
  func description(_ labels: Labels, _ text: String) {
    #expect(labels.description == text)
  }

  @Test("a missing label matches as an empty one, expressions match the whole value, a dot any line feed")
  func matching() throws {
    let labels: Labels = ["job": "odoo\nlog"]
    #expect(try LabelMatcher("none", .equal, "").matches(labels))
    #expect(try LabelMatcher("job", .matches, "odoo.log").matches(labels))
    #expect(try !LabelMatcher("job", .matches, "odoo").matches(labels))
    #expect(try LabelMatcher("job", .matchesNot, "odoo").matches(labels))
    #expect(try LabelMatcher("none", .matches, "|x").matches(labels))
    #expect(throws: (any Error).self) { try LabelMatcher("job", .matches, "a(") }
  }

  @Test("a pattern that is not anchored matches anywhere, and says what is wrong with it")
  func patterns() throws {
    #expect(try Pattern("o+", anchored: false).matches("odoo"))
    #expect(try !Pattern("o+", anchored: true).matches("odoo"))
    #expect(try Pattern("a\0b", anchored: true).matches("a\0b"))
    #expect(try Pattern("", anchored: true).matches(""))
    let error = #expect(throws: PatternError.self) { try Pattern("a(", anchored: false) }
    #expect(error?.description == "error parsing regexp: missing ): a(")
  }
}

@Suite("durations and numbers")
struct NotationTests {
  @Test(
    "durations are read as Prometheus reads them",
    arguments: [
      ("5m", 300_000), ("1h30m", 5_400_000), ("100ms", 100), ("0", 0), ("1y", 31_536_000_000), ("1w2d3h4m5s6ms", 788_645_006),
      ("007s", 7000),
      ("", nil), ("5", nil), ("m", nil), ("1m1h", nil), ("1m1m", nil), ("-1m", nil), ("1.5h", nil), ("5M", nil), ("300y", nil),
      ("99999999999999999999s", nil), ("9223372036854775807w", nil), ("5 m", nil),
    ] as [(String, Int64?)])
  func reading(_ text: String, _ milliseconds: Int64?) {
    #expect(parsePrometheusDuration(text) == milliseconds)
  }

  @Test(
    "durations print with the largest units",
    arguments: [(0, "0s"), (90_000, "1m30s"), (604_800_000, "1w"), (691_200_000, "8d"), (1, "1ms"), (-300_000, "-5m")] as [(Int64, String)])
  func printing(_ milliseconds: Int64, _ text: String) {
    #expect(formatPrometheusDuration(milliseconds: milliseconds) == text)
  }

  @Test(
    "values print as Go prints them in the text format",
    arguments: [
      (0, "0"), (-0.0, "-0"), (1, "1"), (100_000, "100000"), (1_000_000, "1e+06"), (1_234_567, "1.234567e+06"), (0.0001, "0.0001"),
      (0.00001, "1e-05"), (1.5, "1.5"), (-12.25, "-12.25"), (1e21, "1e+21"), (1e100, "1e+100"), (.leastNonzeroMagnitude, "5e-324"),
      (0.1 + 0.2, "0.30000000000000004"),
      (123456.789, "123456.789"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"), (.staleMarker, "NaN"),
    ] as [(Double, String)])
  func values(_ value: Double, _ text: String) {
    #expect(formatPrometheusValue(value) == text)
  }

  @Test("only the one NaN is the stale marker")
  func staleMarker() {
    #expect(Double.staleMarker.isStaleMarker && Double.staleMarker.isNaN)
    #expect(!Double.nan.isStaleMarker)
  }
}
