import Foundation

/// A name and a password as `Authorization` carries them (RFC 7617).
struct BasicCredentials: Sendable {
  let user: String
  let password: String

  /// What crypt(3) takes; bcrypt itself looks at the first 72 bytes.
  private static let longestPassword = 511

  /// Nil for what is nothing of the kind, and for what cannot be a password: that costs no time.
  init?(_ header: String) {
    let words = header.split(separator: " ", maxSplits: 1)
    guard words.count == 2, words[0].lowercased() == "basic", words[1].utf8.count <= 4096 else { return nil }
    guard let bytes = Data(base64Encoded: String(words[1])), !bytes.contains(0), let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
      let user = String(validating: bytes[..<colon], as: UTF8.self),
      let password = String(validating: bytes[bytes.index(after: colon)...], as: UTF8.self)
    else { return nil }
    guard password.utf8.count <= Self.longestPassword else { return nil }
    (self.user, self.password) = (user, password)
  }
}
