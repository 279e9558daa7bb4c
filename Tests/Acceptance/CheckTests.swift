import Foundation
import FoundationXML
import Glibc
import Testing

@testable import Lookout

/// What an Odoo can look like to `lookout check`.
struct CheckCase: Sendable, CustomTestStringConvertible {
  enum Trigger: Sendable {
    case nothing, standIn(String), postgresStopped, postgresFrozen
  }

  let testDescription: String
  let trigger: Trigger
  var arguments: [String] = []
  let exitCode: Int32
  let status: String
  /// Checks that do not pass, and how they stand.
  var standing: [String: String] = [:]
  var root: (reason: String, cause: String)?

  static let all = [
    CheckCase(testDescription: "all is well", trigger: .nothing, exitCode: 0, status: "pass"),
    CheckCase(
      testDescription: "errors in the log", trigger: .standIn("log_errors"), exitCode: 1, status: "warn", standing: ["log": "warn"],
      root: ("log_errors", "log")),
    CheckCase(
      testDescription: "a dashboard without figures", trigger: .standIn("empty_kpis"), exitCode: 2, status: "fail",
      standing: ["dashboard_data": "fail"], root: ("empty_data", "dashboard")),
    CheckCase(
      testDescription: "PostgreSQL is stopped", trigger: .postgresStopped, exitCode: 2, status: "fail",
      standing: ["postgresql": "fail", "login_page": "fail", "dashboard_data": "fail"], root: ("database_unreachable", "postgresql")),
    CheckCase(
      testDescription: "Odoo hangs, and nobody waits for its time-outs", trigger: .standIn("hanging"),
      arguments: ["--timeout", "1500ms", "odoo_health", "login_page"], exitCode: 3, status: "unknown",
      standing: ["odoo_health": "unknown", "login_page": "unknown"], root: ("not_observed", "")),
    CheckCase(
      testDescription: "one check by name", trigger: .standIn("empty_kpis"), arguments: ["odoo_health"], exitCode: 0, status: "pass"),
  ]
}

@Suite(.serialized, .needsProgram, .sharedCluster)
struct CheckTests {
  // The agent is not there: what pg_stat_statements would tell is no part of these tests' cluster.
  private static let settings = Settings(
    checks: """
      {interval: 1s, costly_interval: 1s, worker_share: 1, timeout: 4s, costly_timeout: 20s, budgets: {page: 20s, dashboard: 20s, export: 20s}}
      """)

  private static let everything = [
    "odoo_health", "login_page", "session", "page", "dashboard_data", "dashboard_overdue", "dashboard_performers", "strategic_data",
    "page_load", "dashboard_export", "strategic_export", "dashboard_export_xlsx", "strategic_export_xlsx", "menus",
    "anonymous_access", "exposure", "postgresql", "log", "mail", "cron",
  ]

  private func check(_ installation: Installation, _ arguments: [String]) async throws -> (status: String, output: String, errors: String) {
    let command = [try Built.path(), "check", "--config", "lookout.yml"] + arguments
    let ended = try await run(command, in: installation.folder, within: .seconds(120))
    return ("\(ended.status)", ended.output, ended.errors)
  }

  @Test("exit status and all four outputs say how an Odoo stands", arguments: CheckCase.all)
  func outputs(one: CheckCase) async throws {
    try await withInstallation(Self.settings, running: false) { installation in
      try await begin(one, installation)
      let words = one.arguments.contains { !$0.hasPrefix("-") && !$0.hasSuffix("s") } ? one.arguments : one.arguments + Self.everything
      do {
        try await expectAll(one, words, installation)
      } catch {
        try await end(one, installation)
        throw error
      }
      try await end(one, installation)
    }
  }

  private func expectAll(_ one: CheckCase, _ words: [String], _ installation: Installation) async throws {
    for output in CheckCommand.Output.allCases {
      let said = try await check(installation, ["--output", output.rawValue] + words)
      #expect(said.status == "exited(\(one.exitCode))", "\(output): \(said.output)\(said.errors)")
      #expect(said.errors.isEmpty)
      switch output {
      case .json: try expectJSON(one, said.output)
      case .nagios: try expectNagios(one, said.output)
      case .junit: try expectJUnit(one, said.output)
      case .table: try expectTable(one, said.output)
      }
    }
  }

  private func expectJSON(_ one: CheckCase, _ text: String) throws {
    let document = try JSONDecoder().decode(CheckDocument.self, from: Data(text.utf8))
    #expect(document.status == one.status && document.exitCode == one.exitCode)
    for (name, status) in one.standing { #expect(document.checks["crm:\(name)"]?.first?.status == status, "\(name) in \(text)") }
    let bad = document.checks.filter { $0.value.contains { $0.status != "pass" } }.keys
    if one.standing.isEmpty { #expect(bad.isEmpty, "\(bad)") }
    guard let root = one.root,
      let check = document.checks.values.flatMap({ $0 }).first(where: { $0.reason == root.reason && $0.status == one.status })
    else {
      #expect(one.root == nil)
      return
    }
    #expect((check.cause ?? "") == root.cause)
    if one.status == "fail" { #expect(check.firstAction?.isEmpty == false) }
  }

  private func expectNagios(_ one: CheckCase, _ text: String) throws {
    let words = ["pass": "OK", "warn": "WARNING", "fail": "CRITICAL", "unknown": "UNKNOWN"]
    let line = try #require(text.split(separator: "\n").first)
    #expect(line.hasPrefix("ODOO \(words[one.status] ?? "?") - "))
    let grammar = /ODOO (OK|WARNING|CRITICAL|UNKNOWN) - [^|\n]+( \| ('[^'=|]+'=(U|[-0-9.]+(s|%|B|c)?)(;[-0-9.:~@]*){0,4} ?)+)?/
    #expect(try grammar.wholeMatch(in: line) != nil, "\(line)")
    #expect(text.count { $0 == "|" } <= 1)
  }

  private func expectJUnit(_ one: CheckCase, _ text: String) throws {
    let parser = XMLParser(data: Data(text.utf8))
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    let results = one.standing.values.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    if let failing = results["fail"] {
      #expect(text.components(separatedBy: "<failure ").count - 1 >= failing)
    } else {
      #expect(!text.contains("<failure"))
    }
    #expect(text.components(separatedBy: "<error ").count - 1 == results["unknown", default: 0])
  }

  private func expectTable(_ one: CheckCase, _ text: String) throws {
    let lines = text.split(separator: "\n")
    #expect(!text.contains("\u{1b}"))
    for (name, status) in one.standing {
      #expect(lines.contains { $0.hasPrefix(status.uppercased() + " ") && $0.contains(" \(name) ") }, "\(name) in \(text)")
    }
    #expect(lines.count { $0.hasPrefix("\(one.status.uppercased()): ") } == 1)
    if case .postgresStopped = one.trigger { #expect(lines.count { $0 == "because postgresql fails:" } == 1) }
    #expect(lines.contains { $0.hasPrefix("first: ") } == (one.status == "fail"))
  }

  private func begin(_ one: CheckCase, _ installation: Installation) async throws {
    switch one.trigger {
    case .nothing: break
    case .standIn(let fault):
      try await installation.odoo.turnOn(fault)
      if fault == "log_errors" { try await eventually("an error is logged") { installation.odoo.log.contains(" ERROR ") } }
    case .postgresStopped: await installation.cluster.stop(mode: .immediate)
    case .postgresFrozen: installation.cluster.freeze()
    }
  }

  private func end(_ one: CheckCase, _ installation: Installation) async throws {
    switch one.trigger {
    case .nothing: break
    case .standIn(let fault): try await installation.odoo.turnOff(fault)
    case .postgresStopped: try await installation.cluster.start()
    case .postgresFrozen: installation.cluster.thaw()
    }
  }

  @Test("a frozen PostgreSQL and a hanging Odoo hold nobody longer than --timeout says")
  func bounded() async throws {
    try await withInstallation(Self.settings, running: false) { installation in
      installation.cluster.freeze()
      defer { installation.cluster.thaw() }
      let said = try await check(installation, ["--timeout", "2s", "postgresql", "mail", "cron", "--output", "json"])
      #expect(said.status == "exited(3)")
      let document = try JSONDecoder().decode(CheckDocument.self, from: Data(said.output.utf8))
      // Generous, for the machine may be busy; without the bound it would be 4 s and more for each.
      #expect((document.duration ?? 99) < 10)
    }
  }

  @Test("a running agent is not disturbed: its directory, its session and its positions stay as they are")
  func beside() async throws {
    try await withInstallation(Self.settings) { installation in
      let state = "\(installation.folder)/state"
      let before = try FileManager.default.contentsOfDirectory(atPath: state).sorted()
      let said = try await check(installation, Self.everything)
      #expect(said.status == "exited(0)", "\(said.output)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: state).sorted() == before)
      try await installation.agent.becomesHealthy()
      #expect(installation.receiver.deliveries.isEmpty)
    }
  }

  @Test("a login that the agent was refused is not tried again by a check")
  func refusal() async throws {
    var settings = Self.settings
    settings.password = "wrong"
    try await withInstallation(settings) { installation in
      try await eventually("the agent is refused") { try await installation.agent.health()["session"]?.reason == "login_failed" }
      await installation.agent.kill()
      let before = installation.odoo.log.components(separatedBy: "Login failed for").count
      let files = try FileManager.default.contentsOfDirectory(atPath: "\(installation.folder)/state").sorted()
      let said = try await check(installation, ["session", "page"])
      #expect(said.status == "exited(2)" && said.output.contains("refused login and password"))
      #expect(installation.odoo.log.components(separatedBy: "Login failed for").count == before)
      #expect(try FileManager.default.contentsOfDirectory(atPath: "\(installation.folder)/state").sorted() == files)
    }
  }

  @Test(
    "a mistake is status 3, whatever it is, and said in the form that was asked for",
    arguments: [
      (["--config", "nowhere.yml"], "nowhere.yml: cannot be read"), (["--config", "bad.yml"], "bad.yml:1:1: unknown key 'oddo'"),
      (["--config", "lookout.yml", "pgae"], "did you mean 'page'"), (["--wrong"], "Unknown option '--wrong'"),
      (["--timeout", "soon"], "--timeout"),
      (["--output", "xml"], "--output"), (["--config"], "--config"),
    ] as [([String], String)])
  func mistakes(arguments: [String], words: String) async throws {
    try await withFolder { folder in
      let good = "odoo: {url: 'http://127.0.0.1:1', database: crm, login: l, password_file: /dev/null}\n"
      for (name, text) in ["lookout.yml": good, "bad.yml": "oddo: 1\n"] {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
      }
      let said = try await run([try Built.path(), "check"] + arguments, in: folder)
      #expect("\(said.status)" == "exited(3)" && said.errors.contains(words), "\(said)")
      let plugin = try await run([try Built.path(), "check", "--output", "nagios"] + arguments, in: folder)
      #expect("\(plugin.status)" == "exited(3)")
      if !arguments.contains("xml") {
        #expect(plugin.output.hasPrefix("ODOO UNKNOWN - ") && plugin.output.split(separator: "\n").count == 1)
      }
    }
  }
}
