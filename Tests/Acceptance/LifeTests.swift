import Foundation
import Glibc
import Testing

@testable import Lookout

/// The agent lives on: over reloads, beside another agent, without a disk, and whatever the clock says.
@Suite(.serialized, .needsProgram, .sharedCluster)
struct LifeTests {
  private func reload(_ installation: Installation, expecting success: Bool) async throws {
    let before = try await installation.agent.metrics().value("lookout_config_last_reload_success_timestamp_seconds") ?? 0
    installation.agent.signal(SIGHUP)
    try await eventually("the reload \(success ? "succeeds" : "fails")") {
      let metrics = try await installation.agent.metrics()
      let isNewer = metrics.value("lookout_config_last_reload_success_timestamp_seconds") ?? 0 > before
      return metrics.value("lookout_config_last_reload_successful") == (success ? 1 : 0) && isNewer == success
    }
  }

  @Test("a reload keeps sessions, counts and alerts of what did not change: nothing is told again, no login is made")
  func reloadKeeps() async throws {
    try await withInstallation { installation in
      try await installation.agent.becomesHealthy()
      try await installation.odoo.turnOn("rpc_error", "?route=/crm/dashboard/data")
      #expect(try await installation.message().headline == "firing DashboardBroken")
      let (logins, lines) = (installation.odoo.logins, try await installation.agent.metrics().value("odoo_log_lines_total") ?? 0)
      try installation.reconfigure { $0.replacing("worker_share: 1,", with: "worker_share: 0.9, export_interval: 5m,") }
      try await reload(installation, expecting: true)
      try await always("nothing is told again", for: .seconds(5)) { installation.receiver.deliveries.count == 1 }
      #expect(installation.odoo.logins == logins)
      #expect(try await installation.agent.metrics().value("odoo_log_lines_total") ?? 0 >= lines)
      #expect(try await installation.agent.metrics().value("lookout_alerts", ["state": "firing"]) == 1)
      try await installation.odoo.turnOff("rpc_error")
      #expect(try await installation.message(after: 1).headline == "resolved DashboardBroken")
    }
  }

  @Test("other rules are in force at once after a reload; the alerts of rules that are gone end")
  func reloadRules() async throws {
    let rule = "groups: [{name: own, rules: [{alert: Own, expr: 'pg_up == 1', labels: {component: agent}}]}]\n"
    try await withInstallation(Settings(files: ["own.rules.yml": rule])) { installation in
      try await installation.agent.becomesHealthy()
      try installation.reconfigure { $0 + "rules: [own.rules.yml]\n" }
      try await reload(installation, expecting: true)
      #expect(try await installation.message().headline == "firing Own")
      try installation.reconfigure { $0.replacing("rules: [own.rules.yml]\n", with: "") }
      try await reload(installation, expecting: true)
      #expect(try await installation.message(after: 1).headline == "resolved Own")
    }
  }

  @Test("another target takes the place of the one before: its series begin, those of the other end")
  func reloadTarget() async throws {
    try await withInstallation { installation in
      try await installation.agent.becomesHealthy()
      try installation.reconfigure { "target: other\n" + $0 }
      try await reload(installation, expecting: true)
      try await installation.agent.becomesHealthy()
      let metrics = try await installation.agent.metrics()
      #expect(metrics.all("probe_success", ["target": "crm"]).isEmpty)
      #expect(metrics.value("probe_success", ["target": "other", "check": "page"]) == 1)
      #expect(try await installation.agent.health().checks.keys.contains("other:page"))
      #expect(installation.receiver.deliveries.isEmpty)
    }
  }

  @Test(
    "a configuration that cannot be used changes nothing, and that is said in the log, in /readyz and in a metric",
    arguments: [
      ("interval: 1s", "intervall: 1s", "unknown key 'intervall'"), ("database: crm", "database: [", "not YAML"),
      ("listen: 127.0.0.1:0", "listen: 127.0.0.1:9", "'listen' can only be changed by a restart"),
      ("listen:", "public_listen: 127.0.0.1:9\nlisten:", "'public_listen' can only be changed by a restart"),
      ("state_directory: state", "state_directory: elsewhere", "'state_directory' can only be changed by a restart"),
      ("listen:", "rules: [none.yml]\nlisten:", "none.yml cannot be read"),
    ])
  func badReload(before: String, after: String, message: String) async throws {
    try await withInstallation { installation in
      try await installation.agent.becomesHealthy()
      try installation.reconfigure { $0.replacing(before, with: after) }
      try await reload(installation, expecting: false)
      let ready = try await installation.agent.page("/readyz")
      #expect(ready.status == 503 && ready.text.contains("the one before is in force") && ready.text.contains(message))
      #expect(installation.agent.printed.contains("could not be reloaded"))
      #expect(try await installation.agent.page("/livez").status == 200)
      #expect(try await installation.agent.health().notPassing == ["crm:agent"])
      try installation.reconfigure { $0.replacing(after, with: before) }
      try await reload(installation, expecting: true)
      #expect(try await installation.agent.page("/readyz").status == 200)
    }
  }

  @Test("a second agent on the same state directory refuses to start, and harms the first in nothing")
  func twoAgents() async throws {
    try await withInstallation { installation in
      try await installation.agent.becomesHealthy()
      let second = try await run([try Built.path(), "run", "--config", installation.configurationFile], in: installation.folder)
      #expect("\(second.status)" == "exited(1)")
      #expect(second.errors.contains("another agent works in the state directory"))
      try await installation.odoo.turnOn("stopped")
      #expect(try await installation.message().headline == "firing OdooDown")
    }
  }

  @Test("without a state directory observing and alerting go on, and that is said")
  func noStateDirectory() async throws {
    try await withInstallation(Settings(stateDirectory: "/proc/none/lookout")) { installation in
      try await eventually("the agent says what it cannot") {
        try await installation.agent.health()["agent"]?.output?.contains("nothing outlives a restart") == true
      }
      #expect(try await installation.agent.page("/readyz").status == 503)
      #expect(installation.agent.printed.contains(" critical nothing outlives a restart"))
      try await installation.odoo.turnOn("stopped")
      #expect(try await installation.message().headline == "firing OdooDown")
      try await installation.odoo.turnOff("stopped")
      #expect(try await installation.message(after: 1).headline == "resolved OdooDown")
    }
  }

  @Test("a damaged state database is put aside, and observing and alerting go on")
  func damagedState() async throws {
    let garbage = String(repeating: "This is no database. ", count: 1000)
    try await withInstallation(Settings(stateDirectory: ".", files: ["state.db": garbage])) { installation in
      try await eventually("the agent says what was lost") {
        try await installation.agent.health()["agent"]?.output?.contains("was damaged and lies in") == true
      }
      try await installation.odoo.turnOn("stopped")
      #expect(try await installation.message().headline == "firing OdooDown")
      let kept = try FileManager.default.contentsOfDirectory(atPath: installation.folder).filter { $0.hasPrefix("state.db.damaged-") }
      #expect(kept.contains { FileManager.default.contents(atPath: "\(installation.folder)/\($0)") == Data(garbage.utf8) })
    }
  }

  @Test("a full disk keeps nothing from being told, and that is said until there is room again", .needsMounting)
  func fullDisk() async throws {
    let settings = Settings(stateDirectory: "state", wrapper: SmallDisk.wrapper)
    try await withInstallation(settings) { installation in
      try await installation.agent.becomesHealthy()
      let disk = try SmallDisk(of: installation)
      try disk.fill()
      try await installation.odoo.turnOn("stopped")
      #expect(try await installation.message().headline == "firing OdooDown")
      try await eventually("the agent says that it cannot write") {
        try await installation.agent.health()["agent"]?.output?.contains("the state database cannot be written") == true
      }
      try await installation.odoo.turnOff("stopped")
      #expect(try await installation.message(after: 1).headline == "resolved OdooDown")
      disk.empty()
      try await installation.odoo.turnOn("stopped")
      #expect(try await installation.message(after: 2).headline == "firing OdooDown")
      try await eventually("the agent can write again") { try await installation.agent.health()["agent"]?.status == "pass" }
    }
  }

  // The clock goes back by beginning an hour ahead: libfaketime 0.9.10 shifts absolute timers of the monotonic clock too, and behind the
  // real time they would not fire at all.
  @Test(
    "the machine's clock moves by an hour: no alert is born and none is lost", .needsFakeClock,
    arguments: [(from: 0, to: 3600), (from: 3600, to: 0)])
  func movedClock(from: Int, to: Int) async throws {
    try await withInstallation(Settings(wrapper: FakeClock.wrapper, files: [FakeClock.file: "+\(from)\n"])) { installation in
      try await installation.agent.becomesHealthy()
      try FakeClock.move(to: to, in: installation)
      try await always("no alert is born", for: .seconds(8)) {
        try await installation.agent.health().status == "pass" && installation.receiver.deliveries.isEmpty
      }
      try await installation.odoo.turnOn("stopped")
      #expect(try await installation.message().headline == "firing OdooDown")
      try FakeClock.move(to: from, in: installation)
      try await always("it is told once", for: .seconds(6)) { installation.receiver.deliveries.count == 1 }
      // A restart takes the clock as it is then.
      try FakeClock.move(to: to, in: installation)
      try await installation.agent.restart()
      try await always("nor after a restart", for: .seconds(6)) { installation.receiver.deliveries.count == 1 }
      try await installation.odoo.turnOff("stopped")
      #expect(try await installation.message(after: 1).headline == "resolved OdooDown")
    }
  }
}

/// A state directory on a file system of half a megabyte, for the agent alone.
private struct SmallDisk {
  static let wrapper = [
    "unshare", "--mount", "sh", "-c", #"mkdir -p state && mount -t tmpfs -o size=512k tmpfs state && exec "$@""#, "sh",
  ]

  private let file: String

  /// Reached through the agent's own view of the file system (proc(5)).
  init(of installation: Installation) throws {
    let pid = try #require(installation.agent.program?.pid)
    file = "/proc/\(pid)/root\(installation.folder)/state/fill"
  }

  func fill() throws {
    let handle = try #require(fopen(file, "w"))
    defer { fclose(handle) }
    let block = [UInt8](repeating: 0, count: 1024)
    setvbuf(handle, nil, _IONBF, 0)
    while fwrite(block, 1, block.count, handle) == block.count {}
  }

  func empty() { unlink(file) }
}

/// The clock of the agent alone, moved through libfaketime (Debian's package faketime).
private enum FakeClock {
  static let file = "clock"
  static let library = ["x86_64", "aarch64"].map { "/usr/lib/\($0)-linux-gnu/faketime/libfaketime.so.1" }
    .first { FileManager.default.fileExists(atPath: $0) }

  static var wrapper: [String] {
    [
      "env", "LD_PRELOAD=\(library ?? "")", "FAKETIME_TIMESTAMP_FILE=\(file)", "FAKETIME_DONT_FAKE_MONOTONIC=1", "FAKETIME_NO_CACHE=1",
    ]
  }

  /// - Parameter seconds: ahead of the machine's own clock.
  static func move(to seconds: Int, in installation: Installation) throws {
    try Data("+\(seconds)\n".utf8).write(to: URL(fileURLWithPath: "\(installation.folder)/\(file)"))
  }
}

extension Trait where Self == ConditionTrait {
  static var needsFakeClock: Self { .enabled(if: FakeClock.library != nil, "there is no libfaketime: install faketime") }

  static var needsMounting: Self {
    .enabled("a file system of the agent's own needs root and mount namespaces") { await MuteNameServer.isPossible() }
  }
}
