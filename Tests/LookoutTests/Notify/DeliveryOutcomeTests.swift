import Testing

@testable import Lookout

@Suite("What an attempt came to")
struct DeliveryOutcomeTests {
  private func outcome(_ exchange: HTTPExchange) throws -> DeliveryOutcome {
    DeliveryOutcome(exchange, from: try Receiver(name: "r", url: "https://hooks.example.com/T0/secret/?key=1"))
  }

  @Test("2xx is delivered", arguments: [200, 201, 202, 204, 299])
  func delivered(status: Int) throws {
    #expect(try outcome(.answered(status)) == .delivered)
  }

  @Test("3xx and most of 4xx are refusals", arguments: [301, 302, 307, 400, 401, 403, 404, 410, 413, 422])
  func refused(status: Int) throws {
    #expect(try outcome(.answered(status)) == .refused("HTTP status \(status)"))
  }

  @Test(
    "408, 429 and 5xx may pass",
    arguments: [(408, false), (429, false), (500, false), (502, true), (503, false), (504, true), (599, false)])
  func failed(status: Int, mayHaveArrived: Bool) throws {
    #expect(try outcome(.answered(status)) == .failed("HTTP status \(status)", mayHaveArrived: mayHaveArrived, retryAfter: nil))
  }

  @Test(
    "Retry-After counts in seconds",
    arguments: [
      ("120", 120), (" 7 ", 7), ("0", 0), ("-5", nil), ("99999999999999999999", nil), ("soon", nil), ("Wed, 21 Oct 2026 07:28:00 GMT", nil),
    ]
      as [(String, Int?)])
  func retryAfter(text: String, seconds: Int?) throws {
    let outcome = try outcome(.answered(503, [(name: "retry-after", value: text)]))
    #expect(outcome == .failed("HTTP status 503", mayHaveArrived: false, retryAfter: seconds.map { .seconds($0) }))
  }

  @Test("a status counts though the rest of the answer did not come")
  func statusThenFailure() throws {
    var exchange = HTTPExchange.answered(200)
    exchange.failure = TransportFailure(reason: .tooLarge, message: "")
    #expect(try outcome(exchange) == .delivered)
  }

  @Test(
    "without an answer it depends on whether anything was sent",
    arguments: [(Reason.dns, false), (.connect, false), (.tls, false), (.timeout, true), (.emptyReply, true), (.protocolError, true)])
  func unanswered(reason: Reason, mayHaveArrived: Bool) throws {
    let expected = DeliveryOutcome.failed("\(reason.rawValue): gone", mayHaveArrived: mayHaveArrived, retryAfter: nil)
    #expect(try outcome(.unanswered(reason, "gone")) == expected)
  }

  @Test("no account of a failure shows the URL")
  func redaction() throws {
    for part in ["https://hooks.example.com/T0/secret/?key=1", "path /T0/secret/?key=1 is odd"] {
      guard case .failed(let why, _, _) = try outcome(.unanswered(.connect, "no: \(part)")) else {
        Issue.record("not a failure")
        continue
      }
      #expect(!why.contains("secret") && why.hasPrefix("connect: no: "), "\(why)")
    }
    let receiver = try Receiver(name: "r", url: "https://hooks.example.com/T0/secret/?key=1")
    var dumped = ""
    dump(receiver, to: &dumped)
    for text in ["\(receiver)", "\([receiver])", String(reflecting: receiver), dumped] {
      #expect(text.contains("hooks.example.com") && !text.contains("secret"), "\(text)")
    }
  }

  @Test("a receiver's URL must be one, and keeps the slash at its end")
  func urls() throws {
    #expect(throws: WebAddress.Mistake.self) { try Receiver(name: "r", url: "hooks.example.com") }
    #expect(try Receiver(name: "r", url: "https://hooks.example.com/a/").url == "https://hooks.example.com/a/")
  }
}
