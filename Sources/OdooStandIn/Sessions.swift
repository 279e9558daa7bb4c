internal import Synchronization

/// Sessions and logins, kept in memory; they outlive a stop and a start as Odoo's files do.
final class Sessions: Sendable {
  enum Login: Sendable {
    case accepted(sessionID: String)
    case refused
    /// Refused without looking, `failures` since the last success.
    case coolingDown(failures: Int, last: Stamp)
  }

  /// `base.login_cooldown_after` and `base.login_cooldown_duration`, counted per address.
  static let failuresAllowed = 10
  static let cooldown = Duration.seconds(60)

  private let login: String
  private let password: String
  private let state = Mutex(State())

  private struct State {
    /// The login of each.
    var open: [String: String] = [:]
    var failures: [String: Failures] = [:]
  }

  private struct Failures {
    var count = 0
    var last = ContinuousClock.now
    var stamp = Stamp.now()
  }

  init(login: String, password: String) {
    self.login = login
    self.password = password
  }

  func isOpen(_ id: String?) -> Bool {
    guard let id else { return false }
    return state.withLock { $0.open[id] != nil }
  }

  func login(of id: String?) -> String? { id.flatMap { id in state.withLock { $0.open[id] } } }

  func close(_ id: String?) {
    guard let id else { return }
    state.withLock { $0.open[id] = nil }
  }

  func forgetAll() { state.withLock { $0.open.removeAll() } }

  func logIn(_ login: String, _ password: String, from address: String) -> Login {
    let matches = login == self.login && password == self.password || (login, password) == StandIn.viewer
    let id = Self.newID()
    return state.withLock { state in
      if let failures = state.failures[address], failures.count >= Self.failuresAllowed,
        ContinuousClock.now - failures.last < Self.cooldown
      {
        return .coolingDown(failures: failures.count, last: failures.stamp)
      }
      guard matches else {
        state.failures[address] = Failures(count: (state.failures[address]?.count ?? 0) + 1)
        return .refused
      }
      state.failures[address] = nil
      state.open[id] = login
      return .accepted(sessionID: id)
    }
  }

  /// 40 hexadecimal digits.
  static func newID() -> String {
    (0..<5).map { _ in
      let digits = String(UInt32.random(in: 0...UInt32.max), radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }

  /// A token that belongs to one session: 40 hexadecimal digits, `o`, and when it ends.
  static func token(for id: String, now: Stamp) -> String {
    "\(mark(id))o\(now.adding(days: 365).seconds)"
  }

  static func isToken(_ token: String, for id: String?) -> Bool {
    guard let id, let cut = token.firstIndex(of: "o") else { return false }
    return token[..<cut] == mark(id)
  }

  /// Not a secret, only not the session's own number: five rounds of FNV-1a.
  private static func mark(_ id: String) -> String {
    (0..<5).map { round in
      let hash = id.utf8.reduce(UInt32(2_166_136_261) &+ UInt32(round)) { ($0 ^ UInt32($1)) &* 16_777_619 }
      let digits = String(hash, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }
}
