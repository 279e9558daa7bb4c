import Glibc
import Testing

@testable import Lookout

/// A fault of Odoo or PostgreSQL, and what is to be seen of it.
struct FaultCase: Sendable, CustomTestStringConvertible {
  enum Trigger: Sendable {
    case standIn(String, query: String = "")
    case postgresStopped, postgresFrozen
  }

  let name: String
  let trigger: Trigger
  let alert: String
  let component: String
  let check: String
  let reason: String
  let cause: String
  /// Other checks that the fault takes along, with the cause that they name.
  var effects: [String] = []
  /// Whether the check is a probe, and what its `probe_success` says.
  var probeSuccess: Double?
  /// How long after the fault its end may be told: some alerts wait whether it comes back.
  var endsWithin = Duration.seconds(90)

  var testDescription: String { name }

  static let all = [
    FaultCase(
      name: "Odoo is stopped", trigger: .standIn("stopped"), alert: "OdooDown", component: "process", check: "odoo_health",
      reason: "connect", cause: "process", effects: ["page", "dashboard_data"], probeSuccess: 0),
    // Which dashboard is asked then is left to chance, and the others are not: a request that was given up holds the slot.
    FaultCase(
      name: "Odoo hangs", trigger: .standIn("hanging"), alert: "OdooDown", component: "process", check: "odoo_health",
      reason: "timeout", cause: "process", effects: ["page", "login_page"], probeSuccess: 0),
    FaultCase(
      name: "Odoo closes connections without an answer", trigger: .standIn("empty_reply"), alert: "OdooDown", component: "process",
      check: "odoo_health", reason: "empty_reply", cause: "process", effects: ["page", "dashboard_data"], probeSuccess: 0),
    FaultCase(
      name: "the dashboard is slow", trigger: .standIn("slow", query: "?seconds=6"), alert: "DashboardSlow", component: "dashboard",
      check: "dashboard_data", reason: "too_slow", cause: "dashboard", probeSuccess: 1, endsWithin: .seconds(300)),
    FaultCase(
      name: "the dashboard answers 200 with an RPC error", trigger: .standIn("rpc_error"), alert: "DashboardBroken",
      component: "dashboard", check: "dashboard_data", reason: "rpc_error", cause: "dashboard", probeSuccess: 0),
    FaultCase(
      name: "the dashboard answers success with an error inside", trigger: .standIn("data_error"), alert: "DashboardBroken",
      component: "dashboard", check: "dashboard_data", reason: "dashboard_error", cause: "dashboard", probeSuccess: 0),
    FaultCase(
      name: "the dashboard has no figures", trigger: .standIn("empty_kpis"), alert: "DashboardBroken", component: "dashboard",
      check: "dashboard_data", reason: "empty_data", cause: "dashboard", probeSuccess: 0),
    FaultCase(
      name: "the web client's bundle is missing", trigger: .standIn("asset_missing"), alert: "DashboardBroken", component: "page",
      check: "page", reason: "asset_broken", cause: "page", probeSuccess: 0),
    FaultCase(
      name: "PostgreSQL is stopped", trigger: .postgresStopped, alert: "PostgreSQLDown", component: "postgresql", check: "postgresql",
      reason: "database_unreachable", cause: "postgresql", effects: ["page", "dashboard_data"]),
    FaultCase(
      name: "PostgreSQL is frozen", trigger: .postgresFrozen, alert: "PostgreSQLDown", component: "postgresql", check: "postgresql",
      reason: "database_unreachable", cause: "postgresql"),
  ]

  func begin(_ installation: Installation) async throws {
    switch trigger {
    case .standIn(let fault, let query): try await installation.odoo.turnOn(fault, query)
    case .postgresStopped: await installation.cluster.stop(mode: .immediate)
    case .postgresFrozen: installation.cluster.freeze()
    }
  }

  func end(_ installation: Installation) async throws {
    switch trigger {
    case .standIn(let fault, _): try await installation.odoo.turnOff(fault)
    case .postgresStopped: try await installation.cluster.start()
    case .postgresFrozen: installation.cluster.thaw()
    }
  }
}

@Suite(.serialized, .needsProgram, .sharedCluster)
struct FaultTests {
  @Test("a fault shows in /health and /metrics and is told once, and once again when it is over", arguments: FaultCase.all)
  func fault(fault: FaultCase) async throws {
    try await withInstallation { installation in
      try await installation.agent.becomesHealthy()
      try await fault.begin(installation)
      do {
        try await expectSeen(fault, installation)
        try await expectTold(fault, installation)
      } catch {
        try await fault.end(installation)
        throw error
      }
      try await fault.end(installation)
      try await expectOver(fault, installation)
    }
  }

  private func expectSeen(_ fault: FaultCase, _ installation: Installation) async throws {
    // While looks hang, a check may be called out of date before it is known to time out.
    let health = try await eventually("/health says that \(fault.check) fails") {
      let health = try await installation.agent.health()
      return health[fault.check]?.status == "fail" && health[fault.check]?.reason != "not_observed" ? health : nil
    }
    let check = try #require(health[fault.check])
    #expect(health.status == "fail")
    #expect(check.componentType == fault.component)
    #expect(check.reason == fault.reason)
    #expect(check.cause == fault.cause)
    #expect(check.output?.isEmpty == false)
    #expect(try await installation.agent.page("/health").status == 503)
    #expect(try await installation.agent.page("/health/\(fault.component)").status == 503)
    try await expectMetrics(fault, fault.check, installation)
    for effect in fault.effects { try await expectMetrics(fault, effect, installation) }
  }

  private func expectMetrics(_ fault: FaultCase, _ check: String, _ installation: Installation) async throws {
    let isRoot = check == fault.check
    let why = isRoot ? ["check": check, "reason": fault.reason, "cause": fault.cause] : ["check": check, "cause": fault.cause]
    try await eventually("/metrics says that \(check) fails because of \(fault.cause)") {
      let metrics = try await installation.agent.metrics()
      return metrics.value("lookout_check_status", ["check": check]) == 2 && metrics.value("lookout_check_reason_info", why) == 1
    }
    let metrics = try await installation.agent.metrics()
    guard isRoot, let wanted = fault.probeSuccess else { return }
    #expect(metrics.value("probe_success", ["check": check]) == wanted)
  }

  private func expectTold(_ fault: FaultCase, _ installation: Installation) async throws {
    let message = try await installation.message()
    #expect(message.status == "firing" && Set(message.names) == [fault.alert], "\(message.status) \(message.names)")
    let alert = try #require(message.alerts.first { $0.labels["check"] == fault.check })
    #expect(alert.labels["target"] == "crm")
    #expect(alert.labels["component"] == fault.component)
    #expect(alert.labels["check"] == fault.check)
    #expect(alert.annotations["reason"] == fault.reason)
    #expect(alert.annotations["cause"] == fault.cause)
    #expect(alert.annotations["finding"]?.isEmpty == false)
    #expect(alert.annotations["runbook_url"]?.hasSuffix("/runbook#\(fault.alert.lowercased())") == true)
    #expect(Set(alert.labels.keys).isSubset(of: ["alertname", "target", "database", "component", "check", "severity"]))
  }

  /// The end is told, the checks pass, and in the seconds thereafter nothing else is told.
  private func expectOver(_ fault: FaultCase, _ installation: Installation) async throws {
    let message = try await installation.message(after: 1, within: fault.endsWithin)
    #expect(message.status == "resolved" && Set(message.names) == [fault.alert], "\(message.status) \(message.names)")
    #expect(message.alerts.contains { $0.labels["check"] == fault.check })
    try await eventually("all checks but the log pass") {
      try await installation.agent.health().notPassing.allSatisfy { $0.hasPrefix("crm:log") }
    }
    try? await always("no third message", for: .seconds(5)) { try installation.messages.count == 2 }
    let messages = try installation.messages
    let third = messages.dropFirst(2).flatMap(\.alerts).map { "\($0.labels) \($0.annotations)" }
    #expect(messages.map(\.status) == ["firing", "resolved"], "\(third)")
  }
}
