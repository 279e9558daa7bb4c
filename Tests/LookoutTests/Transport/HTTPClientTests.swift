import Testing

@testable import Lookout

@Suite("The HTTP client", .timeLimit(.minutes(1)))
struct HTTPClientTests {
  @Test("status, headers, body and phases of an answer")
  func answer() async throws {
    let text = "HTTP/1.1 203 Fine\r\nX-One: 1\r\nx-two:  two words \r\nContent-Length: 5\r\n\r\nhello"
    try await withRawServer(answering: text) { server in
      try await withClient { client in
        let exchange = await client.perform(HTTPRequest(url: server.url + "/path?a=b"))
        #expect(exchange.failure == nil && exchange.status == 203)
        #expect(exchange.header("X-Two")?.hasPrefix("two words") == true && exchange.header("X-ONE") == "1" && exchange.header("no") == nil)
        #expect(exchange.body == Array("hello".utf8) && exchange.bodyBytes == 5)
        let phases = exchange.phases
        #expect(phases.connect > 0 && phases.processing > 0 && phases.tls == 0)
        let sum = phases.resolve + phases.connect + phases.tls + phases.processing + phases.transfer
        #expect(sum > 0 && sum <= phases.total + 0.001 && phases.total < 10)
      }
    }
  }

  @Test("the request arrives as given: method, path, headers, body", arguments: ["POST", "PUT", "DELETE", "PATCH"])
  func request(method: String) async throws {
    let seen = Mailbox<String>()
    let answer: @Sendable (RawConnection) -> Void = { connection in
      seen.put(connection.request())
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    }
    try await withRawServer(answer) { server in
      try await withClient { client in
        let body = Array("{\"a\": \"\u{0}ü\"}".utf8) + [UInt8](repeating: 0x78, count: 200_000)
        let request = HTTPRequest(
          method: method, url: server.url + "/web/session", headers: [("Content-Type", "application/json"), ("X-Key", "a b")], body: body)
        #expect(await client.perform(request).status == 200)
        let text = try await seen.take()
        #expect(text.hasPrefix("\(method) /web/session HTTP/1.1\r\n"))
        for header in ["Content-Type: application/json", "X-Key: a b", "Content-Length: \(body.count)", "User-Agent: Lookout/"] {
          #expect(text.contains("\r\n" + header), "\(header)")
        }
        #expect(!text.contains("Expect:"))
        #expect(text.hasSuffix(String(decoding: body, as: UTF8.self)))
      }
    }
  }

  @Test("GET has no body, HEAD waits for none, POST without a body says that its length is 0")
  func methods() async throws {
    let seen = Mailbox<String>()
    let answer: @Sendable (RawConnection) -> Void = { connection in
      seen.put(connection.request())
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789")
    }
    try await withRawServer(answer) { server in
      try await withClient { client in
        #expect(await client.perform(HTTPRequest(url: server.url)).bodyBytes == 10)
        let get = try await seen.take()
        #expect(!get.contains("Content-Length"))
        let head = await client.perform(HTTPRequest(method: "HEAD", url: server.url))
        #expect(head.failure == nil && head.bodyBytes == 0)
        #expect(try await seen.take().hasPrefix("HEAD / "))
        _ = await client.perform(HTTPRequest(method: "POST", url: server.url))
        #expect(try await seen.take().contains("Content-Length: 0\r\n"))
      }
    }
  }

  @Test("a redirect is an answer, not followed", arguments: [301, 302, 303, 307, 308])
  func redirect(status: Int) async throws {
    let text = "HTTP/1.1 \(status) Elsewhere\r\nLocation: /web/login\r\nContent-Length: 0\r\n\r\n"
    try await withRawServer(answering: text) { server in
      try await withClient { client in
        let exchange = await client.perform(HTTPRequest(url: server.url + "/web"))
        #expect(exchange.status == status && exchange.header("location") == "/web/login" && exchange.failure == nil)
        #expect(server.connections == 1)
      }
    }
  }

  @Test("HTTP/1.0 without a length ends with the connection")
  func http10() async throws {
    try await withRawServer(answering: "HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\nall of it") { server in
      try await withClient { client in
        let exchange = await client.perform(HTTPRequest(url: server.url))
        #expect(exchange.failure == nil && exchange.body == Array("all of it".utf8))
      }
    }
  }

  @Test("an interim answer is passed over, headers and all")
  func interim() async throws {
    let text = "HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\nHTTP/1.1 200 OK\r\nX-Late: 1\r\nContent-Length: 0\r\n\r\n"
    try await withRawServer(answering: text) { server in
      try await withClient { client in
        let exchange = await client.perform(HTTPRequest(url: server.url))
        #expect(exchange.status == 200 && exchange.header("X-Early") == nil && exchange.header("X-Late") == "1")
      }
    }
  }

  @Test("a kept connection is used again only where it may be")
  func reuse() async throws {
    let answer: @Sendable (RawConnection) -> Void = { connection in
      while !connection.request().isEmpty { connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") }
    }
    try await withRawServer(answer) { server in
      try await withClient { client in
        for _ in 0..<3 { _ = await client.perform(HTTPRequest(url: server.url)) }
        #expect(server.connections == 3)
        for _ in 0..<3 { _ = await client.perform(HTTPRequest(url: server.url, reusesConnection: true)) }
        #expect(server.connections == 4)
      }
    }
  }

  @Test("200 requests at once are all answered, each with its own answer, over four connections at a time")
  func many() async throws {
    let underWay = Board((now: 0, most: 0))
    let answer: @Sendable (RawConnection) -> Void = { connection in
      underWay.update { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
      let path = connection.request().split(separator: " ").dropFirst().first ?? ""
      underWay.update { $0.now -= 1 }
      connection.send("HTTP/1.0 200 OK\r\n\r\n\(path)")
    }
    try await withRawServer(answer) { server in
      try await withClient { client in
        let bodies = await withTaskGroup(of: (String, [UInt8]).self) { group in
          for number in 0..<200 {
            group.addTask { ("/\(number)", await client.perform(HTTPRequest(url: server.url + "/\(number)", timeout: .seconds(50))).body) }
          }
          return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(bodies.count == 200)
        #expect(bodies.allSatisfy { $0.1 == Array($0.0.utf8) })
        #expect(server.connections == 200 && underWay.latest.most <= 4)
      }
    }
  }

  @Test("two clients on one loop both get their answers")
  func twoClients() async throws {
    try await withRawServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") { server in
      try await withLoop { loop in
        let (first, second) = (HTTPClient(loop: loop), HTTPClient(loop: loop))
        async let one = first.perform(HTTPRequest(url: server.url))
        async let two = second.perform(HTTPRequest(url: server.url))
        #expect(await [one.status, two.status] == [200, 200])
      }
    }
  }

  @Test("cancelling ends a transfer at once and hangs up")
  func cancelled() async throws {
    let news = Mailbox<String>()
    let answer: @Sendable (RawConnection) -> Void = { connection in
      connection.request()
      news.put("asked")
      connection.waitForHangUp()
      news.put("hung up")
    }
    try await withRawServer(answer) { server in
      try await withClient { client in
        let task = Task { await client.perform(HTTPRequest(url: server.url, timeout: .seconds(600))) }
        let first = try await news.take()
        #expect(first == "asked")
        task.cancel()
        let exchange = await task.value
        #expect(exchange.failure == TransportFailure(reason: .protocolError, message: "the look was cancelled"))
        #expect(try await news.take() == "hung up")
      }
    }
  }

  @Test("a task that is cancelled already does not connect")
  func cancelledBefore() async throws {
    try await withRawServer(answering: "HTTP/1.1 200 OK\r\n\r\n") { server in
      try await withClient { client in
        let gate = Mailbox<Void>()
        let task = Task {
          _ = try? await gate.take()
          return await client.perform(HTTPRequest(url: server.url))
        }
        task.cancel()
        gate.put(())
        #expect(await task.value.failure?.reason == .protocolError)
        #expect(server.connections == 0)
      }
    }
  }

  @Test("when the loop stops, transfers under way and later ones fail instead of hanging")
  func stopped() async throws {
    let news = Mailbox<String>()
    let answer: @Sendable (RawConnection) -> Void = { connection in
      connection.request()
      news.put("asked")
      connection.waitForHangUp()
    }
    try await withRawServer(answer) { server in
      let loop = try EventLoop(name: "test")
      let client = HTTPClient(loop: loop)
      async let exchange = client.perform(HTTPRequest(url: server.url, timeout: .seconds(600)))
      _ = try await news.take()
      loop.stop()
      #expect(await exchange.failure?.reason == .protocolError)
      #expect(await client.perform(HTTPRequest(url: server.url)).failure?.reason == .protocolError)
    }
  }
}
