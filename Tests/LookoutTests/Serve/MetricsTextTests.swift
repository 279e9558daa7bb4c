import Testing

@testable import Lookout

@Suite struct MetricsTextTests {
  static let sample = [
    servedSeries("pg_up", .gauge, help: "Whether PostgreSQL answers.", [("server", "db:5432")], 1),
    servedSeries("odoo_requests_total", .counter, help: "Requests by \"route\".", [("route", "/web"), ("code", "200")], 12),
    servedSeries("odoo_seconds", .histogram, help: "Time\nto answer \\.", suffix: "_count", [("route", "b")], 3),
    servedSeries("odoo_seconds", .histogram, suffix: "_bucket", [("le", "+Inf"), ("route", "b")], 3),
    servedSeries("odoo_requests_total", .counter, [("code", "200"), ("route", "/crm")], 7.5),
    servedSeries("odoo_seconds", .histogram, suffix: "_bucket", [("le", "10.0"), ("route", "b")], 2),
    servedSeries("odoo_seconds", .histogram, suffix: "_sum", [("route", "b")], 4.25),
    servedSeries("odoo_seconds", .histogram, suffix: "_bucket", [("le", "2.5"), ("route", "b")], 1),
    servedSeries("odoo_seconds", .histogram, suffix: "_bucket", [("le", "+Inf"), ("route", "a")], 0),
    servedSeries("odoo_seconds", .histogram, suffix: "_sum", [("route", "a")], 0),
    servedSeries("odoo_seconds", .histogram, suffix: "_count", [("route", "a")], 0),
    servedSeries("pg_stat_xact_commit", .unknown, help: "Commits.", [], .infinity),
  ]

  @Test("text format 0.0.4: families together, sorted, histograms in the order of their bounds")
  func text() {
    let expected = #"""
      # HELP odoo_requests_total Requests by "route".
      # TYPE odoo_requests_total counter
      odoo_requests_total{code="200",route="/crm"} 7.5
      odoo_requests_total{code="200",route="/web"} 12
      # HELP odoo_seconds Time\nto answer \\.
      # TYPE odoo_seconds histogram
      odoo_seconds_bucket{route="a",le="+Inf"} 0
      odoo_seconds_sum{route="a"} 0
      odoo_seconds_count{route="a"} 0
      odoo_seconds_bucket{route="b",le="2.5"} 1
      odoo_seconds_bucket{route="b",le="10.0"} 2
      odoo_seconds_bucket{route="b",le="+Inf"} 3
      odoo_seconds_sum{route="b"} 4.25
      odoo_seconds_count{route="b"} 3
      # HELP pg_stat_xact_commit Commits.
      # TYPE pg_stat_xact_commit untyped
      pg_stat_xact_commit +Inf
      # HELP pg_up Whether PostgreSQL answers.
      # TYPE pg_up gauge
      pg_up{server="db:5432"} 1

      """#
    #expect(MetricsText.render(Self.sample, as: .text).utf8Text == expected)
  }

  @Test("OpenMetrics: counters named without _total, unknown for untyped, quotes in help escaped, the end marked")
  func openMetrics() {
    let text = MetricsText.render(Self.sample, as: .openMetrics).utf8Text
    #expect(text.contains("# HELP odoo_requests Requests by \\\"route\\\".\n# TYPE odoo_requests counter\nodoo_requests_total{"))
    #expect(text.contains("# TYPE pg_stat_xact_commit unknown\n"))
    #expect(text.hasSuffix("} 1\n# EOF\n"))
    let odd = MetricsText.render([servedSeries("odoo_commits", .counter, [], 1)], as: .openMetrics).utf8Text
    #expect(odd.contains("# TYPE odoo_commits unknown\nodoo_commits 1\n"))
  }

  @Test("nothing to show is an empty text, and in OpenMetrics its end")
  func empty() {
    #expect(MetricsText.render([], as: .text).isEmpty)
    #expect(MetricsText.render([], as: .openMetrics).utf8Text == "# EOF\n")
  }

  @Test("hostile label values stay within their quotes")
  func escaping() {
    let hostile = "a\"} 1\nevil{x=\"\\\u{0}\r\u{1}é🛑"
    let text = MetricsText.render([servedSeries("m", [("a", hostile), ("b", "c")], -0.5)], as: .text).utf8Text
    #expect(text.hasSuffix("m{a=\"a\\\"} 1\\nevil{x=\\\"\\\\\u{0}\r\u{1}é🛑\",b=\"c\"} -0.5\n"))
    #expect(text.utf8.filter { $0 == UInt8(ascii: "\n") }.count == 3)
  }

  @Test("names that would spoil the scrape, and series that are none of their family, are left out")
  func badNames() {
    let bad = [
      servedSeries("bad name", [], 1), servedSeries("9m", [], 1), servedSeries("", [], 1), servedSeries("é", [], 1),
      servedSeries("m", [("a-b", "c")], 1),
      servedSeries("m", [("a:b", "c")], 1), servedSeries("m", suffix: "_other", [], 1), servedSeries("h", .histogram, [], 1),
      servedSeries("h", .histogram, suffix: "_bucket", [], 1),
    ]
    #expect(MetricsText.render(bad, as: .text).isEmpty)
    #expect(
      MetricsText.render(bad + [servedSeries("job:m:rate5m", [("_a1", "b")], 1)], as: .text).utf8Text.hasSuffix(
        "\njob:m:rate5m{_a1=\"b\"} 1\n"))
  }

  @Test("promtool finds nothing wrong with the text", .enabled(if: promtoolOfPeers != nil, "no promtool under PEERS"))
  func lint() async throws {
    let program = try #require(promtoolOfPeers)
    let clean = Self.sample + [servedSeries("odoo_info", [("text", "a\"} 1\nb\\")], 1)]
    let checked = try await runProgram(program, ["check", "metrics"], input: MetricsText.render(clean, as: .text))
    #expect(checked.status == 0, "\(checked.output.utf8Text)")
  }

  @Test("promtool would see a mistake", .enabled(if: promtoolOfPeers != nil, "no promtool under PEERS"))
  func lintCanFail() async throws {
    let program = try #require(promtoolOfPeers)
    #expect(try await runProgram(program, ["check", "metrics"], input: Array("# TYPE a gauge\na{ 1\n".utf8)).status != 0)
  }
}
