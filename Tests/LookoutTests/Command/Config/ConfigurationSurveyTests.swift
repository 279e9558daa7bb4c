import Foundation
import Testing

@testable import Lookout

@Suite("A configuration gone through")
struct ConfigurationSurveyTests {
  private func survey(_ text: String, _ files: [String: String] = [:]) throws -> ConfigurationSurvey {
    try withConfigurationFolder { folder in
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: folder.path + "/password")
      for (name, content) in files { try folder.write(name, content) }
      try folder.write("lookout.yml", text)
      return ConfigurationSurvey(readingFrom: folder.path + "/lookout.yml", environment: ["HOME": "/h"])
    }
  }

  private func told(_ lines: [String], _ words: String) -> Bool { lines.contains { $0.contains(words) } }

  @Test("what would be watched is said in short")
  func summary() throws {
    let found = try survey(configurationText("notify: {webhook: 'http://127.0.0.1/x'}\npostgresql: {host: db}\nchecks: {interval: 90s}"))
    #expect(found.mistakes.isEmpty)
    #expect(found.summary.contains("target crm: http://127.0.0.1:8069, database crm, login lookout, 2 workers"))
    #expect(found.summary.contains("postgresql: db, port 5432, database crm, user lookout"))
    #expect(found.summary.contains("  page        every 90s, budget 3s") && found.summary.contains("receivers: webhook"))
    #expect(told(found.summary, "groups, those that ship") && !told(found.summary, "  log "))
  }

  @Test("what is allowed and unwise is warned of, with its place")
  func warnings() throws {
    let bare = try survey(configurationText())
    for words in ["no receiver", "log is not followed", "PostgreSQL is not watched"] { #expect(told(bare.warnings, words)) }
    let clear = try survey(
      configurationText().replacing("http://127.0.0.1:8069", with: "http://erp.example.com").replacing(
        "login: lookout", with: "login: admin"))
    #expect(told(clear.warnings, "lookout.yml:2:8: warning: the password goes to erp.example.com unencrypted"))
    #expect(told(clear.warnings, "lookout.yml:4:10: warning: 'admin' looks like an administrator"))
    #expect(told(try survey(configurationText("log: {file: nowhere.log}")).warnings, "nowhere.log cannot be read by this user now"))
  }

  @Test("a password that everybody can read is warned of, one that is empty is a mistake")
  func secrets() throws {
    let open = try survey(configurationText("postgresql: {password_file: db}"), ["db": "secret\n"])
    #expect(told(open.warnings, "lookout.yml:6:29: warning: everybody on this machine can read"))
    let empty = try survey(configurationText("postgresql: {password_file: db}"), ["db": ""])
    #expect(told(empty.mistakes, "lookout.yml:6:29: ") && told(empty.mistakes, "is empty; its first line must be the secret"))
  }

  @Test("rule files and the file with the receiver's address are read too")
  func files() throws {
    let rules = try survey(
      configurationText("rules: [a.yml]"),
      ["a.yml": "groups:\n- name: g\n  rules:\n  - alert: A\n    expr: up ==\n  - alert: B\n    expr: )\n"])
    #expect(told(rules.mistakes, "a.yml:5:") && told(rules.mistakes, "a.yml:7:"))
    let hook = try survey(configurationText("notify: {webhook_file: hook}"), ["hook": "not a URL\n"])
    #expect(told(hook.mistakes, "lookout.yml:6:24: the URL of receiver webhook cannot be used"))
    #expect(!told(hook.mistakes, "not a URL"))
  }

  @Test("a file that is not there is one mistake")
  func absent() {
    let found = ConfigurationSurvey(readingFrom: "/nowhere/x.yml")
    #expect(found.mistakes == ["/nowhere/x.yml cannot be read: No such file or directory"] && found.summary.isEmpty)
  }
}
