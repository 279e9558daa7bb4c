import CCrypt
import Foundation

@testable import Lookout

/// bcrypt hashes of `secret`, of the lowest cost there is, under each of the names that the one method goes by.
enum Passwords {
  static let right = "secret"
  static let hash = "$2b$04$wVr8gqJ0m1c3WlcnHn8zSexqEYLGqeMWvZZ8va3RitiQhhzaYMZS6"
  static let hashOfHtpasswd = "$2y$04$wVr8gqJ0m1c3WlcnHn8zSexqEYLGqeMWvZZ8va3RitiQhhzaYMZS6"
  static let hashOfOldTools = "$2a$04$wVr8gqJ0m1c3WlcnHn8zSexqEYLGqeMWvZZ8va3RitiQhhzaYMZS6"

  static func users(_ names: String...) throws -> [String: PasswordHash] {
    Dictionary(uniqueKeysWithValues: try names.map { ($0, try PasswordHash(hash)) })
  }

  /// As `htpasswd -nB` would make it.
  static func hash(of password: String, cost: Int = 4) -> String {
    var hash = [CChar](repeating: 0, count: 384)
    let setting = "$2b$\(cost < 10 ? "0" : "")\(cost)$wVr8gqJ0m1c3WlcnHn8zSe"
    _ = lookout_crypt_hash(password, setting, &hash, CInt(hash.count))
    return String(decoding: hash.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  static func header(_ user: String, _ password: String) -> String {
    "Basic " + Data("\(user):\(password)".utf8).base64EncodedString()
  }
}
