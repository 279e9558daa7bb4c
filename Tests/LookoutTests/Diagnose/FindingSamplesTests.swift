import Testing

@testable import Lookout

@Suite("What a finding adds to the metrics")
struct FindingSamplesTests {
  private func samples(_ component: Component, _ level: Level, _ reason: Reason?, value: Double? = 1.5, isUnknown: Bool = false) -> [String]
  {
    let observation = Observation(
      check: CheckID(target: "crm", check: "x"), component: component, database: "db", interval: .seconds(15), lifetime: .seconds(45),
      budget: 2, cost: .cheap,
      startedAt: notifyStart, endedAt: notifyStart,
      sight: Sight(seen: .level(.pass), samples: [Metric.probeDuration.sample(["phase": "a"], 3), Metric.postgresSeconds.sample([:], 7)]))
    let verdict = Verdict(level: level, reason: reason, isUnknown: isUnknown, sentence: "", value: value, unit: "s")
    let finding = Finding(
      check: observation.check, component: component, database: "db", verdict: verdict, cause: level == .pass ? nil : .postgresql,
      since: notifyStart, observedAt: notifyStart, freshUntil: notifyStart)
    let all = FindingSamples.samples(observation, finding)
    #expect(all.allSatisfy { $0.labels["target"] == "crm" && $0.labels["check"] == "x" && $0.labels["database"] == "db" })
    return all.map { "\($0.metric.name) \($0.value.formatted() as String)" }
  }

  @Test("status and success of a probe that passes, its duration and budget")
  func pass() {
    let expected = [
      "probe_duration_seconds 3", "lookout_postgres_seconds_total 7", "lookout_check_status 0", "lookout_check_budget_seconds 2",
      "probe_success 1", "lookout_check_duration_seconds 1.5",
    ]
    #expect(samples(.page, .pass, nil) == expected)
  }

  @Test("a failure has no duration, for what was not reached has no sample; a slow answer is right nevertheless")
  func failing() {
    let failed = samples(.page, .fail, .httpStatus)
    #expect(failed.contains("probe_success 0") && failed.contains("lookout_check_reason_info 1"))
    #expect(!failed.contains { $0.hasPrefix("lookout_check_duration_seconds") })
    let slow = samples(.page, .fail, .tooSlow)
    #expect(
      slow.contains("probe_success 1") && slow.contains("lookout_check_duration_seconds 1.5") && slow.contains("lookout_check_status 2"))
  }

  @Test("what is not known has no sample but its status and reason, its budget, and what looking has cost", arguments: Component.allCases)
  func unknown(component: Component) {
    let expected = [
      "lookout_postgres_seconds_total 7", "lookout_check_status 1", "lookout_check_budget_seconds 2", "lookout_check_reason_info 1",
    ]
    #expect(samples(component, .warn, .loginFailed, isUnknown: true) == expected)
  }

  @Test("what is no probe has no success", arguments: [Component.postgresql, .log, .agent])
  func others(component: Component) {
    #expect(!samples(component, .pass, nil).contains { $0.hasPrefix("probe_success") })
  }

  @Test("the login page is a probe", arguments: [(Level.pass, "probe_success 1"), (.fail, "probe_success 0")])
  func loginPage(level: Level, sample: String) {
    #expect(samples(.registry, level, level == .fail ? .databaseSelector : nil).contains(sample))
  }
}
