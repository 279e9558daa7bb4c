import ArgumentParser
import Foundation

/// Where the running agent is.
struct AgentOptions: ParsableArguments {
  @Option(name: .long, help: ArgumentHelp("The running agent, or any Alertmanager.", valueName: "url"))
  var url = "http://127.0.0.1:9069"

  func client() throws -> AgentClient {
    do { return AgentClient(try WebAddress(url)) } catch {
      throw ValidationError("'\(WebAddress.redacted(url))' is not a URL to use here: \(error.message)")
    }
  }
}

/// Talks to a running agent over Alertmanager's API.
struct AgentClient {
  private let address: WebAddress

  init(_ address: WebAddress) {
    self.address = address
  }

  func get<Answer: Decodable>(_ path: String, as type: Answer.Type) async throws -> Answer {
    try decoded(try await perform("GET", path), type)
  }

  func post<Answer: Decodable>(_ path: String, _ body: some Encodable, as type: Answer.Type) async throws -> Answer {
    try decoded(try await perform("POST", path, Array(try JSONEncoder().encode(body))), type)
  }

  func delete(_ path: String) async throws {
    _ = try await perform("DELETE", path)
  }

  private func decoded<Answer: Decodable>(_ bytes: [UInt8], _ type: Answer.Type) throws -> Answer {
    do { return try JSONDecoder().decode(type, from: Data(bytes)) } catch {
      throw AgentError("\(address.origin) does not answer as Alertmanager's API does; is it a running agent?")
    }
  }

  private func perform(_ method: String, _ path: String, _ body: [UInt8] = []) async throws -> [UInt8] {
    let loop = try EventLoop(name: "command")
    defer { loop.stop() }
    let headers = body.isEmpty ? [] : [(name: "Content-Type", value: "application/json")]
    let exchange = await HTTPClient(loop: loop).perform(
      HTTPRequest(method: method, url: address.appending("/api/v2/\(path)"), headers: headers, body: body))
    if let failure = exchange.failure {
      throw AgentError("no answer from \(address.origin): \(failure.message); is the agent running, and is this its address ('listen')?")
    }
    guard (200..<300).contains(exchange.status) else {
      let why = (try? JSONDecoder().decode(String.self, from: Data(exchange.body))) ?? "HTTP status \(exchange.status)"
      throw AgentError("the agent says no: \(why.oneLine)")
    }
    return exchange.body
  }

  /// `?filter=…&filter=…`
  static func filters(_ matchers: [String]) -> String {
    matchers.map { "filter=" + $0.utf8.map(Self.encoded).joined() }.joined(separator: "&")
  }

  private static func encoded(_ byte: UInt8) -> String {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "~"):
      String(UnicodeScalar(byte))
    default: (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
    }
  }
}

/// What the API says of a silence.
struct WrittenSilence: Codable {
  struct WrittenMatcher: Codable {
    let name: String
    let value: String
    let isRegex: Bool
    let isEqual: Bool

    init(_ matcher: Matcher) {
      name = matcher.name
      value = matcher.value
      isRegex = matcher.kind == .matches || matcher.kind == .matchesNot
      isEqual = matcher.kind == .equal || matcher.kind == .matches
    }

    var text: String { "\(name)\(isEqual ? (isRegex ? "=~" : "=") : isRegex ? "!~" : "!=")\"\(value)\"" }
  }

  struct State: Codable {
    let state: String
  }

  var id: String?
  var status: State?
  let matchers: [WrittenMatcher]
  let startsAt: String
  let endsAt: String
  let createdBy: String
  let comment: String
}

/// What the API says of an alert.
struct WrittenAlert: Codable {
  struct Status: Codable {
    let state: String
    let silencedBy: [String]
    let inhibitedBy: [String]
    let mutedBy: [String]?
  }

  struct Receiver: Codable {
    let name: String
  }

  let labels: [String: String]
  let annotations: [String: String]
  let startsAt: String
  let status: Status
  let receivers: [Receiver]
}
