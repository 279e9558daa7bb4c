import Testing

@testable import Lookout

func observed(
  _ check: String, _ component: Component, _ seen: Seen, at start: Timestamp, until end: Timestamp? = nil, target: String = "crm",
  cost: Check.Cost = .cheap, samples: [MetricSample] = []
) -> Observation {
  Observation(
    check: CheckID(target: target, check: check), component: component, database: nil, interval: .seconds(15), lifetime: .seconds(45),
    budget: nil, cost: cost,
    startedAt: start, endedAt: end ?? start, sight: Sight(seen: seen, samples: samples))
}

extension WorkerSlot {
  static let test = WorkerSlot(odoo: "http://127.0.0.1:8069", share: 0.04, longestRequest: .seconds(120))
}

extension Seen {
  /// A sight with that verdict, for whatever component.
  static func level(_ level: Level, _ reason: Reason = .httpStatus) -> Seen {
    switch level {
    case .pass: .session(SessionState())
    case .warn: .session(SessionState(isAdministrator: true))
    case .fail: .session(SessionState(trouble: SessionTrouble(reason: reason, message: "made")))
    }
  }
}

/// A diagnosis of an Odoo with seven checks, with time and observations by hand.
struct DiagnosisScene {
  static let components: [String: Component] = [
    "health": .process, "session": .session, "page": .page, "dashboard": .dashboard, "postgresql": .postgresql, "log": .log,
    "agent": .agent,
  ]

  var diagnosis: Diagnosis
  var now = notifyStart
  let targets: [String]
  /// All that was said, in order: `page fail postgresql`.
  private(set) var said: [String] = []

  init(targets: [String] = ["crm"]) {
    self.targets = targets
    diagnosis = Diagnosis(checks: targets.flatMap(Self.rows))
    for target in targets { for name in Self.components.keys.sorted() { see(name, .pass, target: target) } }
    said = []
  }

  static func rows(of target: String) -> [CheckRow] {
    components.sorted { $0.key < $1.key }.map { name, component in
      let isDashboard = name == "dashboard"
      return CheckRow(
        id: CheckID(target: target, check: name), component: component, cost: cost(name), database: nil,
        interval: .seconds(isDashboard ? 60 : 15), timeout: .seconds(isDashboard ? 60 : 10), budget: isDashboard ? 2 : nil,
        route: isDashboard ? "/crm/dashboard/data" : nil)
    }
  }

  static func cost(_ check: String) -> Check.Cost { check == "dashboard" ? .costly(.test) : .cheap }

  @discardableResult
  mutating func see(
    _ check: String, _ level: Level, _ reason: Reason = .httpStatus, startedAt: Timestamp? = nil, target: String = "crm"
  ) -> Diagnosis.Step {
    let observation = observed(
      check, Self.components[check] ?? .agent, .level(level, reason), at: startedAt ?? now, until: now, target: target,
      cost: Self.cost(check))
    return note(diagnosis.take(observation, at: now))
  }

  @discardableResult
  mutating func expire() -> Diagnosis.Step { note(diagnosis.expire(at: now)) }

  mutating func wait(_ span: Duration) { now = now + span }

  private mutating func note(_ step: Diagnosis.Step) -> Diagnosis.Step {
    said += step.published.map(\.1.inShort).sorted()
    return step
  }

  /// How the checks stand, failing and warning ones: `page fail postgresql`.
  var standing: [String] { diagnosis.findings.filter { $0.level != .pass }.map(\.inShort).sorted() }
}

extension Finding {
  var inShort: String {
    let target = check.target == "crm" ? "" : check.target + "/"
    return target + ([check.check, level.word] + (cause.map { [$0.rawValue] } ?? [])).joined(separator: " ")
  }
}

extension Diagnosis.Step {
  /// Whom to look at and when, after `now`: `session +0`.
  func wished(after now: Timestamp) -> [String] {
    wishes.map { "\($0.check.check) +\(($0.at - now).milliseconds)" }.sorted()
  }

  var said: [String] { published.map(\.1.inShort).sorted() }
}
