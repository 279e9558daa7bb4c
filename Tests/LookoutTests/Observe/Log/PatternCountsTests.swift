import Foundation
import OdooLog
import Testing

@testable import Lookout

@Suite("Patterns of one's own")
struct PatternCountsTests {
  private func pattern(
    _ name: String, _ text: String, _ kind: Metric.Kind = .counter, labels: [String] = [], value: String? = nil,
    buckets: [Double] = [1, 10]
  ) -> LogPattern {
    LogPattern(metric: Metric(name: name, kind: kind, help: "h"), text: text, labels: labels, value: value, buckets: buckets)
  }

  private func counted(_ patterns: [LogPattern], _ log: String, from kept: PatternCounts.Kept = [:]) throws -> PatternCounts {
    var counts = try PatternCounts(patterns)
    counts.goOn(with: kept)
    var followed = FollowedLog()
    followed.reader = counts
    var scanner = LogScanner()
    scanner.feed(Array(log.utf8).span, into: &followed)
    followed.settle(at: 0)
    return try #require(followed.reader as? PatternCounts)
  }

  private func samples(_ counts: PatternCounts) -> [String: Double] {
    Dictionary(
      uniqueKeysWithValues: counts.samples.map { sample in
        let labels = sample.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
        return (sample.metric.name + sample.suffix + (labels.isEmpty ? "" : "{\(labels)}"), sample.value)
      })
  }

  private static let log =
    logRecord("payment by acme refused after 0.5 s") + logRecord("payment by acme refused after 7 s")
    + logRecord("payment by emca refused after 70 s") + logRecord("queue length 4") + logRecord("queue length 2")

  @Test("counters, gauges and histograms are fed by the groups of what matches")
  func kinds() throws {
    let text = #"payment by (?P<provider>\w+) refused after (?P<seconds>[0-9.]+) s"#
    let all = samples(
      try counted(
        [
          pattern("refused_total", text, labels: ["provider"]), pattern("lost_seconds_total", text, value: "seconds"),
          pattern("queue", #"queue length (?P<n>\d+)"#, .gauge, value: "n"), pattern("wait_seconds", text, .histogram, value: "seconds"),
          pattern("never_total", "never"),
        ], Self.log))
    #expect(all["refused_total{provider=acme}"] == 2 && all["refused_total{provider=emca}"] == 1)
    #expect(all["lost_seconds_total"] == 77.5 && all["queue"] == 2)
    #expect(all["wait_seconds_bucket{le=1.0}"] == 1 && all["wait_seconds_bucket{le=10.0}"] == 2 && all["wait_seconds_bucket{le=+Inf}"] == 3)
    #expect(all["wait_seconds_sum"] == 77.5 && all["wait_seconds_count"] == 3)
    // A counter is there before its first match.
    #expect(all["never_total"] == 0)
  }

  @Test("they are looked for in whole records: a pattern may stand over several lines, and not over two records")
  func manyLines() throws {
    let log =
      logRecord("bad", "ERROR") + "Traceback (most recent call last):\nKeyError: 'x'\n" + logRecord("bad", "ERROR") + logRecord("KeyError")
    let all = samples(try counted([pattern("a_total", "ERROR.*KeyError"), pattern("b_total", "(?m)^KeyError")], log))
    #expect(all["a_total"] == 1 && all["b_total"] == 1)
  }

  @Test("the series of a pattern are bounded, labels are short and on one line")
  func bounded() throws {
    let log = (0..<300).map { logRecord("who=\($0)") }.joined() + logRecord("who=\(String(repeating: "x", count: 4_000))")
    let all = samples(try counted([pattern("who_total", #"who=(?P<who>\S+)"#, labels: ["who"])], log))
    #expect(all.count == 101 && all["who_total{who=other}"] == 201)
    let long = samples(
      try counted(
        [pattern("who_total", #"(?s)who=(?P<who>.+)"#, labels: ["who"])], logRecord("who=a\nb" + String(repeating: "x", count: 4_000))))
    #expect(long.keys.allSatisfy { !$0.contains("\n") && $0.utf8.count < 200 })
  }

  @Test("what is no number is counted as a failure, and a counter never falls")
  func failures() throws {
    let counts = try counted(
      [pattern("x_total", #"x=(?P<v>\S+)"#, value: "v")], ["1", "abc", "-3", "nan", "inf", "2"].map { logRecord("x=\($0)") }.joined())
    #expect(samples(counts)["x_total"] == 3 && counts.failures == 4)
  }

  @Test("counts go on after a restart, where the pattern still has the same labels and buckets")
  func restart() throws {
    let patterns = [
      pattern("a_total", #"by (?P<provider>\w+)"#, labels: ["provider"]), pattern("h", #"after (?P<s>[\d.]+)"#, .histogram, value: "s"),
    ]
    let kept = try JSONDecoder().decode(PatternCounts.Kept.self, from: JSONEncoder().encode(counted(patterns, Self.log).kept))
    let again = samples(try counted(patterns, Self.log, from: kept))
    #expect(again["a_total{provider=acme}"] == 4 && again["h_count"] == 6 && again["h_bucket{le=10.0}"] == 4)
    let others = [pattern("a_total", "payment"), pattern("h", #"after (?P<s>[\d.]+)"#, .histogram, value: "s", buckets: [5])]
    let fresh = samples(try counted(others, Self.log, from: kept))
    #expect(fresh["a_total"] == 3 && fresh["h_count"] == 3)
  }

  @Test("own redaction is in force for all that is kept of errors and signs")
  func redaction() throws {
    var followed = FollowedLog()
    let own = try OwnRedaction(["ACME[a-z]+", "module x"])
    followed.ownRedaction = { own.redact($0) }
    var scanner = LogScanner()
    let log =
      logRecord("cannot reach ACMEcorp", "ERROR") + logRecord("module x: not installable, skipped", "WARNING", logger: "odoo.modules.graph")
    scanner.feed(Array(log.utf8).span, into: &followed)
    followed.settle(at: 1)
    #expect(followed.errorGroups.groups.first?.message == "cannot reach …" && followed.statistics.lastError?.message == "cannot reach …")
    let texts = followed.signs.texts(of: [.moduleSkipped], within: .max / 2, at: WallClock.now().milliseconds)
    #expect(texts == ["…: not installable, skipped"])
  }
}
