import Foundation
import Testing

@testable import Lookout

/// What nobody may see, each of a form of its own, and where it is planted.
private enum Planted {
  static let odooPassword = "S3CRET-0d00-passw0rd"
  static let userPassword = "S3CRET-of-anna"
  static let basicHash = "1AXMzGLSDmAFqM2j6Sw1OLbVBkofja2"
  /// Stands at the end of the webhook's URL.
  static let token = Installation.token

  /// A line of the key file, and what a person could not read from it: the middle of its base 64.
  static func keyLine(in folder: String) throws -> String {
    let text = String(decoding: FileManager.default.contents(atPath: "\(folder)/own.key") ?? Data(), as: UTF8.self)
    return try #require(text.split(separator: "\n").dropFirst().first.map { String($0.prefix(40)) })
  }
}

/// No secret shows in anything that the agent prints, serves, sends or keeps.
@Suite(.serialized, .needsProgram, .sharedCluster)
struct SecretTests {
  /// Everything that came out, by where.
  private struct Outputs {
    private(set) var all: [String: String] = [:]
    mutating func add(_ place: String, _ text: String) { all[place, default: ""] += text }

    /// Where a secret shows, but for what is meant to hold it.
    func places(of secret: String) -> [String] { all.filter { $0.value.contains(secret) }.keys.sorted() }
  }

  private func settings() -> Settings {
    var settings = Settings(password: Planted.odooPassword)
    settings.more = "web_config_file: web.yml\npublic_listen: 127.0.0.1:0"
    settings.files = [
      "web.yml": "tls_server_config: {cert_file: own.pem, key_file: own.key}\nbasic_auth_users:\n  \(DoorTests.anna)"
    ]
    settings.arguments = ["--log-level", "trace"]
    return settings
  }

  @Test("no password, hash, token or key shows anywhere")
  func nowhere() async throws {
    try await withInstallation(settings(), running: false) { installation in
      let doors = Doors(folder: installation.folder, agent: installation.agent)
      try await doors.makeCertificate("own")
      var outputs = Outputs()
      try await checkBefore(installation, &outputs)
      try await installation.agent.start()
      try await trouble(installation)
      try await readPages(doors, &outputs)
      try await reload(installation, doors, &outputs)
      outputs.add("command line", Self.file("/proc/\(try #require(installation.agent.program?.pid))/cmdline"))
      outputs.add("webhook bodies", installation.receiver.deliveries.map { String(decoding: $0.body, as: UTF8.self) }.joined())
      await installation.agent.kill()
      outputs.add("log", installation.agent.printed)
      try keep(installation, &outputs)
      try expectNone(in: outputs, of: installation)
    }
  }

  /// `config check`, and `check` in all its forms.
  private func checkBefore(_ installation: Installation, _ outputs: inout Outputs) async throws {
    let program = try Built.path()
    let checked = try await run([program, "config", "check", "lookout.yml"], in: installation.folder)
    #expect(checked.output.contains("TLS, users anna") && checked.output.contains("public: http://127.0.0.1:0/health"))
    outputs.add("config check", checked.output + checked.errors)
    for form in ["table", "json", "nagios", "junit"] {
      let once = try await run([program, "check", "--config", "lookout.yml", "--output", form], in: installation.folder)
      #expect(!once.output.isEmpty)
      outputs.add("check --output \(form)", once.output + once.errors)
    }
  }

  /// What goes wrong says most: a login refused, a database gone, a receiver that refuses.
  private func trouble(_ installation: Installation) async throws {
    installation.receiver.mood = .answering(500)
    try await eventually("the login is refused") { installation.odoo.log.contains("Login failed") }
    await installation.cluster.stop()
    try await installation.odoo.turnOn("stopped")
    try await eventually("a message is refused") { !installation.receiver.deliveries.isEmpty }
    installation.receiver.mood = .answering(200)
    _ = try await installation.message()
    try await installation.cluster.start()
  }

  private func readPages(_ doors: Doors, _ outputs: inout Outputs) async throws {
    let login = ["--cacert", "own.pem", "--user", "anna:\(Planted.userPassword)"]
    let paths = [
      "/", "/runbook", "/health", "/health/session", "/metrics", "/livez", "/readyz", "/-/healthy", "/-/ready", "/nothing", "/-/reload",
    ]
    for path in paths {
      let got = try await run(["curl", "-si"] + login + ["https://localhost:\(doors.port)\(path)"], in: doors.folder)
      #expect(got.output.hasPrefix("HTTP/1.1 "))
      outputs.add("page \(path)", got.output)
    }
    let refused = try await run(
      ["curl", "-si", "--cacert", "own.pem", "--user", "anna:S3CRET-wr0ng", "https://localhost:\(doors.port)/"], in: doors.folder)
    #expect(refused.output.hasPrefix("HTTP/1.1 401"))
    outputs.add("page of the refused", refused.output)
    let publicPort = try await doors.publicPort()
    for path in ["/health", "/livez", "/"] {
      outputs.add("public \(path)", try await doors.curl("-i", path: path, port: publicPort).1)
    }
  }

  /// One that succeeds, and those that fail on a line with a secret in it.
  private func reload(_ installation: Installation, _ doors: Doors, _ outputs: inout Outputs) async throws {
    let login = ["--cacert", "own.pem", "--user", "anna:\(Planted.userPassword)", "-X", "POST"]
    let url = "https://localhost:\(doors.port)/-/reload"
    outputs.add("good reload", try await run(["curl", "-si"] + login + [url], in: doors.folder).output)
    let good = Self.file("\(doors.folder)/web.yml")
    let bad = [
      good.replacing("anna: $2y$04$", with: "anna: "), good.replacing("$2y$04$", with: "$2y$99$"),
      good.replacing("key_file: own.key", with: "key_file: own.pem"), "basic_auth_users: {anna: \(Planted.userPassword)}\n",
      "basic_auth_users: [\(Planted.userPassword)]\n", "basic_auth_users: {anna: {\(Planted.userPassword): 1}}\n",
    ]
    for text in bad {
      try doors.write("web.yml", text)
      let got = try await run(["curl", "-si"] + login + [url], in: doors.folder)
      #expect(got.output.contains("500 Internal Server Error"))
      outputs.add("bad reload", got.output)
      outputs.add("bad config check", try await run([try Built.path(), "config", "check", "lookout.yml"], in: doors.folder).errors)
    }
    outputs.add(
      "ready after",
      try await run(["curl", "-si"] + login.dropLast(2) + ["https://localhost:\(doors.port)/readyz"], in: doors.folder).output)
    try doors.write("web.yml", good)
    try installation.reconfigure { $0.replacing("/hook/", with: "/h ook/") }
    outputs.add("bad webhook", try await run(["curl", "-si"] + login + [url], in: doors.folder).output)
  }

  /// The files of the state directory, byte by byte.
  private func keep(_ installation: Installation, _ outputs: inout Outputs) throws {
    let state = "\(installation.folder)/state"
    let files = try FileManager.default.contentsOfDirectory(atPath: state)
    #expect(files.contains("state.db"))
    for name in files {
      outputs.add(
        "state/\(name)", String(decoding: FileManager.default.contents(atPath: "\(state)/\(name)") ?? Data(), as: Unicode.ASCII.self))
    }
  }

  private func expectNone(in outputs: Outputs, of installation: Installation) throws {
    let secrets = [
      Planted.odooPassword, installation.cluster.lookout.password, Planted.userPassword, Planted.basicHash, "S3CRET",
      try Planted.keyLine(in: installation.folder), Planted.token,
      Data("anna:\(Planted.userPassword)".utf8).base64EncodedString(),
    ]
    for secret in secrets { #expect(outputs.places(of: secret) == [], "\(secret.prefix(8))…") }
    // What is looked through is there: the log says what it did, at its most talkative.
    #expect(outputs.all["log"]?.contains(" debug ") == true || outputs.all["log"]?.contains(" trace ") == true)
    #expect(outputs.all["webhook bodies"]?.contains("alertname") == true)
  }

  private static func file(_ path: String) -> String {
    // Files of proc(5) have no length that could be asked for.
    guard let handle = FileHandle(forReadingAtPath: path), let data = try? handle.readToEnd() else { return "" }
    return String(decoding: data, as: UTF8.self)
  }
}
