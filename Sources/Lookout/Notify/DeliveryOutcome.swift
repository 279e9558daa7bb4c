/// What an attempt to deliver came to.
enum DeliveryOutcome: Equatable, Sendable {
  /// 2xx: the receiver has taken it, whatever became of the rest of its answer.
  case delivered
  /// Trying again may help. `mayHaveArrived`: the receiver may have taken it although nobody said so.
  case failed(String, mayHaveArrived: Bool, retryAfter: Duration?)
  /// Trying again cannot help: the URL or the receiver's settings need a person.
  case refused(String)

  init(_ exchange: HTTPExchange, from receiver: Receiver) {
    switch exchange.status {
    case 0: self = .unanswered(exchange.failure, receiver)
    case 200..<300: self = .delivered
    case 408, 429, 500...:
      // 502 and 504 are a gateway's: it does not know what became of the request behind it (RFC 9110, section 15.6).
      let isGateway = exchange.status == 502 || exchange.status == 504
      self = .failed("HTTP status \(exchange.status)", mayHaveArrived: isGateway, retryAfter: exchange.retryAfter)
    default: self = .refused("HTTP status \(exchange.status)")
    }
  }

  private static func unanswered(_ failure: TransportFailure?, _ receiver: Receiver) -> DeliveryOutcome {
    guard let failure else { return .failed("no answer", mayHaveArrived: true, retryAfter: nil) }
    let wasSent = ![.dns, .connect, .tls].contains(failure.reason)
    return .failed("\(failure.reason.rawValue): \(receiver.redacted(failure.message))", mayHaveArrived: wasSent, retryAfter: nil)
  }
}

extension HTTPExchange {
  /// `Retry-After` in seconds (RFC 9110, section 10.2.3); its other form, a date, is left alone: the clocks need not agree.
  fileprivate var retryAfter: Duration? {
    guard let text = header("Retry-After"), let seconds = Int32(text.filter { $0 != " " }), seconds >= 0 else { return nil }
    return .seconds(seconds)
  }
}
