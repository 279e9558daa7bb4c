import PromQL
import Testing

@testable import Lookout

@Suite("The store of series")
struct SeriesStoreTests {
  private let check = CheckID(target: "crm", check: "a")
  private let other = CheckID(target: "crm", check: "b")
  private let gauge = Metric(name: "g", kind: .gauge, help: "")
  private let histogram = Metric(name: "h", kind: .histogram, help: "")

  private func at(_ seconds: Int) -> Timestamp { notifyStart + .seconds(seconds) }

  /// The samples of the metric `name` as `second=value`; `stale` for a marker.
  private func samples(_ store: SeriesStore, _ name: String = "g") -> [String: [String]] {
    let matcher = [name].flatMap { (try? Expression(parsing: $0))?.selectors.first ?? [] }
    let series = store.series(matching: matcher, after: .min, through: .max)
    return Dictionary(
      uniqueKeysWithValues: series.map { series in
        let key = series.labels["l"] ?? ""
        return (
          key,
          series.samples.map { "\(($0.time - notifyStart.milliseconds) / 1000)=\($0.value.isStaleMarker ? "stale" : $0.value.formatted())" }
        )
      })
  }

  private func say(
    _ store: SeriesStore, _ values: [String: Double], at seconds: Int, of owner: CheckID? = nil, for span: Int = 45
  ) {
    let samples = values.map { gauge.sample(["l": $0.key], $0.value) }
    store.replace(samples, of: owner ?? check, at: at(seconds), expiresAt: at(seconds + span))
  }

  @Test("what a check says is there; what it says no more ends with a stale marker, once")
  func replacing() {
    let store = SeriesStore(retention: .seconds(600))
    say(store, ["x": 1, "y": 2], at: 0)
    say(store, ["x": 3], at: 5)
    say(store, ["x": 3], at: 10)
    #expect(samples(store) == ["x": ["0=1", "5=3", "10=3"], "y": ["0=2", "5=stale"]])
    #expect(store.live().map(\.value) == [3])
    say(store, ["x": 3, "y": 4], at: 15)
    #expect(samples(store)["y"] == ["0=2", "5=stale", "15=4"])
    #expect(store.live().count == 2)
  }

  @Test("one check's series are nothing to another's")
  func owners() {
    let store = SeriesStore(retention: .seconds(600))
    say(store, ["x": 1], at: 0)
    say(store, ["y": 1], at: 1, of: other)
    say(store, [:], at: 2)
    #expect(store.live().map { $0.labels["l"] } == ["y"])
  }

  @Test("the tick says every live series again, and no ended one")
  func ticking() {
    let store = SeriesStore(retention: .seconds(600))
    say(store, ["x": 1, "y": 2], at: 0)
    say(store, ["x": 1], at: 5)
    store.tick(at: at(15))
    store.tick(at: at(30))
    #expect(samples(store) == ["x": ["0=1", "5=1", "15=1", "30=1"], "y": ["0=2", "5=stale"]])
  }

  @Test("a series whose check is late ends, and lives again when the check says something")
  func expiring() {
    let store = SeriesStore(retention: .seconds(600))
    say(store, ["x": 1], at: 0)
    for second in [15, 30, 45, 60, 75] { store.tick(at: at(second)) }
    #expect(samples(store)["x"] == ["0=1", "15=1", "30=1", "45=1", "60=stale"])
    #expect(store.live().isEmpty)
    say(store, ["x": 2], at: 80)
    #expect(samples(store)["x"]?.suffix(2) == ["60=stale", "80=2"])
    #expect(store.live().count == 1)
  }

  @Test("an ended series is forgotten when nothing looks back on it, and what is old of a live one too")
  func forgetting() {
    let store = SeriesStore(retention: .seconds(100))
    say(store, ["x": 1, "y": 1], at: 0, for: 1000)
    say(store, ["x": 1], at: 10, for: 1000)
    for second in stride(from: 15, through: 105, by: 15) { store.tick(at: at(second)) }
    #expect(samples(store)["y"] == ["10=stale"])
    store.tick(at: at(110))
    #expect(samples(store)["y"] == nil)
    #expect(samples(store)["x"]?.first == "15=1")
    store.tick(at: at(300))
    #expect(samples(store)["x"] == ["300=1"])
  }

  @Test("series beyond the limit are left out and counted; the known ones go on")
  func limit() {
    let store = SeriesStore(retention: .seconds(100), limit: 2)
    say(store, ["x": 1, "y": 1], at: 0)
    #expect(store.dropped == 0)
    say(store, ["x": 2, "y": 2, "z": 2, "w": 2], at: 5)
    #expect(store.dropped == 2 && store.live().count == 2)
    #expect(samples(store)["x"] == ["0=1", "5=2"])
    say(store, [:], at: 10)
    store.tick(at: at(200))
    say(store, ["z": 3], at: 205)
    #expect(samples(store) == ["z": ["205=3"]])
  }

  @Test("two words at one moment are one sample, the later one's; one of an earlier moment is refused")
  func oneMoment() {
    let store = SeriesStore(retention: .seconds(100))
    say(store, ["x": 1], at: 10)
    say(store, ["x": 2], at: 10)
    store.tick(at: at(10))
    say(store, ["x": 3], at: 5)
    #expect(samples(store)["x"] == ["10=2"] && store.refused == 1)
    say(store, [:], at: 10)
    #expect(samples(store)["x"] == ["10=stale"])
  }

  @Test("a histogram's parts have names of their own")
  func suffixes() throws {
    let store = SeriesStore(retention: .seconds(100))
    let parts = ["_bucket", "_sum", "_count"].map { MetricSample(metric: histogram, suffix: $0, labels: ["l": $0], value: 1) }
    store.replace(parts, of: check, at: at(0), expiresAt: at(45))
    for name in ["h_bucket", "h_sum", "h_count"] { #expect(samples(store, name).count == 1, "\(name)") }
    #expect(samples(store, "h").isEmpty)
  }

  @Test(
    "series are chosen by matchers, with and without a name",
    arguments: [
      ("g", ["x", "y", ""]), ("g{l=\"x\"}", ["x"]), ("g{l!=\"x\"}", ["y", ""]), ("g{l=~\"x|y\"}", ["x", "y"]), ("g{l=\"\"}", [""]),
      ("{l=\"x\"}", ["x", "x"]), ("{__name__=~\"g.*\",l=\"x\"}", ["x", "x"]), ("gg", ["x"]), ("none", []), ("g{l=\"none\"}", []),
      ("{__name__!=\"g\",l=\"x\"}", ["x"]),
    ] as [(String, [String])])
  func matching(selector: String, found: [String]) throws {
    let store = SeriesStore(retention: .seconds(100))
    let second = Metric(name: "gg", kind: .gauge, help: "")
    let all = [gauge.sample(["l": "x"], 1), gauge.sample(["l": "y"], 1), gauge.sample([:], 1), second.sample(["l": "x"], 1)]
    store.replace(all, of: check, at: at(0), expiresAt: at(45))
    let matchers = try #require(try Expression(parsing: selector).selectors.first)
    let series = store.series(matching: matchers, after: .min, through: .max)
    #expect(series.map { $0.labels["l"] ?? "" }.sorted() == found.sorted())
    #expect(store.series(matching: matchers, after: at(0).milliseconds, through: .max).isEmpty)
  }
}
