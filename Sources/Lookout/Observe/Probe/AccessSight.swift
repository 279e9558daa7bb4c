/// What was asked to learn who may see what.
struct AccessSight: Sendable {
  struct Question: Sendable {
    /// As a person names it: a route, or what would be done.
    let about: String
    /// Whether it must be refused, or granted.
    let isToBeRefused: Bool
    let exchange: HTTPExchange
  }

  /// Who asked, as a sentence begins: `without a login`, `the viewer`.
  let who: String
  var questions: [Question] = []

  static let pauseAfterFailure = Duration.seconds(60)

  /// Where an answer said nothing of rights, one that does is awaited sooner than the look's interval.
  var retryAfter: Duration? {
    let isSilent = questions.contains { question in
      switch Reply(question.exchange) {
      case .failed, .absent: true
      case .granted, .refused: false
      }
    }
    return isSilent ? Self.pauseAfterFailure : nil
  }

  /// An answer as far as it says whether its asker may.
  enum Reply: Equatable {
    case granted, refused
    /// There is no such route: the module is not installed, or its database is gone.
    case absent
    /// It says nothing of rights.
    case failed(Reason, String)
  }
}

extension AccessSight.Reply {
  /// Odoo refuses in many ways, most of them with HTTP 200.
  init(_ exchange: HTTPExchange) {
    if let failure = exchange.failure {
      self = .failed(failure.reason, failure.message)
      return
    }
    switch exchange.status {
    case 200: self = Self.of(exchange)
    case 300...399:
      self = exchange.header("Location").map { Self.redirected(OdooRedirect($0)) } ?? .failed(.redirected, "a redirect to nowhere")
    case 401, 403: self = .refused
    case 404: self = .absent
    case 500 where exchange.startsText("Error ") && exchange.text.contains("You don't have permission"): self = .refused
    default: self = .failed(.httpStatus, "HTTP \(exchange.status)")
    }
  }

  private static func redirected(_ place: OdooRedirect) -> Self {
    switch place {
    case .login: .refused
    case .databaseSelector: .failed(.databaseSelector, "Odoo does not reach its database")
    // A user of the portal is sent to its own pages.
    case .elsewhere: .refused
    }
  }

  private static func of(_ exchange: HTTPExchange) -> Self {
    guard exchange.header("Content-Type")?.hasPrefix("application/json") == true else {
      return exchange.text.contains("oe_login_form") ? .refused : .granted
    }
    guard let answer = RPCAnswer(exchange.body) else { return .granted }
    if let error = answer.error {
      return error.isExpiredSession || error.isRefusal ? .refused : .failed(.rpcError, error.data?.name ?? "an error")
    }
    if answer.value == .bool(false) { return .refused }
    guard answer.result?.success == false else { return .granted }
    let isRefusal = answer.result?.error.map { $0.hasPrefix("You don't have permission") || $0.hasPrefix("You are not allowed") } ?? false
    return isRefusal ? .refused : .failed(.dashboardError, "the dashboard answered with an error")
  }
}

extension HTTPExchange {
  /// The beginning of the body, enough to tell what it is.
  var text: String { String(decoding: body.prefix(64 << 10), as: UTF8.self) }

  fileprivate func startsText(_ start: String) -> Bool { bodyBytes < 2048 && text.hasPrefix(start) }
}
