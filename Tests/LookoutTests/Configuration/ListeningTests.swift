import Testing

@testable import Lookout

@Suite("Where the agent listens")
struct ListeningTests {
  @Test(
    "an address of this machine alone needs no guard",
    arguments: ["127.0.0.1:9069", "127.3.2.1:1", "[::1]:9069", "localhost:9069", "::1:9069"])
  func loopback(address: String) throws {
    try withConfigurationFolder { folder in
      let read = try folder.read(configurationText("listen: \"\(address)\""))
      #expect(read.listen.isLoopback)
    }
  }

  @Test("any other needs one", arguments: ["0.0.0.0", "192.0.2.1", "[::]", "127.0.0.1.evil.example", "localhost.example.com", "127.evil"])
  func beyond(host: String) throws {
    try withConfigurationFolder { folder in
      let mistake = try #require(folder.mistake(configurationText("listen: \"\(host):9069\"")))
      #expect(mistake.hasPrefix("6:9: ") && mistake.contains("is not loopback, and nothing guards it"))
      try folder.write("web.yml", "basic_auth_users: {anna: \(Passwords.hash)}\n")
      #expect(folder.mistake(configurationText("listen: \"\(host):9069\"\nweb_config_file: web.yml")) == nil)
    }
  }

  @Test("the public listener is bound by no guard, and cannot be the other one")
  func publicListener() throws {
    try withConfigurationFolder { folder in
      let read = try folder.read(configurationText("public_listen: 0.0.0.0:8080"))
      #expect(read.publicListen == Configuration.Listen(host: "0.0.0.0", port: 8080))
      #expect(folder.mistake(configurationText("public_listen: 127.0.0.1:9069")) == "6:16: 'listen' has that address already")
      #expect(folder.mistake(configurationText("public_listen: 8080"))?.hasPrefix("6:16: expected ADDRESS:PORT") == true)
      #expect(folder.mistake(configurationText("public_listen: :8080"))?.hasPrefix("6:16: expected ADDRESS:PORT, with 0.0.0.0") == true)
    }
  }

  @Test(
    "allowed hosts are names without scheme and port",
    arguments: ["http://a", "a:80", "a b", "'*.example.com'", "a/b", "é.example", "''", "[a]"])
  func badHost(name: String) throws {
    try withConfigurationFolder { folder in
      #expect(folder.mistake(configurationText("allowed_hosts: [\(name)]"))?.hasPrefix("6:17: expected a") == true)
    }
  }

  @Test("allowed hosts are compared in lower case")
  func hosts() throws {
    try withConfigurationFolder { folder in
      let read = try folder.read(configurationText("allowed_hosts: [Monitor.Example.COM, 192.0.2.1]"))
      #expect(read.allowedHosts == ["monitor.example.com", "192.0.2.1"])
      #expect(HostNames(read).include("MONITOR.example.com.:9069"))
    }
  }

  @Test("a mistake in the web configuration hides none in the configuration that names it, and is not blamed on another line")
  func examination() throws {
    try withConfigurationFolder { folder in
      try folder.write("web.yml", "basic_auth_users: {anna: hunter2}\n")
      let text = configurationText("web_config_file: web.yml\nlisten: 0.0.0.0:9069\nchecks: {interval: soon}\n")
      let examination = ConfigurationExamination(text, file: folder.path + "/lookout.yml", environment: [:])
      let said = examination.mistakes.map { $0.description.replacing(folder.path + "/", with: "") }.sorted()
      #expect(said.count == 2, "\(said)")
      #expect(said.first?.hasPrefix("lookout.yml:8:20: expected a duration") == true)
      #expect(said.last?.hasPrefix("web.yml:1:26: the password of 'anna'") == true)
    }
  }
}
