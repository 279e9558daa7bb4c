/// What every request passes before anything is answered. The rules change while the agent runs, the connections stay.
final class Door: Sendable {
  private let rules: Board<DoorRules>
  private let passwords = PasswordQueue()

  /// What a request may send: alerts of others are the most.
  static let largestBody = 1 << 20

  init(_ rules: DoorRules) {
    self.rules = Board(rules)
  }

  /// From the next request on; TLS from the next connection on.
  func change(to new: DoorRules) { rules.post(new) }

  /// The files of the certificate have changed.
  func renew(_ certificate: DoorCertificate) {
    rules.update { if $0.certificate?.settings == certificate.settings { $0.certificate = certificate } }
  }

  /// Nil: connections are not encrypted.
  var certificate: DoorCertificate? { rules.latest.certificate }

  /// Why the request does not come in; nil when it does.
  func refusal(of visit: Visit) async -> Reply? {
    let rules = rules.latest
    if let refusal = rules.refusal(of: visit) { return refusal }
    guard let credentials = rules.credentials else { return nil }
    switch await credentials.verify(visit.authorization, from: visit.address, by: passwords) {
    case .known: return nil
    case .unknown:
      let challenge = ["WWW-Authenticate": #"Basic realm="Lookout", charset="UTF-8""#]
      return .line("a user's name and password are needed here", status: 401, headers: challenge)
    case .busy:
      return .line("too many passwords are being checked; try again in a moment", status: 429, headers: ["Retry-After": "1"])
    }
  }
}
