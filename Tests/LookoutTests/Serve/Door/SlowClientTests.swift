import Testing

@testable import Lookout

/// Clients that hold a connection without getting anywhere.
@Suite(.timeLimit(.minutes(1)))
struct SlowClientTests {
  private let impatient = ConnectionLimits(request: .milliseconds(400), answer: .milliseconds(400), idle: .milliseconds(400))

  private func livez(_ port: Int) -> String { "GET /livez HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\r\n" }

  @Test("a client that says nothing is let go")
  func silent() async throws {
    try await withServer(limits: impatient) { port in
      let end = await (try RawClient(port: port)).read()
      #expect(end.isClosed && end.text.isEmpty)
    }
  }

  @Test("a client that begins no TLS handshake, or speaks no TLS, is let go", arguments: ["", "\u{16}\u{3}", "GET / HTTP/1.1\r\n\r\n"])
  func slowHandshake(begin: String) async throws {
    try await withDirectory { folder in
      try await MadeCertificate(folder: folder).make("own")
      var configuration = Configuration(targets: [], stateDirectory: "/nowhere", externalURL: "https://localhost")
      let tls = ServerTLS(certificateFile: "\(folder)/own.pem", keyFile: "\(folder)/own.key")
      configuration.web = WebConfiguration(file: "web.yml", tls: tls, users: [:])
      try await withServer(door: Door(try DoorRules(configuration)), limits: impatient) { port in
        let client = try RawClient(port: port)
        client.send(begin)
        let end = await client.read()
        #expect(end.isClosed && !end.text.contains("HTTP/1.1"))
      }
    }
  }

  @Test("a head that trickles in wins no time", arguments: ["GET /livez HTTP/1.1\r\n", ""])
  func slowHead(begin: String) async throws {
    try await withServer(limits: impatient) { port in
      let client = try RawClient(port: port)
      client.send(begin)
      let start = ContinuousClock.now
      var sent = 0
      // It breaks off on its own if the server never does.
      while client.send("X-\(sent): 1\r\n"), sent < 400 {
        sent += 1
        try await Task.sleep(for: .milliseconds(20))
      }
      #expect(sent < 400 && ContinuousClock.now - start < .seconds(6))
    }
  }

  @Test("a body that trickles in wins no time")
  func slowBody() async throws {
    try await withServer(limits: impatient) { port in
      let client = try RawClient(port: port)
      client.send("POST /-/reload HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 4000\r\n\r\n")
      var sent = 0
      while client.send("x"), sent < 400 {
        sent += 1
        try await Task.sleep(for: .milliseconds(20))
      }
      #expect(sent < 400)
    }
  }

  @Test("a body longer than is taken ends the connection, whether its length is said or not")
  func hugeBody() async throws {
    try await withServer { port in
      let said = try await rawExchange(
        "POST /-/reload HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 10000000\r\n\r\n", port: port)
      #expect(said.statusLine == "HTTP/1.1 413 Payload Too Large")
      let client = try RawClient(port: port)
      client.send("POST /-/reload HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
      let chunk = "4000\r\n" + String(repeating: "x", count: 0x4000) + "\r\n"
      var sent = 0
      while client.send(chunk), sent < 10_000 { sent += 1 }
      #expect(sent < 10_000)
      #expect(try await rawGet("/livez", port: port).statusLine == "HTTP/1.1 200 OK")
    }
  }

  @Test("a connection serves one request after another, and goes when no further one comes")
  func keptAlive() async throws {
    try await withServer(limits: ConnectionLimits(idle: .seconds(3))) { port in
      let client = try RawClient(port: port)
      for _ in 0..<3 {
        client.send(livez(port))
        #expect(await client.read(until: "ok\n").text.hasPrefix("HTTP/1.1 200 OK"))
        try await Task.sleep(for: .milliseconds(100))
      }
      #expect(await client.read().isClosed)
    }
  }

  @Test("a full house takes a newcomer, and the one goes that has been waiting longest")
  func fullHouse() async throws {
    try await withServer(places: Places.Limits(inAll: 8)) { port in
      let first = try RawClient(port: port)
      // Several threads take connections: of those that come together any may be counted first.
      try await Task.sleep(for: .milliseconds(200))
      let others = try (0..<7).map { _ in try RawClient(port: port) }
      for holder in [first] + others { holder.send("GET /livez HTTP/1.1\r\nHost:") }
      try await Task.sleep(for: .milliseconds(200))
      for _ in 0..<4 {
        #expect(try await rawGet("/livez", port: port).body.utf8Text == "ok\n")
      }
      #expect(await first.read(within: .seconds(5)).isClosed)
      // An answered connection keeps its place until its client has closed it too, so that others may have gone as well; the last has not.
      #expect(await others.last?.read(within: .milliseconds(100)).isClosed == false)
    }
  }
}
