import Foundation
import Testing

@testable import Lookout

@Suite("The web configuration file")
struct WebConfigurationTests {
  /// What the reader says of a file with that text, beside certificates: `2:3: …`; nil where it takes it.
  private func mistake(_ text: String, more: String = "") async throws -> String? {
    try await withCertificates { folder in
      try folder.write("web.yml", text)
      return folder.mistake(configurationText("web_config_file: web.yml\n\(more)"))?.replacing("FOLDER/web.yml:", with: "")
    }
  }

  private func withCertificates<Value>(_ body: (ConfigurationFolder) throws -> Value) async throws -> Value {
    try await withDirectory { path in
      let folder = ConfigurationFolder(path: path)
      for name in ["own", "other"] { try await MadeCertificate(folder: path).make(name) }
      try folder.write("password", "hunter2\n")
      try folder.write("empty.pem", "")
      try folder.write("broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
      return try body(folder)
    }
  }

  private static let tls = "tls_server_config:\n  cert_file: own.pem\n  key_file: own.key\n"

  @Test("TLS and users are read, files are seen from the file's own folder")
  func good() async throws {
    try await withCertificates { folder in
      try FileManager.default.createDirectory(atPath: folder.path + "/web", withIntermediateDirectories: true)
      try folder.write(
        "web/web.yml",
        """
        tls_server_config:
          cert_file: ../own.pem
          key_file: ../own.key
          client_auth_type: RequireAndVerifyClientCert
          client_ca_file: ../other.pem
          min_version: TLS13
        basic_auth_users:
          anna: \(Passwords.hash)
          otto: \(Passwords.hashOfHtpasswd)
        """)
      let read = try folder.read(configurationText("web_config_file: web/web.yml\nlisten: 0.0.0.0:9443"))
      let web = try #require(read.web)
      #expect(web.users.keys.sorted() == ["anna", "otto"])
      #expect(web.tls?.certificateFile == folder.path + "/web/../own.pem")
      #expect(web.tls?.clientAuthentication == .required && web.tls?.minimum == .tlsv13)
      #expect(read.externalURL.hasPrefix("https://") && read.externalURL.hasSuffix(":9443"))
      #expect(!read.externalURL.contains("0.0.0.0"))
    }
  }

  @Test("a file that says nothing is as none", arguments: ["", "# nothing\n", "{}", "basic_auth_users: {}\n", "tls_server_config:\n"])
  func nothing(text: String) async throws {
    #expect(try await mistake(text) == nil)
    #expect(try await mistake(text, more: "listen: 0.0.0.0:9069")?.contains("is not loopback, and nothing guards it") == true)
  }

  @Test(
    "mistakes are told with their place in that file",
    arguments: [
      ("tls_server_config: {cert_file: own.pem}", "1:20: 'key_file' is missing"),
      ("tls_server_config: {key_file: own.key}", "1:20: 'cert_file' is missing"),
      ("tls_server_config:\n  cert_file: none.pem\n  key_file: own.key", "2:14: FOLDER/none.pem cannot be read: No such file"),
      ("tls_server_config:\n  cert_file: own.pem\n  key_file: none.key", "3:13: FOLDER/none.key cannot be read: No such file"),
      ("tls_server_config:\n  cert_file: own.pem\n  key_file: other.key", "3:13: FOLDER/other.key is not the key of the certificate in"),
      ("tls_server_config:\n  cert_file: own.key\n  key_file: own.key", "2:14: FOLDER/own.key holds no certificate in PEM"),
      ("tls_server_config:\n  cert_file: empty.pem\n  key_file: own.key", "2:14: FOLDER/empty.pem holds no certificate in PEM"),
      ("tls_server_config:\n  cert_file: broken.pem\n  key_file: own.key", "2:14: FOLDER/broken.pem holds no certificate in PEM"),
      ("tls_server_config:\n  cert_file: own.pem\n  key_file: own.pem", "3:13: FOLDER/own.pem holds no private key in PEM"),
      ("\(tls)  min_version: TLS9", "4:16: expected one of TLS10, TLS11, TLS12, TLS13, found 'TLS9'"),
      ("\(tls)  max_version: TLS11", "4:16: 'min_version' is above 'max_version'"),
      ("\(tls)  client_auth_type: RequireAnyClientCert", "4:21: expected one of NoClientCert, VerifyClientCertIfGiven,"),
      ("\(tls)  client_auth_type: RequireAndVerifyClientCert", "4:21: 'client_ca_file' is missing"),
      ("\(tls)  client_ca_file: other.pem", "4:19: without 'client_auth_type: RequireAndVerifyClientCert'"),
      (
        "\(tls)  client_ca_file: empty.pem\n  client_auth_type: VerifyClientCertIfGiven",
        "4:19: FOLDER/empty.pem holds no certificate in PEM"
      ),
      ("\(tls)  cipher_suites: [A]", "4:3: Lookout does not support 'cipher_suites'; known here: cert_file, key_file,"),
      ("http_server_config: {http2: false}", "1:1: Lookout does not support 'http_server_config'"),
      ("basic_auth_user: {}", "1:1: unknown key 'basic_auth_user'; did you mean 'basic_auth_users'?"),
      ("basic_auth_users: [a]", "1:19: expected a mapping from names to texts"),
      ("basic_auth_users: {anna: hunter2}", "1:26: the password of 'anna': expected a bcrypt hash"),
      ("basic_auth_users: {anna: }", "1:26: the password of 'anna': expected a bcrypt hash"),
      ("basic_auth_users: {anna: [x]}", "1:26: the password of 'anna': expected a bcrypt hash, found no text"),
      ("basic_auth_users: {anna: $2y$10$short}", "1:26: the password of 'anna': this bcrypt hash is damaged"),
      (
        "basic_auth_users: {anna: $2y$20$wVr8gqJ0m1c3WlcnHn8zSexqEYLGqeMWvZZ8va3RitiQhhzaYMZS6}",
        "1:26: the password of 'anna': a bcrypt hash of cost 20 cannot be used here: 4 to 15 can"
      ),
      ("basic_auth_users: {'a:b': x}", "1:20: a user's name cannot hold a colon"),
      ("basic_auth_users: {'': x}", "1:20: expected a text"),
      ("tls_server_config: {", "not YAML"),
    ] as [(String, String)])
  func mistakes(text: String, message: String) async throws {
    let said = try #require(try await mistake(text))
    #expect(said.contains(message), "\(said)")
    // What stands in a hash's place may be the password.
    #expect(!said.contains("hunter2"))
  }

  @Test("the file itself must be there", arguments: ["none.yml", "."])
  func missing(path: String) throws {
    try withConfigurationFolder { folder in
      #expect(folder.mistake(configurationText("web_config_file: \(path)"))?.hasPrefix("6:18: ") == true)
    }
  }

  @Test(
    "hostile hashes are refused",
    arguments: [
      "$2y$10$" + String(repeating: "\u{0}", count: 53), "$2y$-1$" + String(repeating: ".", count: 53), "$2y$1", "*0", "$5$rounds=1$a$b",
      String(repeating: "$2y$", count: 10_000), "$2y$0x$" + String(repeating: ".", count: 53),
      "$2y$10$" + String(repeating: "é", count: 26) + ".",
    ])
  func hostileHash(text: String) {
    #expect(throws: PasswordHash.Mistake.self) { try PasswordHash(text) }
  }
}
