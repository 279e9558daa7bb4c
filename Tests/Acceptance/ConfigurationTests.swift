import Foundation
import Testing

/// A configuration with one mistake, and what the refusal must say.
struct BadConfiguration: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let text: [UInt8]
  /// Where the mistake stands, as the message has it: `lookout.yml:3:5`.
  var place: String
  let words: [String]
  /// A rule file beside it.
  var rules = ""

  private static let odoo = #"odoo: {url: "http://127.0.0.1:1", database: crm, login: monitor, password_file: odoo.password}"# + "\n"

  init(_ name: String, _ text: some Sequence<UInt8>, at place: String, says words: String..., rules: String = "") {
    (testDescription, self.text, self.place, self.words, self.rules) = (name, Array(text), place, words, rules)
  }

  /// A mistake in the lines after the section `odoo`, which stands in line 1.
  private init(_ name: String, then text: String, at place: String, says words: String..., rules: String = "") {
    (testDescription, self.text, self.place, self.words, self.rules) = (name, Array((Self.odoo + text).utf8), place, words, rules)
  }

  static let all = sections + values + files + texts

  private static let sections = [
    BadConfiguration(
      "an unknown key", then: "checks:\n  intervall: 5s\n", at: "lookout.yml:3:3", says: "'intervall'", "did you mean 'interval'"),
    BadConfiguration("an unknown section", then: "chekcs: {}\n", at: "lookout.yml:2:1", says: "'chekcs'", "did you mean 'checks'"),
    BadConfiguration(
      "a key that stands twice", then: "checks: {interval: 5s, interval: 6s}\n", at: "lookout.yml:2:", says: "twice", "interval"),
    BadConfiguration(
      "a list in place of a section", then: "checks: [5s]\n", at: "lookout.yml:2:9", says: "expected a mapping", "found a list"),
    BadConfiguration("no section odoo", "checks: {interval: 5s}\n".utf8, at: "lookout.yml:1:1", says: "'odoo' is missing"),
    BadConfiguration(
      "no database", "odoo:\n  url: http://127.0.0.1\n  login: monitor\n  password_file: odoo.password\n".utf8, at: "lookout.yml:2:3",
      says: "'database' is missing"),
  ]

  private static let values = [
    BadConfiguration("a duration without a unit", then: "checks:\n  interval: 5\n", at: "lookout.yml:3:13", says: "such as 15s", "'5'"),
    BadConfiguration("a duration in words", then: "checks:\n  interval: soon\n", at: "lookout.yml:3:13", says: "such as 15s", "'soon'"),
    BadConfiguration("a duration too short", then: "checks: {interval: 1ms}\n", at: "lookout.yml:2:20", says: "from 1s to 1h"),
    BadConfiguration(
      "a share that is no number", then: "checks: {worker_share: half}\n", at: "lookout.yml:2:24", says: "a number from 0.001 to 1"),
    BadConfiguration(
      "a URL of Odoo without a scheme",
      "odoo:\n  url: odoo.example.com\n  database: crm\n  login: m\n  password_file: odoo.password\n".utf8,
      at: "lookout.yml:2:8", says: "http:// or https://"),
    BadConfiguration(
      "a webhook of another scheme", then: "notify:\n  webhook: ftp://x/y\n", at: "lookout.yml:3:12", says: "http:// or https://"),
    BadConfiguration(
      "a webhook's port beyond all ports", then: "notify: {webhook: \"http://x:99999/\"}\n", at: "lookout.yml:2:19", says: "65535"),
    BadConfiguration("an address for everyone", then: "listen: 0.0.0.0:9069\n", at: "lookout.yml:2:9", says: "loopback"),
    BadConfiguration(
      "a web configuration that is not there", then: "web_config_file: nowhere.yml\n", at: "lookout.yml:2:18", says: "cannot be read"),
    BadConfiguration(
      "a password in place of its hash", then: "web_config_file: own.yml\n", at: "own.yml:1:26", says: "'anna'", "bcrypt hash",
      rules: "basic_auth_users: {anna: secret}\n"),
    BadConfiguration(
      "a certificate that is not there", then: "web_config_file: own.yml\n", at: "own.yml:1:32", says: "none.pem cannot be read",
      rules: "tls_server_config: {cert_file: none.pem, key_file: none.key}\n"),
    BadConfiguration(
      "what Prometheus has and Lookout has not", then: "web_config_file: own.yml\n", at: "own.yml:1:1", says: "does not support",
      "'http_server_config'", rules: "http_server_config: {http2: true}\n"),
    BadConfiguration(
      "a public listener on the same port", then: "public_listen: 127.0.0.1:9069\n", at: "lookout.yml:2:16", says: "'listen'"),
    BadConfiguration(
      "a URL for a name", then: "allowed_hosts: [\"http://x\"]\n", at: "lookout.yml:2:17", says: "without scheme and port"),
    BadConfiguration("an address without a port", then: "listen: localhost\n", at: "lookout.yml:2:9", says: "ADDRESS:PORT"),
  ]

  private static let files = [
    BadConfiguration(
      "a password file that is not there", "odoo: {url: \"http://127.0.0.1\", database: crm, login: m, password_file: nowhere}\n".utf8,
      at: "lookout.yml:1:", says: "nowhere cannot be read: No such file or directory"),
    BadConfiguration(
      "a rule file that is not there", then: "rules: [nowhere.yml]\n", at: "lookout.yml:2:9", says: "nowhere.yml cannot be read"),
    BadConfiguration(
      "a rule that is no PromQL", then: "rules: [own.yml]\n", at: "own.yml:5:16", says: "PromQL", "unexpected end",
      rules: "groups:\n- name: g\n  rules:\n  - alert: A\n    expr: up ==\n"),
    BadConfiguration(
      "a rule with a function that nobody knows", then: "rules: [own.yml]\n", at: "own.yml:5:11", says: "unknown function", "wishes",
      rules: "groups:\n- name: g\n  rules:\n  - alert: A\n    expr: wishes(up) > 1\n"),
    BadConfiguration(
      "a rule file with an unknown key", then: "rules: [own.yml]\n", at: "own.yml:6:5", says: "forr",
      rules: "groups:\n- name: g\n  rules:\n  - alert: A\n    expr: up\n    forr: 30s\n"),
  ]

  private static let texts = [
    BadConfiguration("an empty file", "".utf8, at: "lookout.yml", says: "is empty", "'odoo'"),
    BadConfiguration("nothing but a comment", "# nothing\n".utf8, at: "lookout.yml", says: "is empty"),
    BadConfiguration("5 MB", [UInt8](repeating: UInt8(ascii: "#"), count: 5_000_000), at: "lookout.yml", says: "larger than"),
    BadConfiguration("100,000 brackets", [UInt8](repeating: UInt8(ascii: "["), count: 100_000), at: "lookout.yml:1:", says: "nesting"),
    BadConfiguration("a bad indentation", then: "checks:\n  interval: 5s\n timeout: 3s\n", at: "lookout.yml:4:2", says: "not YAML"),
    BadConfiguration("a quote that never ends", then: "target: \"crm\n", at: "lookout.yml:3:1", says: "not YAML"),
    BadConfiguration("a tab", then: "checks:\n\tinterval: 5s\n", at: "lookout.yml:3:1", says: "not YAML"),
    BadConfiguration("bytes that are not UTF-8", Array("odoo: # caf".utf8) + [0xE9, 0x0A], at: "lookout.yml:1:12", says: "UTF-8"),
    BadConfiguration("a NUL", Array("odoo:\n  url: a".utf8) + [0, 0x0A], at: "lookout.yml:2:9", says: "control characters"),
    BadConfiguration("an alias to nothing", then: "target: *nobody\n", at: "lookout.yml:2:9", says: "alias"),
  ]
}

@Suite(.serialized, .needsProgram)
struct ConfigurationTests {
  @Test("a mistake in the configuration is refused with its place and with what would be right", arguments: BadConfiguration.all)
  func mistake(bad: BadConfiguration) async throws {
    try await withFolder { folder in
      try Data(bad.text).write(to: URL(fileURLWithPath: "\(folder)/lookout.yml"))
      try Data(bad.rules.utf8).write(to: URL(fileURLWithPath: "\(folder)/own.yml"))
      try Data("secret\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/odoo.password"))
      let refusal = try await run([try Built.path(), "run", "--config", "lookout.yml"], in: folder)
      #expect("\(refusal.status)" == "exited(1)")
      #expect(refusal.output.isEmpty)
      let message = try #require(refusal.errors.split(separator: "\n").first { $0.hasPrefix("lookout: ") })
      #expect(message.hasPrefix("lookout: \(bad.place)"))
      for words in bad.words { #expect(message.contains(words)) }
      #expect(message.utf8.count < 500)
      #expect(refusal.errors.split(separator: "\n").count { $0.hasPrefix("lookout: ") } == 1)
    }
  }

  @Test("a configuration that is not there, or is no file, is refused", arguments: ["nowhere.yml", "."])
  func missing(path: String) async throws {
    try await withFolder { folder in
      let refusal = try await run([try Built.path(), "run", "--config", path], in: folder)
      #expect("\(refusal.status)" == "exited(1)")
      #expect(refusal.errors.hasPrefix("lookout: \(path): cannot be read"))
    }
  }

  @Test("a port that another program has is named, and what to do about it")
  func portTaken() async throws {
    try await withFolder { folder in
      let other = try WebhookReceiver()
      defer { other.end() }
      let text = """
        odoo: {url: "http://127.0.0.1:1", database: crm, login: monitor, password_file: odoo.password}
        listen: 127.0.0.1:\(other.port)
        state_directory: state

        """
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/lookout.yml"))
      try Data("secret\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/odoo.password"))
      let refusal = try await run([try Built.path(), "run", "--config", "lookout.yml"], in: folder)
      #expect("\(refusal.status)" == "exited(1)")
      let message = try #require(refusal.errors.split(separator: "\n").last { $0.hasPrefix("lookout: ") })
      #expect(message.contains("cannot listen on 127.0.0.1:\(other.port): another program has the port"))
    }
  }
}
