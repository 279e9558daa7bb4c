import Testing

@testable import Lookout

@Suite("The histogram of a check")
struct LatencyHistogramTests {
  @Test("a time at a budget is within it, each bucket holds those below, and all is counted")
  func buckets() {
    let histogram = LatencyHistogram()
    for seconds in [0.05, 1, 1.001, 2, 3, 5, 5.001, 60] { _ = histogram.observe(seconds) }
    let samples = histogram.observe(0.05)
    func bucket(_ bound: String) -> Double? { samples.first { $0.labels["le"] == bound }?.value }
    #expect(["0.1", "1", "2", "3", "5", "30", "+Inf"].map(bucket) == [2, 3, 5, 6, 7, 8, 9])
    #expect(samples.first { $0.suffix == "_count" }?.value == 9 && samples.first { $0.suffix == "_sum" }?.value ?? 0 > 77)
  }

  @Test("looks that measure no time are not counted, and labels of a target come to all samples")
  func looks() async {
    let id = CheckID(target: "crm", check: "a")
    let unmeasured = Check(id: id, component: .page, interval: .seconds(15)) { Sight(seen: .agent(AgentSight())) }
    #expect(await unmeasured.counted(in: LatencyHistogram()).look().samples.isEmpty)
    let measured = unmeasured.looking { Sight(seen: .agent(AgentSight()), samples: [Metric.probeDuration.sample([:], 0.2)]) }
    let sight = await measured.counted(in: LatencyHistogram()).labelled(["region": "north"]).look()
    #expect(sight.samples.filter { $0.metric == .probeHistogram }.count == LatencyHistogram.bounds.count + 3)
    #expect(sight.labels == ["region": "north"])
  }
}
