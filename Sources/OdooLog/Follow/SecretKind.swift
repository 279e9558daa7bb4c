/// What a log should not hold, and holds.
public enum SecretKind: String, Sendable, Codable, CaseIterable {
  /// A password beside its name, or between `//` and `@` of an address.
  case password
  /// Keys and tokens that open something to whoever has them.
  case token
  /// The cookie of a user's session, or a header that logs in.
  case session
  case privateKey = "private_key"
  /// A token in the address that was asked for, which Odoo logs whole: links to documents and to new passwords have one.
  case urlToken = "url_token"

  /// For a person.
  public var sentence: String {
    switch self {
    case .password: "a password"
    case .token: "a key or token"
    case .session: "a session or a login in a header"
    case .privateKey: "a private key"
    case .urlToken: "a token in a request's address"
    }
  }

  /// By the name beside the value, in lower case.
  private static let names: [(name: StaticString, kind: SecretKind)] = [
    ("password", .password), ("passwd", .password), ("passwort", .password), ("smtp_pass", .password), ("db_password", .password),
    ("admin_passwd", .password), ("token", .token), ("secret", .token), ("api_key", .token), ("apikey", .token), ("session_id", .session),
    ("authorization", .session), ("cookie", .session),
  ]

  /// - Parameter name: where the name of a value stands; `access_token` and `client_secret` end as their kind does.
  static func of(_ line: RawSpan, name: Range<Int>) -> SecretKind? {
    names.first { line.ends(with: $0.name, in: name) }?.kind
  }
}

extension RawSpan {
  /// Letters are compared without their case.
  fileprivate func ends(with text: StaticString, in range: Range<Int>) -> Bool {
    let start = range.upperBound &- text.utf8CodeUnitCount
    guard start >= range.lowerBound else { return false }
    return text.withUTF8Buffer { bytes in
      bytes.indices.allSatisfy { (byte(start &+ $0) | (bytes[$0].isLetter ? 0x20 : 0)) == bytes[$0] }
    }
  }
}
