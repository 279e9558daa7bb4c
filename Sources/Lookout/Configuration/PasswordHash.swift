import CCrypt

/// The bcrypt hash of a user's password, as `htpasswd -B` and Prometheus' web configuration have it. Prints as nothing: with it, a weak
/// password is found by trying.
struct PasswordHash: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  private let text: String
  /// The binary logarithm of the rounds that each check takes.
  let cost: Int

  struct Mistake: Error {
    let message: String
  }

  /// Beyond the upper one a check takes seconds, which nobody who waits for a page has.
  static let costs = 4...15

  init(_ text: String) throws(Mistake) {
    guard ["$2a$", "$2b$", "$2y$"].contains(String(text.prefix(4))) else {
      throw Mistake(message: "expected a bcrypt hash ($2a$, $2b$ or $2y$), as 'htpasswd -nBC 10 USER' prints it behind the colon")
    }
    let bytes = Array(text.utf8)
    guard bytes.count == 60, bytes[6] == UInt8(ascii: "$"), let cost = Int(text.dropFirst(4).prefix(2)),
      bytes[7...].allSatisfy(Self.isDigit)
    else {
      throw Mistake(message: "this bcrypt hash is damaged: it must have 60 characters, the last 53 of them letters, digits, '.' or '/'")
    }
    guard Self.costs.contains(cost) else {
      throw Mistake(message: "a bcrypt hash of cost \(cost) cannot be used here: \(Self.costs.lowerBound) to \(Self.costs.upperBound) can")
    }
    self.text = text
    self.cost = cost
  }

  /// Takes the time that bcrypt takes: 50 ms at cost 10, twice as long for each step more. Not for a thread that others wait for.
  func matches(_ password: String) -> Bool {
    lookout_crypt_matches(password, text) == 1
  }

  /// Of bcrypt's own base 64.
  private static func isDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default: false
    }
  }

  var description: String { "<hash>" }
  var debugDescription: String { description }
  /// Without children, which `dump` would show.
  var customMirror: Mirror { Mirror(self, children: [:]) }
}
