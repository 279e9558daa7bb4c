import CCrypt
import Synchronization

/// The users who may come in. A password that was right is remembered, as a hash that takes a quarter of a millisecond where bcrypt takes
/// fifty: a Prometheus sends its own every few seconds.
final class Credentials: Sendable {
  enum Verdict: Sendable {
    case known, unknown
    /// Not found out: too many are being checked.
    case busy
  }

  private let users: [String: PasswordHash]
  /// What a name that nobody has is checked against, so that it takes as long as one that somebody has.
  private let stranger: PasswordHash?
  /// By user; at most one each.
  private let remembered = Mutex<[String: FastHash]>([:])
  /// What is looked at where nothing is remembered, for the time must not tell that.
  private let decoy = FastHash("")

  init(_ users: [String: PasswordHash]) {
    self.users = users
    stranger = users.values.max { $0.cost < $1.cost }
  }

  /// - Parameter header: what the request says in `Authorization`.
  func verify(_ header: String?, from address: IPAddress?, by queue: PasswordQueue) async -> Verdict {
    guard let said = header.flatMap(BasicCredentials.init) else { return .unknown }
    if isRemembered(said) { return .known }
    guard let hash = users[said.user] ?? stranger else { return .unknown }
    let isUser = users[said.user] != nil
    let isRight = await queue.run(from: address) { [self] in
      // Of several requests that come at once the first one does the work.
      if isRemembered(said) { return true }
      guard hash.matches(said.password), isUser else { return false }
      remember(said)
      return true
    }
    guard let isRight else { return .busy }
    return isRight ? .known : .unknown
  }

  private func isRemembered(_ said: BasicCredentials) -> Bool {
    let hash = remembered.withLock { $0[said.user] }
    let isRight = (hash ?? decoy)?.matches(said.password) ?? false
    return hash != nil && isRight
  }

  private func remember(_ said: BasicCredentials) {
    guard let hash = FastHash(said.password) else { return }
    remembered.withLock { $0[said.user] = hash }
  }
}

/// SHA-256 crypt of the fewest rounds (crypt(5)), with a salt that never leaves this process: not to be written down anywhere.
private struct FastHash: Sendable {
  private let text: String

  init?(_ password: String) {
    let digits = Array("./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    let salt = String((0..<16).compactMap { _ in digits.randomElement() })
    var hash = [CChar](repeating: 0, count: 384)
    guard lookout_crypt_hash(password, "$5$rounds=1000$\(salt)$", &hash, CInt(hash.count)) == 0 else { return nil }
    text = String(decoding: hash.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  func matches(_ password: String) -> Bool { lookout_crypt_matches(password, text) == 1 }
}
