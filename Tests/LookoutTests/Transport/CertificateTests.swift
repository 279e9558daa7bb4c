import Foundation
import Testing

@testable import Lookout

/// An authority that was made for the occasion, and OpenSSL's own server with certificates of its.
struct Authority {
  let folder: String

  var certificate: String { "\(folder)/ca.pem" }

  /// - Parameters:
  ///   - days: how long the server's certificate lasts from now; one that is over has a negative number.
  ///   - names: its subject alternative names.
  func serve<Value: Sendable>(
    days: Int = 30, names: String = "DNS:localhost", newKey: [String] = ["ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"],
    _ arguments: [String] = [],
    _ body: (Int) async throws -> Value
  ) async throws -> Value {
    let id = UUID().uuidString
    let (key, request, certificate) = ("\(folder)/\(id).key", "\(folder)/\(id).csr", "\(folder)/\(id).pem")
    try Data("subjectAltName=\(names)\n".utf8).write(to: URL(filePath: "\(folder)/\(id).ext"))
    try await openssl(
      [
        "req", "-newkey",
      ] + newKey + ["-nodes", "-subj", "/CN=x", "-keyout", key, "-out", request])
    let now = Date()
    func stamp(_ date: Date) -> String {
      let time = Timestamp(milliseconds: Int64(date.timeIntervalSince1970 * 1000)).rfc3339
      return time.prefix(19).filter(\.isNumber) + "Z"
    }
    let (start, end) = (stamp(now.addingTimeInterval(-86_400 * 60)), stamp(now.addingTimeInterval(86_400 * Double(days))))
    try Data().write(to: URL(filePath: "\(folder)/index-\(id)"))
    try Data("01\n".utf8).write(to: URL(filePath: "\(folder)/serial-\(id)"))
    let settings = """
      [ca]
      default_ca = own
      [own]
      database = \(folder)/index-\(id)
      serial = \(folder)/serial-\(id)
      new_certs_dir = \(folder)
      default_md = sha256
      policy = any
      [any]
      commonName = supplied
      """
    try Data(settings.utf8).write(to: URL(filePath: "\(folder)/\(id).cnf"))
    try await openssl([
      "ca", "-batch", "-config", "\(folder)/\(id).cnf", "-cert", self.certificate, "-keyfile", "\(folder)/ca.key", "-startdate", start,
      "-enddate", end,
      "-extfile", "\(folder)/\(id).ext", "-in", request, "-out", certificate, "-notext",
    ])
    return try await withTLSServer(["-key", key, "-cert", certificate] + arguments, body)
  }

  private func openssl(_ arguments: [String]) async throws {
    let made = try await runProgram("/usr/bin/openssl", arguments, input: [])
    try #require(made.status == 0, "\(made.output.utf8Text)")
  }

  fileprivate func make() async throws {
    try await openssl([
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=authority", "-days", "90",
      "-keyout",
      "\(folder)/ca.key", "-out", certificate, "-addext", "basicConstraints=critical,CA:TRUE",
    ])
  }
}

func withAuthority(_ body: (Authority) async throws -> Void) async throws {
  let folder = FileManager.default.temporaryDirectory.appending(path: "lookout-\(UUID().uuidString)").path
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  let authority = Authority(folder: folder)
  try await authority.make()
  try await body(authority)
}

@Suite("Certificates", .timeLimit(.minutes(1)))
struct CertificateTests {
  private func ask(_ port: Int, host: String = "localhost", _ change: (inout HTTPRequest) -> Void) async throws -> HTTPExchange {
    var request = HTTPRequest(url: "https://\(host):\(port)/", timeout: .seconds(20))
    request.tls.readsCertificates = true
    change(&request)
    return try await withClient { client in await client.perform(request) }
  }

  @Test("of an authority that is believed: the answer comes, and with it when the certificate ends")
  func believed() async throws {
    try await withAuthority { authority in
      try await authority.serve(days: 30) { port in
        let exchange = try await ask(port) { $0.tls.trustFile = authority.certificate }
        #expect(exchange.failure == nil && exchange.status == 200 && exchange.isEncrypted, "\(exchange.failure as Any)")
        let days = try #require(exchange.certificatesEnd) / 86_400 - Date().timeIntervalSince1970 / 86_400
        #expect(abs(days - 30) < 0.1)
      }
    }
  }

  @Test(
    "that are wrong: each is a failure of TLS that says what is wrong",
    arguments: [
      (-1, "DNS:localhost", "expired"), (30, "DNS:other.example.com", "localhost"), (30, "IP:127.0.0.9", "localhost"),
    ] as [(Int, String, String)])
  func wrong(days: Int, names: String, says: String) async throws {
    try await withAuthority { authority in
      try await authority.serve(days: days, names: names) { port in
        let exchange = try await ask(port) { $0.tls.trustFile = authority.certificate }
        #expect(exchange.failure?.reason == .tls && exchange.failure?.message.contains(says) == true, "\(exchange.failure as Any)")
        let unverified = try await ask(port) { $0.tls.verifiesServer = false }
        #expect(unverified.status == 200)
      }
    }
  }

  @Test("of an authority that nobody believes, under another name that is asked for, of an old version, and for a client without its own")
  func choices() async throws {
    try await withAuthority { authority in
      try await authority.serve { port in
        let unknown = try await ask(port) { _ in }
        #expect(unknown.failure?.reason == .tls)
      }
      try await authority.serve(names: "DNS:crm.example.com") { port in
        let named = try await ask(port) { ($0.tls.trustFile, $0.tls.serverName) = (authority.certificate, "crm.example.com") }
        #expect(named.failure == nil && named.status == 200, "\(named.failure as Any)")
      }
      try await authority.serve(["-tls1_2"]) { port in
        let old = try await ask(port) { ($0.tls.trustFile, $0.tls.oldestVersion) = (authority.certificate, .tls13) }
        #expect(old.failure?.reason == .tls, "\(old.failure as Any)")
      }
    }
  }

  @Test(
    "weak ones: a short key, an old protocol, a cipher without secrecy; each is a failure of TLS",
    arguments: [
      (["rsa:1024"], []), (nil, ["-tls1"]), (nil, ["-tls1_1"]), (nil, ["-tls1_2", "-cipher", "eNULL@SECLEVEL=0"]),
    ] as [([String]?, [String])])
  func weak(key: [String]?, arguments: [String]) async throws {
    try await withAuthority { authority in
      // The server itself must be talked into it.
      let weakly = arguments.contains("-cipher") ? arguments : arguments + ["-cipher", "ALL@SECLEVEL=0"]
      let serve: ((Int) async throws -> HTTPExchange) async throws -> HTTPExchange = { body in
        guard let key else { return try await authority.serve(weakly, body) }
        return try await authority.serve(newKey: key, weakly, body)
      }
      let exchange = try await serve { port in try await ask(port) { $0.tls.trustFile = authority.certificate } }
      #expect(exchange.failure?.reason == .tls && exchange.status == 0, "\(exchange.failure as Any)")
    }
  }

  @Test("one that ends soon fails a probe that wants more days")
  func soon() async throws {
    try await withAuthority { authority in
      try await authority.serve(days: 5) { port in
        var settings = ProbeModule.HTTPSettings()
        (settings.certificateDays, settings.tls.trustFile) = (14, authority.certificate)
        let now = Timeline.system().now
        try await withClient { client in
          let probe = HTTPProbe(settings: settings, target: "https://localhost:\(port)/", timeout: .seconds(20), now: now) {
            await client.perform($0)
          }
          let outcome = await probe.probe()
          #expect(outcome.flaw?.reason == .tls && outcome.flaw?.sentence.contains("4 days") == true, "\(outcome.flaw as Any)")
          #expect(
            outcome.samples.contains { $0.metric == .probeCertificate }
              && outcome.samples.contains { $0.metric == .probeSSL && $0.value == 1 })
        }
      }
    }
  }

  @Test(
    "OpenSSL's dates",
    arguments: [
      ("Nov  8 12:00:00 2027 GMT", 1825675200), ("Jan  1 00:00:00 1970 GMT", 0), ("Nov 8 2027", nil), ("", nil),
      ("Foo 1 00:00:00 2027 GMT", nil),
      ("Nov 99 00:00:00 2027 GMT", nil), ("Nov 1 00:00 2027 GMT", nil),
    ] as [(String, Double?)])
  func dates(text: String, seconds: Double?) {
    #expect(HTTPExchange.seconds(ofDate: text) == seconds)
  }
}
