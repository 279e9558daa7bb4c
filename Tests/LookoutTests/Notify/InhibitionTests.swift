import Testing

@testable import Lookout

@Suite("Inhibition")
struct InhibitionTests {
  private static func critical(_ name: String, target: String = "crm", component: String) -> Alert {
    firing(name, target: target, component: component, ["severity": "critical"])
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let alerts: [Alert]
    let muted: Set<String>
  }

  static let cases = [
    Case(testDescription: "nothing mutes a lone alert", alerts: [critical("Slow", component: "dashboard")], muted: []),
    Case(
      testDescription: "the deeper component mutes the one above",
      alerts: [critical("Slow", component: "dashboard"), critical("Full", component: "workers")], muted: ["Slow"]),
    Case(
      testDescription: "only the deepest of a chain is told",
      alerts: [
        critical("Slow", component: "dashboard"), critical("Full", component: "workers"), critical("Down", component: "postgresql"),
      ],
      muted: ["Slow", "Full"]),
    Case(
      testDescription: "another target's trouble mutes nothing",
      alerts: [critical("Slow", component: "dashboard"), critical("Full", target: "shop", component: "workers")], muted: []),
    Case(
      testDescription: "alerts of one component do not mute each other",
      alerts: [critical("Slow", component: "workers"), critical("Full", component: "workers")], muted: []),
    Case(
      testDescription: "unrelated components do not mute each other",
      alerts: [critical("Slow", component: "dashboard"), critical("Late", component: "backup")], muted: []),
    Case(
      testDescription: "an alert that has ended mutes nothing",
      alerts: [critical("Slow", component: "dashboard"), critical("Full", component: "workers").ended(at: notifyStart)], muted: []),
    Case(
      testDescription: "an alert without a component is not muted",
      alerts: [firing("Odd"), critical("Down", component: "postgresql")], muted: []),
    Case(
      testDescription: "a warning mutes nothing",
      alerts: [critical("Slow", component: "dashboard"), firing("Full", component: "workers", ["severity": "warning"])], muted: []),
    Case(
      testDescription: "a critical alert mutes a warning",
      alerts: [firing("Slow", component: "dashboard", ["severity": "warning"]), critical("Full", component: "workers")], muted: ["Slow"]),
  ]

  @Test("goes along the graph of components", arguments: cases)
  func alongTheGraph(_ given: Case) throws {
    let muted = try NotificationPlan.shipped().inhibitRules.inhibited(by: given.alerts)
    #expect(Set(given.alerts.filter { muted.contains($0.fingerprint) }.map(\.name)) == given.muted)
  }

  @Test("of an alert that matches both sides takes one that is a source alone")
  func bothSides() {
    let rules = [InhibitRule(source: ["severity": ["critical"]], target: ["alertname": ["A", "B"]], equal: ["target"])]
    let a = firing("A", ["severity": "critical"])
    let b = firing("B", ["severity": "critical"])
    #expect(rules.inhibited(by: [a]) == [])
    #expect(rules.inhibited(by: [a, b]) == [])
    #expect(rules.inhibited(by: [a, b, firing("C", ["severity": "critical"])]) == [a.fingerprint, b.fingerprint])
    let plain = firing("B", ["severity": "warning"])
    #expect(rules.inhibited(by: [a, plain]) == [plain.fingerprint])
  }

  @Test("holds an absent label equal to an empty one")
  func absentLabels() {
    let rules = [InhibitRule(source: { $0["alertname"] == "S" }, target: { $0["alertname"] == "T" }, equal: ["database"])]
    let target = firing("T", ["database": ""])
    #expect(rules.inhibited(by: [firing("S"), target]) == [target.fingerprint])
    #expect(rules.inhibited(by: [firing("S", ["database": "crm"]), target]) == [])
  }

  @Test("as shipped is what the graph of components says, for every pair of components", arguments: Component.allCases)
  func shipped(target: Component) throws {
    let rules = try NotificationPlan.shipped().inhibitRules
    #expect(!rules.isEmpty)
    for source in Component.allCases {
      for severity in ["critical", "warning", "info"] {
        let cause = firing("Cause", component: source.rawValue, ["severity": severity])
        let effect = firing("Effect", component: target.rawValue, ["severity": "critical"])
        let isExpected = severity == "critical" && ComponentGraph.reaches(target).contains(source)
        let muted = rules.inhibited(by: [cause, effect])
        #expect(muted.contains(effect.fingerprint) == isExpected, "\(target) while \(source) is \(severity)")
        #expect(rules.inhibited(by: [firing("Cause", target: "shop", component: source.rawValue, ["severity": severity]), effect]).isEmpty)
      }
    }
  }
}
