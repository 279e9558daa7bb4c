import Foundation
import Glibc
import Testing

@Suite(.serialized, .needsProgram)
struct CommandTests {
  private static let good = #"odoo: {url: "http://127.0.0.1:1", database: crm, login: monitor, password_file: odoo.password}"# + "\n"

  private func lookout(_ arguments: [String], in folder: String) async throws -> (status: String, output: String, errors: String) {
    let ended = try await run([try Built.path()] + arguments, in: folder)
    return ("\(ended.status)", ended.output, ended.errors)
  }

  private func write(_ text: some Sequence<UInt8>, _ name: String, in folder: String) throws {
    try Data(text).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
  }

  @Test("config check says each mistake of the corpus with its place, and exits 1", arguments: BadConfiguration.all)
  func badConfiguration(bad: BadConfiguration) async throws {
    try await withFolder { folder in
      try write(bad.text, "lookout.yml", in: folder)
      try write(bad.rules.utf8, "own.yml", in: folder)
      try write("secret\n".utf8, "odoo.password", in: folder)
      let said = try await lookout(["config", "check", "lookout.yml"], in: folder)
      #expect(said.status == "exited(1)" && said.output.isEmpty)
      let line = said.errors.split(separator: "\n").first { line in line.contains(bad.place) && bad.words.allSatisfy(line.contains) }
      #expect(line != nil, "\(said.errors)")
    }
  }

  @Test("config check goes on after the first mistake")
  func severalMistakes() async throws {
    try await withFolder { folder in
      try write("odoo: {url: crm, database: crm}\nchecks: {interval: soon}\nlisten: 1\n".utf8, "lookout.yml", in: folder)
      let said = try await lookout(["config", "check", "lookout.yml"], in: folder)
      #expect(said.status == "exited(1)" && said.errors.split(separator: "\n").count == 5, "\(said.errors)")
    }
  }

  @Test("config check of a good one is ok, with what would be watched, and warns of what is unwise")
  func goodConfiguration() async throws {
    try await withFolder { folder in
      try write(Self.good.utf8, "lookout.yml", in: folder)
      try write("secret\n".utf8, "odoo.password", in: folder)
      chmod("\(folder)/odoo.password", 0o644)
      let said = try await lookout(["config", "check", "lookout.yml"], in: folder)
      #expect(said.status == "exited(0)" && said.output.hasPrefix("lookout.yml: ok\n") && said.output.contains("rules: "))
      #expect(said.errors.contains("lookout.yml:1:") && said.errors.contains("everybody on this machine can read"))
      #expect(said.errors.contains("no receiver"))
    }
  }

  @Test("rules check counts rules, says mistakes with their place, and reads standard input")
  func rules() async throws {
    try await withFolder { folder in
      try write("groups:\n- name: g\n  rules:\n  - alert: A\n    expr: pg_up == 0\n".utf8, "good.yml", in: folder)
      try write("groups:\n- name: g\n  rules:\n  - alert: A\n    expr: up ==\n".utf8, "bad.yml", in: folder)
      let good = try await lookout(["rules", "check", "good.yml"], in: folder)
      #expect(good.status == "exited(0)" && good.output == "good.yml: ok, 1 group, 1 rule\n")
      let both = try await lookout(["rules", "check", "good.yml", "bad.yml"], in: folder)
      #expect(both.status == "exited(1)" && both.output.contains("good.yml: ok") && both.errors.hasPrefix("bad.yml:5:"))
      let piped = try await run(["sh", "-c", "\"$0\" rules check - < bad.yml", try Built.path()], in: folder)
      #expect("\(piped.status)" == "exited(1)" && piped.errors.hasPrefix("<stdin>:5:"))
    }
  }

  @Test("rules check warns of what is unwise; rules test runs promtool's unit tests")
  func ruleTests() async throws {
    try await withFolder { folder in
      try write("groups:\n- name: g\n  rules:\n  - alert: A\n    expr: nowhere == 0\n".utf8, "a.yml", in: folder)
      let warned = try await lookout(["rules", "check", "--lint-fatal", "a.yml"], in: folder)
      #expect(warned.status == "exited(3)" && warned.errors.hasPrefix("warning: a.yml:4: reachability: "))
      #expect(try await lookout(["rules", "check", "--lint=none", "--lint-fatal", "a.yml"], in: folder).status == "exited(0)")
      let test = "rule_files: [a.yml]\ntests:\n- input_series: [{series: nowhere, values: 0}]\n  alert_rule_test:\n"
      try write("\(test)  - {alertname: A, eval_time: 0, exp_alerts: [{}]}\n".utf8, "good.yml", in: folder)
      try write("\(test)  - {alertname: A, eval_time: 0}\n".utf8, "bad.yml", in: folder)
      let good = try await lookout(["rules", "test", "good.yml"], in: folder)
      #expect(good.status == "exited(0)" && good.output == "Unit Testing:  good.yml\n  SUCCESS\n\n" && good.errors == "")
      let bad = try await lookout(["rules", "test", "good.yml", "bad.yml"], in: folder)
      #expect(bad.status == "exited(1)" && bad.errors.contains("        + Labels:{alertname=\"A\"}\n"))
    }
  }

  @Test("config discover prints what config check takes once it is filled in")
  func discover() async throws {
    try await withFolder { folder in
      try FileManager.default.createDirectory(atPath: "\(folder)/m/etc/odoo", withIntermediateDirectories: true)
      try write(
        "[options]\ndb_name = crm\nhttp_port = 8070\nlogfile = /var/log/odoo.log\ndb_password = HIDDEN\n".utf8, "m/etc/odoo/odoo.conf",
        in: folder)
      let found = try await lookout(["config", "discover", "--root", "m"], in: folder)
      #expect(
        found.status == "exited(0)" && found.output.contains("url: \"http://127.0.0.1:8070\"")
          || found.output.contains("url: http://127.0.0.1:8070"))
      #expect(!(found.output + found.errors).contains("HIDDEN"))
      let filled = found.output.replacing("/etc/odoo/odoo.conf", with: "\(folder)/m/etc/odoo/odoo.conf")
        .replacing("  login:\n", with: "  login: monitor\n").replacing("  password_file:\n", with: "  password_file: odoo.password\n")
        .replacing("  webhook:\n", with: "  webhook: http://127.0.0.1:1/\n")
      try write(filled.utf8, "lookout.yml", in: folder)
      try write("secret\n".utf8, "odoo.password", in: folder)
      let said = try await lookout(["config", "check", "lookout.yml"], in: folder)
      #expect(said.status == "exited(0)", "\(said.errors)")
    }
  }

  @Test("config discover on a machine without Odoo says so", arguments: ["m", "nowhere"])
  func discoverNothing(root: String) async throws {
    try await withFolder { folder in
      try FileManager.default.createDirectory(atPath: "\(folder)/m", withIntermediateDirectories: true)
      let said = try await lookout(["config", "discover", "--root", root], in: folder)
      #expect(said.status == "exited(1)" && said.output.isEmpty && said.errors.hasPrefix("lookout: "))
    }
  }

  @Test(
    "each command has a help that fits 80 columns",
    arguments: [
      [], ["run"], ["check"], ["demo"], ["config"], ["config", "check"], ["config", "discover"], ["rules"], ["rules", "check"],
    ])
  func help(command: [String]) async throws {
    try await withFolder { folder in
      let said = try await run(["env", "COLUMNS=80", try Built.path()] + command + ["--help"], in: folder)
      #expect("\(said.status)" == "exited(0)" && said.output.contains("USAGE: lookout"))
      for line in said.output.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    }
  }

  @Test("there are a version and completions for the shells")
  func version() async throws {
    try await withFolder { folder in
      let version = try await lookout(["--version"], in: folder)
      #expect(version.status == "exited(0)" && version.output.split(separator: ".").count == 3)
      for shell in ["bash", "zsh", "fish"] {
        let script = try await lookout(["--generate-completion-script", shell], in: folder)
        #expect(script.status == "exited(0)" && script.output.contains("discover"))
      }
    }
  }

  @Test(
    "mistakes on the command line are said in a sentence",
    arguments: [
      (["chekc"], "did you mean 'check'?"), (["demo", "--prot", "1"], "Did you mean '--port'?"), (["config"], "discover"),
      (["rules", "check"], "file"),
    ])
  func commandLine(arguments: [String], words: String) async throws {
    try await withFolder { folder in
      let said = try await lookout(arguments, in: folder)
      #expect((said.output + said.errors).contains(words), "\(said)")
    }
  }
}
