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

  @Test("the doors and what guards them are said")
  func doors() throws {
    #expect(try survey(configurationText()).summary.contains("pages: http://127.0.0.1:9069/, this machine only, without TLS and users"))
    let users = ["web.yml": "basic_auth_users: {otto: \(Passwords.hash), anna: \(Passwords.hash)}\n"]
    let open = try survey(
      configurationText("listen: 192.0.2.7:80\nweb_config_file: web.yml\npublic_listen: 0.0.0.0:81\nallowed_hosts: [a, b]"), users)
    #expect(open.summary.contains("pages: http://192.0.2.7:80/, from everywhere, without TLS, users anna, otto"))
    #expect(open.summary.contains("  also by the names a, b"))
    #expect(told(open.summary, "public: http://") && told(open.summary, ":81/health and /livez, without details"))
    #expect(told(open.warnings, "lookout.yml:7:18: warning: users' passwords go over the network unencrypted"))
    #expect(told(open.warnings, "lookout.yml:7:18: warning: everybody on this machine can read") && told(open.warnings, "web.yml"))
    let local = try survey(configurationText("web_config_file: web.yml"), users)
    #expect(!told(local.warnings, "unencrypted"))
  }

  @Test("a certificate that has expired and a key that everybody can read are warned of")
  func certificate() async throws {
    try await withDirectory { path in
      let folder = ConfigurationFolder(path: path)
      try await MadeCertificate(folder: path).make("own", days: -1)
      try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path + "/own.key")
      try folder.write("password", "hunter2\n")
      try folder.write("web.yml", "tls_server_config: {cert_file: own.pem, key_file: own.key}\n")
      try folder.write("lookout.yml", configurationText("web_config_file: web.yml"))
      let found = ConfigurationSurvey(readingFrom: path + "/lookout.yml", environment: ["HOME": "/h"])
      #expect(found.mistakes.isEmpty)
      #expect(told(found.warnings, "\(path)/web.yml: warning: the certificate in \(path)/own.pem expired on 20"))
      #expect(told(found.warnings, "everybody on this machine can read \(path)/own.key"))
      #expect(found.summary.contains("pages: https://127.0.0.1:9069/, this machine only, TLS, no users"))
    }
  }

  @Test("a file that is not there is one mistake")
  func absent() {
    let found = ConfigurationSurvey(readingFrom: "/nowhere/x.yml")
    #expect(found.mistakes == ["/nowhere/x.yml cannot be read: No such file or directory"] && found.summary.isEmpty)
  }
}
