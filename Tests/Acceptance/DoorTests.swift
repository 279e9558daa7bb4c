import Foundation
import Glibc
import Testing

/// Who comes in at the agent's own doors, and who does not.
@Suite(.serialized, .needsProgram)
struct DoorTests {
  private static let tls = "tls_server_config: {cert_file: own.pem, key_file: own.key}\n"
  /// Of the password S3CRET-of-anna.
  static let anna = "anna: $2y$04$wVr8gqJ0m1c3WlcnHn8zSe1XAMzGLSDmAFqM2j6Sw1OLbVBkofja2\n"
  /// Of the password otto-S3CRET.
  static let otto = "otto: $2b$05$wVr8gqJ0m1c3WlcnHn8zSe1BkSEWpeBG.Ddh4Dbw.KE9PTO69kw3S\n"

  @Test("behind TLS and users, who knows a password comes in, over an encrypted connection of this decade")
  func tlsAndUsers() async throws {
    try await withDoors("web_config_file: web.yml") { doors in
      try await doors.makeCertificate("own")
      try doors.write("web.yml", Self.tls + "basic_auth_users:\n  \(Self.anna)  \(Self.otto)")
    } _: { doors in
      let trusted = "--cacert"
      for (user, status) in [
        ("anna:S3CRET-of-anna", 200), ("otto:otto-S3CRET", 200), ("anna:otto-S3CRET", 401), ("anna:", 401), ("nobody:S3CRET-of-anna", 401),
        ("anna:\(String(repeating: "x", count: 5000))", 401),
      ] {
        #expect(try await doors.curl(trusted, "own.pem", "--user", user, scheme: "https").0 == status, "\(user.prefix(20))")
      }
      for path in ["/", "/health", "/metrics", "/livez", "/-/healthy", "/nothing"] {
        #expect(try await doors.curl(trusted, "own.pem", path: path, scheme: "https").0 == 401)
      }
      let challenge = try await run(["curl", "-sI", "--cacert", "own.pem", "https://localhost:\(doors.port)/"], in: doors.folder)
      #expect(challenge.output.lowercased().contains(#"www-authenticate: basic realm="lookout", charset="utf-8""#))
      #expect(try await doors.curl(scheme: "http").0 == 0)
      #expect(try await doors.curl(trusted, "own.pem", "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0", scheme: "https").0 == 0)
      #expect(try await doors.curl(trusted, "own.pem", "--user", "anna:S3CRET-of-anna", "--tls-max", "1.2", scheme: "https").0 == 200)
    }
  }

  @Test("where client certificates are required, only who has one comes in")
  func clientCertificates() async throws {
    let web = """
      tls_server_config:
        {cert_file: own.pem, key_file: own.key, client_auth_type: RequireAndVerifyClientCert, client_ca_file: client.pem}
      """
    try await withDoors("web_config_file: web.yml") { doors in
      for name in ["own", "client", "stranger"] { try await doors.makeCertificate(name) }
      try doors.write("web.yml", web)
    } _: { doors in
      #expect(try await doors.curl("--cacert", "own.pem", scheme: "https").0 == 0)
      for (name, status) in ["client": 200, "stranger": 0] {
        let got = try await doors.curl("--cacert", "own.pem", "--cert", "\(name).pem", "--key", "\(name).key", scheme: "https")
        #expect(got.0 == status, "\(name)")
      }
    }
  }

  @Test("a renewed certificate is taken up by itself, and a connection that is open stays open")
  func renewal() async throws {
    try await withDoors("web_config_file: web.yml") { doors in
      try await doors.makeCertificate("own")
      try doors.write("web.yml", Self.tls)
    } _: { doors in
      let request = #"GET /livez HTTP/1.1\r\nHost: localhost\r\n"#
      // The second request is sent when the certificate has been exchanged.
      let talk = """
        { printf '\(request)\\r\\n'; while [ ! -e renewed ]; do sleep 0.1; done; printf '\(request)Connection: close\\r\\n\\r\\n'; sleep 1; } |
          openssl s_client -quiet -connect localhost:\(doors.port) -CAfile own.pem
        """
      let open = try await Program.start(["sh", "-c", talk], in: doors.folder, name: "open")
      try await eventually("the first request is answered") { open.output.contains("200 OK") }
      try await doors.makeCertificate("new")
      try await doors.makeCertificate("old")
      for suffix in ["key", "pem"] {
        _ = try await run(["cp", "own.\(suffix)", "old.\(suffix)"], in: doors.folder)
        _ = try await run(["mv", "new.\(suffix)", "own.\(suffix)"], in: doors.folder)
      }
      try await eventually("the new certificate is served", within: .seconds(30)) {
        try await doors.curl("--cacert", "own.pem", scheme: "https").0 == 200
      }
      #expect(try await doors.curl("--cacert", "old.pem", scheme: "https").0 == 0)
      try doors.write("renewed", "")
      try await eventually("the open connection is served still") { open.output.components(separatedBy: "200 OK").count == 3 }
      await open.kill()
    }
  }

  @Test("the public listener says whether all is well to everybody, by whatever name, and nothing else")
  func publicListener() async throws {
    try await withDoors("public_listen: 127.0.0.1:0\nweb_config_file: web.yml") { doors in
      try doors.write("web.yml", "basic_auth_users:\n  \(Self.anna)")
    } _: { doors in
      let port = try await doors.publicPort()
      try await eventually("Odoo is known to be down") { try await doors.curl(path: "/health", port: port).0 == 503 }
      let health = try await run(["curl", "-si", "-H", "Host: status.example.com", "http://127.0.0.1:\(port)/health"], in: doors.folder)
      #expect(health.output.hasSuffix("\r\n\r\n{\"status\":\"fail\"}\n"))
      for word in ["lookout", "hummingbird", "crm", "127.0.0.1"] { #expect(!health.output.lowercased().contains(word)) }
      #expect(try await doors.curl(port: port) == (200, "ok\n"))
      for path in ["/", "/metrics", "/readyz", "/health/page", "/runbook", "/-/reload"] {
        #expect(try await doors.curl(path: path, port: port).0 == 404)
        #expect(try await doors.curl("-X", "POST", path: path, port: port).0 == 404)
      }
      #expect(try await doors.curl(path: "/health").0 == 401)
    }
  }

  @Test("a page of another site neither reads by another name nor reloads; the agent's own and programs do")
  func otherSites() async throws {
    try await withDoors("allowed_hosts: [monitor.internal]\nexternal_url: https://lookout.example.com/") { doors in
      for (host, status) in [
        "evil.example": 421, "127.0.0.1.evil.example": 421, "": 200, "monitor.internal": 200, "lookout.example.com": 200, "192.0.2.1": 200,
      ] {
        #expect(try await doors.curl("-H", "Host:\(host.isEmpty ? "" : " \(host)")").0 == status, "\(host)")
      }
      for (header, status) in [
        "Origin: http://evil.example": 403, "Origin: null": 403, "Sec-Fetch-Site: cross-site": 403, "Sec-Fetch-Site: same-site": 403,
        "Sec-Fetch-Site: same-origin": 200, "Origin: https://lookout.example.com": 200, "Origin: http://localhost:\(doors.port)": 200,
        "X-Nothing: 1": 200,
      ] {
        #expect(try await doors.curl("-X", "POST", "-H", header, path: "/-/reload").0 == status, "\(header)")
      }
      // As the form of another page would post it.
      let form = ["-H", "Content-Type: application/x-www-form-urlencoded", "-H", "Origin: http://evil.example", "--data", "a=b"]
      let posted = try await run(
        ["curl", "-s", "-w", "%{http_code}"] + form + ["http://localhost:\(doors.port)/-/reload"], in: doors.folder)
      #expect(posted.output.hasSuffix("403"))
    }
  }

  @Test("a reload by request says whether it succeeded, and users who come and go do so without a restart")
  func reload() async throws {
    try await withDoors("web_config_file: web.yml") { doors in
      try doors.write("web.yml", "basic_auth_users:\n  \(Self.anna)")
    } _: { doors in
      let (anna, otto) = ("anna:S3CRET-of-anna", "otto:otto-S3CRET")
      for method in ["POST", "PUT"] {
        let done = try await doors.curl("-X", method, "--user", anna, path: "/-/reload")
        #expect(done == (200, "the configuration was reloaded\n"))
      }
      #expect(try await doors.curl("-X", "POST", path: "/-/reload").0 == 401)
      #expect(try await doors.curl("--user", anna, path: "/-/reload").0 == 405)
      try doors.write("web.yml", "basic_auth_users:\n  \(Self.otto)")
      #expect(try await doors.curl("--user", otto).0 == 401)
      #expect(try await doors.curl("-X", "POST", "--user", anna, path: "/-/reload").0 == 200)
      #expect(try await doors.curl("--user", otto).0 == 200)
      #expect(try await doors.curl("--user", anna).0 == 401)
      try doors.write("web.yml", "basic_auth_users: {otto: otto-S3CRET}\n")
      let refused = try await doors.curl("-X", "POST", "--user", otto, path: "/-/reload")
      #expect(refused.0 == 500 && refused.1.contains("web.yml:1:26: the password of 'otto': expected a bcrypt hash"))
      #expect(!refused.1.contains("otto-S3CRET"))
      #expect(try await doors.curl("--user", otto).0 == 200)
      #expect(try await doors.curl("--user", otto, path: "/-/ready").0 == 503)
    }
  }

  @Test("hundreds of clients that hold connections keep nobody out")
  func slowClients() async throws {
    try await withDoors("") { doors in
      let held = try (0..<600).map { _ in
        let connection = try Socket.open(port: doors.port)
        Socket.sendAll(Array("GET /health HTTP/1.1\r\nHost: localhost\r\nX-".utf8), to: connection)
        return connection
      }
      defer { held.forEach { close($0) } }
      for _ in 0..<20 {
        let start = ContinuousClock.now
        #expect(try await doors.agent.page("/livez").status == 200)
        #expect(ContinuousClock.now - start < .seconds(5))
      }
      let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(try #require(doors.agent.program?.pid))/fd").count
      #expect(descriptors < 350)
      // The head must be whole within ten seconds, whoever waits.
      try await eventually("all of them are let go", within: .seconds(30)) {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/\(try #require(doors.agent.program?.pid))/fd").count < 90
      }
    }
  }

  @Test("a flood of wrong passwords leaves the other core and who is known already alone")
  func passwordFlood() async throws {
    try await withDoors("web_config_file: web.yml") { doors in
      // Of cost 12: 200 ms for each.
      try doors.write("web.yml", "basic_auth_users:\n  \(Self.anna)  eve: $2b$12$wVr8gqJ0m1c3WlcnHn8zSe5woB6vVvlxLdCjTD4Ohj44dKI7xZUg6\n")
    } _: { doors in
      #expect(try await doors.curl("--user", "anna:S3CRET-of-anna").0 == 200)
      let flood = "while :; do curl -s -o flood.out --user eve:$RANDOM http://localhost:\(doors.port)/ & sleep 0.02; done"
      let attacker = try await Program.start(["bash", "-c", flood], in: doors.folder, name: "flood")
      defer { attacker.signal(SIGKILL) }
      try await Task.sleep(for: .seconds(2))
      for _ in 0..<10 {
        let start = ContinuousClock.now
        #expect(try await doors.curl("--user", "anna:S3CRET-of-anna").0 == 200)
        #expect(ContinuousClock.now - start < .seconds(3))
      }
    }
  }
}
