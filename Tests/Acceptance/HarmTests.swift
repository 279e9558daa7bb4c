import Foundation
import Glibc
import Subprocess
import Testing

@testable import Lookout

/// Nothing that the agent looks at can hold it up or bring it down.
@Suite(.serialized, .needsProgram, .sharedCluster)
struct HarmTests {
  struct HostileAnswer: Sendable, CustomTestStringConvertible {
    let fault: String
    let reason: String
    var testDescription: String { fault }

    static let all = [
      HostileAnswer(fault: "huge", reason: "too_large"), HostileAnswer(fault: "zero_bytes", reason: "not_json"),
      HostileAnswer(fault: "invalid_utf8", reason: "not_json"), HostileAnswer(fault: "endless_headers", reason: "too_large"),
      HostileAnswer(fault: "html_200", reason: "content_type"), HostileAnswer(fault: "not_json", reason: "not_json"),
      HostileAnswer(fault: "empty_reply?route=/crm/dashboard", reason: "empty_reply"),
      HostileAnswer(fault: "hanging?route=/crm/dashboard", reason: "timeout"),
      HostileAnswer(fault: "http_500", reason: "http_status"), HostileAnswer(fault: "not_success", reason: "dashboard_error"),
      HostileAnswer(fault: "access_denied", reason: "access_denied"),
    ]
  }

  @Test("a hostile answer costs a finding, delays no other check and does not fill the memory", arguments: HostileAnswer.all)
  func hostileAnswer(answer: HostileAnswer) async throws {
    // A request that hangs keeps its worker, so that there must be more of them than requests hang within the test.
    try await withInstallation(Settings(workers: 20)) { installation in
      try await installation.agent.becomesHealthy()
      try await installation.odoo.turnOn(answer.fault)
      let check = try await eventually("dashboard_data fails") {
        let check = try await installation.agent.health()["dashboard_data"]
        return check?.status == "fail" ? check : nil
      }
      #expect(check.reason == answer.reason)
      #expect(check.cause == "dashboard")
      try await expectRhythm(of: "odoo_health", installation.agent)
      try await expectRhythm(of: "postgresql", installation.agent)
      let resident = try #require(installation.agent.program).residentBytes
      #expect(resident > 0 && resident < 200 << 20)
      let struck = try await installation.agent.health().checks.filter { $0.value.contains { $0.status != "pass" } }
      #expect(struck.allSatisfy { $0.value.allSatisfy { ["dashboard", "export", "log"].contains($0.componentType) } })
    }
  }

  @Test("a database that hangs costs a finding and delays no look at Odoo")
  func hangingDatabase() async throws {
    try await withInstallation { installation in
      try await installation.agent.becomesHealthy()
      installation.cluster.freeze()
      defer { installation.cluster.thaw() }
      try await eventually("postgresql fails") {
        try await installation.agent.health()["postgresql"]?.reason == "database_unreachable"
      }
      try await expectRhythm(of: "odoo_health", installation.agent)
      try await expectRhythm(of: "dashboard_data", installation.agent)
    }
  }

  @Test("a name server that never answers for Odoo costs a finding and delays no look at PostgreSQL", .needsMuteNameServer)
  func muteNameServerForOdoo() async throws {
    let settings = Settings(
      odooURL: "http://odoo.invalid-test.example:8069", wrapper: MuteNameServer.wrapper, files: MuteNameServer.files)
    try await MuteNameServer.with {
      try await withInstallation(settings) { installation in
        try await eventually("odoo_health fails") { try await installation.agent.health()["odoo_health"]?.reason == "dns" }
        try await expectRhythm(of: "postgresql", installation.agent)
        try await expectRhythm(of: "agent", installation.agent)
        #expect(try await installation.agent.health()["postgresql"]?.status == "pass")
        let alert = try #require(try await installation.message().alerts.first)
        #expect(alert.labels["alertname"] == "OdooDown")
        #expect(alert.annotations["reason"] == "dns")
        try await expectEnd(of: installation.agent, on: SIGTERM)
      }
    }
  }

  @Test("a name server that never answers for PostgreSQL costs a finding and delays no look at Odoo", .needsMuteNameServer)
  func muteNameServerForPostgreSQL() async throws {
    let settings = Settings(
      postgresHost: "postgres.invalid-test.example", wrapper: MuteNameServer.wrapper, files: MuteNameServer.files)
    try await MuteNameServer.with {
      try await withInstallation(settings) { installation in
        let check = try await eventually("postgresql fails") {
          let check = try await installation.agent.health()["postgresql"]
          return check?.status == "fail" ? check : nil
        }
        #expect(check.reason == "database_unreachable")
        #expect(check.output?.contains("name server") == true)
        try await expectRhythm(of: "odoo_health", installation.agent)
        try await expectRhythm(of: "dashboard_data", installation.agent)
        try await expectEnd(of: installation.agent, on: SIGTERM)
      }
    }
  }
}

/// A check that is looked at every second goes on being looked at: within 8 s it is seen at 4 moments at least.
func expectRhythm(of check: String, _ agent: AgentProcess) async throws {
  var moments: Set<String> = []
  try await eventually("\(check) keeps being looked at", within: .seconds(8)) {
    if let time = try await agent.health()[check]?.time { moments.insert(time) }
    return moments.count >= 4
  }
}

/// The agent ends by itself within 2 s (and what a busy machine adds), with success.
func expectEnd(of agent: AgentProcess, on signal: CInt) async throws {
  let program = try #require(agent.program)
  let start = ContinuousClock.now
  program.signal(signal)
  let end = try await program.wait(within: .seconds(10))
  #expect("\(end)" == "exited(0)")
  #expect(ContinuousClock.now - start < .seconds(2))
}

/// A name server that takes every question and never answers, for the agent alone: in a mount namespace of its own.
enum MuteNameServer {
  private static let address = "127.0.0.77"
  static let files = ["resolv.conf": "nameserver \(address)\n"]
  static let wrapper = ["unshare", "--mount", "sh", "-c", #"mount --bind resolv.conf /etc/resolv.conf && exec "$@""#, "sh"]

  static func with(_ body: () async throws -> Void) async throws {
    let mute = try Socket.make(SOCK_DGRAM)
    defer { close(mute) }
    try Socket.bind(mute, host: address, port: 53)
    try await body()
  }

  static func isPossible() async -> Bool {
    guard geteuid() == 0 else { return false }
    let program = ["unshare", "--mount", "sh", "-c", "mount --bind /dev/null /etc/resolv.conf"]
    return (try? await run(program, in: FileManager.default.temporaryDirectory.path).status.isSuccess) == true
  }
}

extension Trait where Self == ConditionTrait {
  static var needsMuteNameServer: Self {
    .enabled("a name server of the agent's own needs root and mount namespaces") { await MuteNameServer.isPossible() }
  }
}
