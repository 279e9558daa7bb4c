import Foundation
import Subprocess
import Testing

@testable import Lookout

@Suite("TLS", .timeLimit(.minutes(1)))
struct TLSTests {
  @Test("a server whose certificate nobody vouches for is a failure of TLS, and nothing is sent to it")
  func selfSigned() async throws {
    try await withSelfSignedServer { port in
      try await withClient { client in
        let exchange = await client.perform(HTTPRequest(url: "https://localhost:\(port)/secret", timeout: .seconds(20)))
        #expect(exchange.failure?.reason == .tls, "\(exchange.failure?.message ?? "")")
        #expect(exchange.failure?.message.contains("certificate") == true)
        #expect(exchange.status == 0 && exchange.bodyBytes == 0)
      }
    }
  }

  @Test("plain text where TLS is expected is a failure of TLS")
  func plainText() async throws {
    let answer: @Sendable (RawConnection) -> Void = { connection in
      connection.send("HTTP/1.1 400 Bad Request\r\n\r\n")
      connection.waitForHangUp()
    }
    try await withRawServer(answer) { server in
      try await withClient { client in
        let exchange = await client.perform(HTTPRequest(url: "https://127.0.0.1:\(server.port)/"))
        #expect(exchange.failure?.reason == .tls)
      }
    }
  }
}

/// OpenSSL's own server on a free port, with a certificate made for the occasion.
private func withSelfSignedServer<Value: Sendable>(_ body: (Int) async throws -> Value) async throws -> Value {
  let folder = FileManager.default.temporaryDirectory.appending(path: "lookout-\(UUID().uuidString)").path
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  let made = try await runProgram(
    "/usr/bin/openssl",
    [
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=localhost", "-days", "2",
      "-keyout", "\(folder)/key.pem", "-out", "\(folder)/certificate.pem",
    ], input: [])
  try #require(made.status == 0, "\(made.output.utf8Text)")
  return try await withTLSServer(["-key", "\(folder)/key.pem", "-cert", "\(folder)/certificate.pem"], body)
}

/// OpenSSL's own server on a free port.
func withTLSServer<Value: Sendable>(_ arguments: [String], _ body: (Int) async throws -> Value) async throws -> Value {
  let said = FileManager.default.temporaryDirectory.appending(path: "lookout-\(UUID().uuidString).said").path
  defer { unlink(said) }
  let script = #"said=$1; shift; exec openssl s_server -accept 127.0.0.1:0 -www "$@" >"$said" 2>&1"#
  let outcome = try await Subprocess.run(
    .path("/bin/sh"), arguments: Arguments(["-c", script, "sh", said] + arguments), input: .none, output: .discarded, error: .discarded
  ) { server in
    // Not SIGTERM: a child of this thread may have inherited that every other signal is blocked.
    defer { kill(server.processIdentifier.value, SIGKILL) }
    return try await body(try await port(saidIn: said))
  }
  return outcome.closureResult
}

/// It says `ACCEPT 127.0.0.1:PORT` when it listens.
private func port(saidIn file: String) async throws -> Int {
  var text = ""
  for _ in 0..<1000 {
    text = String(decoding: FileManager.default.contents(atPath: file) ?? Data(), as: UTF8.self)
    let line = text.split(separator: "\n").dropLast(text.hasSuffix("\n") ? 0 : 1).first { $0.hasPrefix("ACCEPT ") }
    if let port = line?.split(separator: ":").last.flatMap({ Int($0) }) { return port }
    try await Task.sleep(for: .milliseconds(20))
  }
  throw SocketError(call: "openssl s_server: \(text)")
}
