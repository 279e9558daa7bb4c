import PromQL
import Testing

@testable import Lookout

/// Rules over a real store, to which they write.
private struct Recording {
  let store = SeriesStore(retention: .seconds(3600))
  let evaluator: Evaluator
  var active: [TrackedAlert] = []

  init(_ rules: String) throws {
    evaluator = Evaluator(rules: try RuleSet.load("groups:\n\(rules)", file: "x.yml"))
  }

  func see(_ metric: String, _ values: [String: Double], at seconds: Int64) {
    let metric = Metric(name: metric, kind: .gauge, help: "")
    let samples = values.map { metric.sample(["job": $0.key], $0.value) }
    store.replace(samples, of: CheckID(target: "crm", check: metric.name), at: .seconds(seconds), expiresAt: .seconds(seconds + 3600))
  }

  @discardableResult
  mutating func evaluate(at seconds: Int64, groups: [RuleGroup]? = nil) -> Evaluation {
    let store = store
    let evaluation = evaluator.evaluate(
      groups, earlier: active, at: .seconds(seconds), over: store,
      in: Evaluator.Surroundings(record: { store.record($1, of: $0.key, at: $2) }, latest: store.latest))
    active = evaluation.active
    return evaluation
  }

  func ask(_ query: String, at seconds: Int64) throws -> [String: Double] {
    guard case .vector(let elements) = try Expression(parsing: query).evaluate(at: seconds * 1000, over: store).value else { return [:] }
    return Dictionary(uniqueKeysWithValues: elements.map { ($0.labels.description, $0.value) })
  }
}

@Suite struct RecordingRuleTests {
  @Test("what a rule records is read by the rules after it, at the same moment, and is not among the series of /metrics")
  func records() throws {
    var recording = try Recording(
      """
      - name: g
        rules:
        - {record: "job:up:sum", expr: sum by (job) (up), labels: {team: crm, job: ""}}
        - {record: twice, expr: "2 * job:up:sum"}
        - {alert: High, expr: twice > 5}
      """)
    recording.see("up", ["a": 3], at: 0)
    #expect(recording.evaluate(at: 0).alerts.map(\.value) == [6])
    #expect(try recording.ask("{__name__=~\"job:.*|twice\"}", at: 0) == ["job:up:sum{team=\"crm\"}": 3, "twice{team=\"crm\"}": 6])
    #expect(recording.store.live().map(\.metric.name) == ["up"])
  }

  @Test("a recorded series ends when its rule makes it no more, and is not said again between two evaluations")
  func ends() throws {
    var recording = try Recording("- {name: g, rules: [{record: r, expr: up > 1}]}")
    recording.see("up", ["a": 3, "b": 2], at: 0)
    recording.evaluate(at: 0)
    recording.see("up", ["a": 3, "b": 1], at: 15)
    recording.store.tick(at: .seconds(15))
    recording.evaluate(at: 30)
    #expect(try recording.ask("r", at: 30) == ["r{job=\"a\"}": 3])
    #expect(try recording.ask("count_over_time(r[1m])", at: 30) == ["{job=\"a\"}": 2, "{job=\"b\"}": 1])
    recording.store.keepRules([], at: .seconds(31))
    #expect(try recording.ask("r", at: 31) == [:])
  }

  @Test("alerts are series: their state, and since when they hold")
  func alertSeries() throws {
    var recording = try Recording("- {name: g, rules: [{alert: A, expr: up == 0, for: 30s, labels: {severity: x}}]}")
    recording.see("up", ["a": 0], at: 0)
    recording.evaluate(at: 7)
    #expect(
      try recording.ask("{__name__=~\"ALERTS.*\"}", at: 7) == [
        "ALERTS{alertname=\"A\", alertstate=\"pending\", job=\"a\", severity=\"x\"}": 1,
        "ALERTS_FOR_STATE{alertname=\"A\", job=\"a\", severity=\"x\"}": 7,
      ])
    recording.evaluate(at: 40)
    #expect(
      try recording.ask("ALERTS", at: 40) == ["ALERTS{alertname=\"A\", alertstate=\"firing\", job=\"a\", severity=\"x\"}": 1])
    recording.see("up", ["a": 1], at: 50)
    recording.evaluate(at: 50)
    #expect(try recording.ask("{__name__=~\"ALERTS.*\"}", at: 50) == [:])
  }

  @Test("a group with an offset looks back by it, and dates what it records")
  func offset() throws {
    var recording = try Recording("- {name: g, query_offset: 1m, rules: [{record: r, expr: up}, {alert: A, expr: up == 1}]}")
    recording.see("up", ["a": 1], at: 0)
    recording.see("up", ["a": 2], at: 60)
    #expect(recording.evaluate(at: 90).alerts.map(\.activeAt) == [.seconds(90)])
    #expect(try recording.ask("timestamp(r) * 1000 + r", at: 90) == ["{job=\"a\"}": 30_001])
  }

  @Test("two elements that would be one series, and more than the limit, are errors of the rule; what it made before stays")
  func refusals() throws {
    var recording = try Recording("- {name: g, limit: 1, rules: [{record: r, expr: up, labels: {job: x}}, {record: s, expr: up}]}")
    recording.see("up", ["a": 1], at: 0)
    #expect(recording.evaluate(at: 0).failures == [])
    recording.see("up", ["a": 1, "b": 2], at: 15)
    #expect(
      recording.evaluate(at: 15).failures.map(\.message) == [
        "vector contains metrics with the same labelset after applying rule labels", "exceeded limit of 1 with 2 series",
      ])
    #expect(try recording.ask("r or s", at: 15).count == 2)
  }

  @Test("a rule cannot write over what a check says, nor into the past")
  func foreign() throws {
    var recording = try Recording("- {name: g, rules: [{record: up, expr: 'up * 7'}, {record: r, expr: up}]}")
    recording.see("up", ["a": 1], at: 0)
    recording.evaluate(at: 30)
    recording.evaluate(at: 15)
    #expect(try recording.ask("up", at: 30) == ["up{job=\"a\"}": 1])
    #expect(recording.store.refused == 3)
  }

  @Test("what reads a recorded series is evaluated with what it is made of")
  func reading() throws {
    let set = try RuleSet.load(
      """
      groups:
      - {name: c, rules: [{alert: C, expr: "ALERTS{alertname='B'}"}]}
      - {name: a, rules: [{record: r, expr: up}]}
      - {name: b, rules: [{alert: B, expr: r}]}
      - {name: d, rules: [{alert: D, expr: down}]}
      """, file: "x.yml")
    #expect(set.groups(reading: ["up"]).map(\.name) == ["a", "b", "c"])
    #expect(set.groups(reading: ["down"]).map(\.name) == ["d", "c"])
    #expect(set.inOrder.map(\.name) == ["a", "b", "d", "c"] && set.groups.map(\.name) == ["c", "a", "b", "d"])
  }

  @Test("one step tells all that follows from a change, wherever the groups stand in the files")
  func oneStep() throws {
    var recording = try Recording(
      """
      - {name: c, rules: [{alert: C, expr: "ALERTS{alertname='B'}"}]}
      - {name: b, rules: [{alert: B, expr: r == 0}]}
      - {name: a, rules: [{record: r, expr: up}]}
      """)
    recording.see("up", ["a": 0], at: 0)
    #expect(recording.evaluate(at: 0).alerts.map(\.name) == ["B", "C"])
  }

  @Test("queries of templates are answered at the moment of the evaluation")
  func templateQueries() throws {
    var recording = try Recording(
      """
      - name: g
        rules:
        - alert: A
          expr: up == 0
          annotations: {others: '{{ range query "sort_desc(up > 0)" }}{{ .Labels.job }}={{ .Value }} {{ end }}', bad: '{{ query "up[" }}'}
      """)
    recording.see("up", ["a": 0, "b": 1, "c": 2], at: 0)
    let annotations = try #require(recording.evaluate(at: 0).alerts.first?.annotations)
    #expect(annotations["others"] == "c=2 b=1 ")
    #expect(annotations["bad"]?.hasPrefix("<error expanding template: error executing template __alert_A: template: __alert_A:1:") == true)
  }
}

@Suite struct RestorationTests {
  /// A `for`, when it began, when it was last seen and when the agent is back, in seconds; and when the alert is then to have begun.
  @Test(
    "a pending alert goes on after a restart as Prometheus lets it",
    arguments: [
      // What was missed does not count.
      (3600, 0, 600, 900, 300), (60, 0, 30, 40, 10), (600, 0, 300, 310, 310 + 600 - 600),
      // Over before the agent ended: at once.
      (3600, 0, 3600, 3700, 0), (60, 0, 60, 100, 0),
      // Nearly over: at least ten minutes are left.
      (3600, 0, 3500, 3600, 600),
      // After more than an hour it begins anew.
      (7200, 0, 600, 4201, 4201),
    ] as [(Int64, Int64, Int64, Int64, Int64)])
  func restores(hold: Int64, began: Int64, lastSeen: Int64, now: Int64, expected: Int64) {
    let restored = Restoration.activeAt(.seconds(began), lastSeen: .seconds(lastSeen), hold: .seconds(hold), now: .seconds(now))
    #expect(restored == .seconds(expected))
  }

  @Test("the moment at which an alert was last seen is found in its own series; without it the outage counts")
  func fromSeries() throws {
    var recording = try Recording("- {name: g, rules: [{alert: A, expr: up == 0, for: 1h}]}")
    recording.see("up", ["a": 0], at: 0)
    recording.evaluate(at: 0)
    recording.see("up", ["a": 0], at: 600)
    recording.evaluate(at: 600)
    recording.see("up", ["a": 0], at: 900)
    recording.active = recording.active.map(\.restored)
    #expect(recording.evaluate(at: 900).alerts.map(\.activeAt) == [.seconds(300)])
    #expect(recording.evaluate(at: 915).alerts.map(\.activeAt) == [.seconds(300)])
    var forgetful = try Recording("- {name: g, rules: [{alert: A, expr: up == 0, for: 1h}]}")
    forgetful.active = recording.active.map(\.restored)
    forgetful.see("up", ["a": 0], at: 900)
    #expect(forgetful.evaluate(at: 930).alerts.map(\.activeAt) == [.seconds(300)])
  }
}
