import Foundation
import Testing

@testable import Lookout

@Suite("Answers that fail, and how large they may be", .timeLimit(.minutes(1)))
struct HTTPFailureTests {
  private func reason(
    _ answer: String, _ change: (inout HTTPRequest) -> Void = { _ in }
  ) async throws -> (reason: Reason?, exchange: HTTPExchange) {
    try await withRawServer(answering: answer) { server in
      try await withClient { client in
        var request = HTTPRequest(url: server.url)
        change(&request)
        let exchange = await client.perform(request)
        return (exchange.failure?.reason, exchange)
      }
    }
  }

  @Test("a refused connection")
  func refused() async throws {
    let port = try closedPort()
    try await withClient { client in
      let exchange = await client.perform(HTTPRequest(url: "http://127.0.0.1:\(port)/"))
      #expect(exchange.failure?.reason == .connect && exchange.status == 0 && exchange.bodyBytes == 0)
      #expect(exchange.failure?.message.contains("127.0.0.1 port \(port)") == true, "\(exchange.failure?.message ?? "")")
    }
  }

  @Test("a name that does not exist")
  func unknownName() async throws {
    try await withClient { client in
      let exchange = await client.perform(HTTPRequest(url: "http://no-such-host.invalid/"))
      #expect(exchange.failure?.reason == .dns)
    }
  }

  @Test("a connection that is closed without a byte")
  func empty() async throws {
    #expect(try await reason("").reason == .emptyReply)
  }

  @Test("no answer in time")
  func timeout() async throws {
    try await withRawServer({ $0.waitForHangUp() }) { server in
      try await withClient { client in
        let exchange = await client.perform(HTTPRequest(url: server.url, timeout: .milliseconds(150)))
        #expect(exchange.failure?.reason == .timeout && exchange.status == 0)
        #expect(exchange.failure?.message.contains("within 0.15 s") == true)
        #expect(exchange.phases.total >= 0.14)
      }
    }
  }

  @Test("an answer that begins and does not end in time keeps what came")
  func stalled() async throws {
    let answer: @Sendable (RawConnection) -> Void = { connection in
      connection.request()
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
      connection.waitForHangUp()
    }
    try await withRawServer(answer) { server in
      try await withClient { client in
        let exchange = await client.perform(HTTPRequest(url: server.url, timeout: .milliseconds(300)))
        #expect(exchange.failure?.reason == .timeout && exchange.status == 200 && exchange.body == Array("half".utf8))
      }
    }
  }

  @Test(
    "what is no HTTP, or breaks off",
    arguments: [
      "SSH-2.0-OpenSSH_9.2\r\n", "\u{0}\u{1}\u{2}\u{3}", "HTTP/1.1 abc OK\r\n\r\n", "HTTP/9.9 200 OK\r\n\r\n", "<html></html>",
      "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffffff\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope", "HTTP/1.1 200 OK\r\nContent-Le",
    ])
  func garbage(answer: String) async throws {
    let (reason, exchange) = try await reason(answer)
    #expect(reason == .protocolError)
    #expect(exchange.failure?.message.hasPrefix("no whole answer") == true)
  }

  @Test("headers beyond 64 KiB, in many lines or in one, are given up", arguments: [true, false])
  func endlessHeaders(inLines: Bool) async throws {
    let answer: @Sendable (RawConnection) -> Void = { connection in
      connection.request()
      connection.send("HTTP/1.1 200 OK\r\nX-Long: ")
      let piece = inLines ? "x\r\nX-Header: " + String(repeating: "y", count: 500) : String(repeating: "y", count: 500)
      while connection.send(piece) {}
    }
    try await withRawServer(answer) { server in
      try await withClient { client in
        let exchange = await client.perform(HTTPRequest(url: server.url))
        #expect(exchange.failure?.reason == .tooLarge, "\(exchange.failure?.message ?? "")")
        #expect(exchange.headers.count < 1000)
      }
    }
  }

  @Test("headers and bodies that trickle in, byte by byte and without end, are given up in time", arguments: [true, false])
  func trickle(inHeaders: Bool) async throws {
    let answer: @Sendable (RawConnection) -> Void = { connection in
      connection.request()
      connection.send(inHeaders ? "HTTP/1.1 200 OK\r\nX-Slow: " : "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
      while connection.send("x") { usleep(20_000) }
    }
    try await withRawServer(answer) { server in
      try await withClient { client in
        let exchange = await client.perform(HTTPRequest(url: server.url, timeout: .milliseconds(400)))
        #expect(exchange.failure?.reason == .timeout && exchange.status == 200, "\(exchange.failure?.message ?? "")")
        #expect(exchange.phases.total < 5 && (inHeaders ? exchange.bodyBytes == 0 : exchange.bodyBytes > 0))
      }
    }
  }

  @Test("a connection that is reset: before an answer, and in the middle of one", arguments: [true, false])
  func reset(beforeAnswer: Bool) async throws {
    let answer: @Sendable (RawConnection) -> Void = { connection in
      connection.request()
      if !beforeAnswer { connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf") }
      // What was sent arrives first.
      usleep(50_000)
      connection.resetAtEnd()
    }
    try await withRawServer(answer) { server in
      try await withClient { client in
        let exchange = await client.perform(HTTPRequest(url: server.url))
        #expect(exchange.failure?.reason == (beforeAnswer ? .emptyReply : .protocolError), "\(exchange.failure?.message ?? "")")
        #expect(exchange.status == (beforeAnswer ? 0 : 200))
      }
    }
  }

  @Test("a body of 1 GB, announced or not, costs what is kept of it and no more", arguments: [true, false])
  func oneGigabyte(isAnnounced: Bool) async throws {
    let answer: @Sendable (RawConnection) -> Void = { connection in
      connection.request()
      connection.send("HTTP/1.0 200 OK\r\n" + (isAnnounced ? "Content-Length: \(1 << 30)\r\n" : "") + "\r\n")
      let piece = [UInt8](repeating: 0x78, count: 1 << 20)
      for _ in 0..<1024 where !connection.send(piece) { return }
    }
    try await withRawServer(answer) { server in
      try await withClient { client in
        let given = await client.perform(HTTPRequest(url: server.url))
        #expect(given.failure?.reason == .tooLarge && ((8 << 20) - (64 << 10)...8 << 20).contains(given.body.count))
        // Read to its end it holds no more than was asked for.
        let read = await client.perform(HTTPRequest(url: server.url, timeout: .seconds(50), bodyLimit: 2 << 30, keptBytes: 1000))
        #expect(read.failure == nil && read.bodyBytes == 1 << 30 && read.body.count == 1000)
      }
    }
  }

  @Test("a body beyond its limit is given up")
  func endlessBody() async throws {
    let answer: @Sendable (RawConnection) -> Void = { connection in
      connection.request()
      connection.send("HTTP/1.0 200 OK\r\n\r\n")
      while connection.send([UInt8](repeating: 0x78, count: 64 << 10)) {}
    }
    try await withRawServer(answer) { server in
      try await withClient { client in
        let exchange = await client.perform(HTTPRequest(url: server.url, bodyLimit: 1 << 20, keptBytes: 100))
        #expect(exchange.failure?.reason == .tooLarge && exchange.failure?.message == "the answer is larger than 1024 KiB")
        #expect(exchange.status == 200 && exchange.body.count == 100)
      }
    }
  }

  @Test("a body at its limit is whole; of it only so much is kept as was asked for")
  func limits() async throws {
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789"
    let exact = try await reason(answer) { $0.bodyLimit = 10 }
    #expect(exact.reason == nil && exact.exchange.bodyBytes == 10 && exact.exchange.body.count == 10)
    #expect(try await reason(answer) { $0.bodyLimit = 9 }.reason == .tooLarge)
    let kept = try await reason(answer) { $0.keptBytes = 3 }
    #expect(kept.reason == nil && kept.exchange.body == Array("012".utf8) && kept.exchange.bodyBytes == 10)
    let none = try await reason(answer) { $0.keptBytes = 0 }
    #expect(none.exchange.body.isEmpty && none.exchange.bodyBytes == 10)
  }

  @Test("a compressed body is decompressed, and the limit holds for what comes out: 1 MB of gzip may be 1 GB")
  func gzipBomb() async throws {
    // By the deflate of 1 MiB of zeros, as many members as one likes may follow each other; one large stream does as well.
    let plain = try await runProgram("/bin/gzip", ["-9c"], input: [UInt8](repeating: 0, count: 32 << 20)).output
    let answer: @Sendable (RawConnection) -> Void = { connection in
      let request = connection.request()
      #expect(request.lowercased().contains("accept-encoding:") && request.contains("gzip"))
      connection.send("HTTP/1.0 200 OK\r\nContent-Encoding: gzip\r\n\r\n")
      connection.send(plain)
    }
    try await withRawServer(answer) { server in
      try await withClient { client in
        let bomb = await client.perform(HTTPRequest(url: server.url, bodyLimit: 1 << 20, keptBytes: 10))
        #expect(bomb.failure?.reason == .tooLarge && bomb.bodyBytes < 2 << 20)
        let whole = await client.perform(HTTPRequest(url: server.url, bodyLimit: 64 << 20, keptBytes: 10))
        #expect(whole.failure == nil && whole.bodyBytes == 32 << 20 && whole.body == [UInt8](repeating: 0, count: 10))
      }
    }
  }

  @Test("only http and https are spoken", arguments: ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "", "http://"])
  func otherSchemes(url: String) async throws {
    try await withClient { client in
      let exchange = await client.perform(HTTPRequest(url: url))
      #expect(exchange.failure?.reason == .protocolError && exchange.body.isEmpty)
    }
  }
}
