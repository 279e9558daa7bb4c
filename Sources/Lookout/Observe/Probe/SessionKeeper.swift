import Foundation
import Synchronization

/// Keeps one session at Odoo: a login costs Odoo 0.3 s of CPU and a session file, so there is one for all checks, renewed only when Odoo
/// says that it is over. After a refused password none is tried for a quarter of an hour or until the password file changes, also over
/// restarts: Odoo locks the whole address out after ten failures.
actor SessionKeeper {
  typealias Perform = @Sendable (HTTPRequest) async -> HTTPExchange

  private let odoo: Configuration.Odoo
  private let timeout: Duration
  private let perform: Perform
  private let now: @Sendable () -> Timestamp
  private let remember: @Sendable (LoginRefusal?) async -> Void

  private var session: (cookie: String, since: Timestamp, isAdministrator: Bool)?
  private var refusal: LoginRefusal?
  private var login: SharedLogin?
  /// Before it a session that is over is not renewed: the one before was over at once, and each login costs Odoo something.
  private var nextRenewal = Timestamp(milliseconds: 0)

  static let pauseAfterVainRenewal = Duration.seconds(30)
  static let pauseAfterRefusal = Duration.seconds(900)

  init(
    _ odoo: Configuration.Odoo, timeout: Duration, refusal: LoginRefusal?, now: @escaping @Sendable () -> Timestamp,
    remember: @escaping @Sendable (LoginRefusal?) async -> Void, perform: @escaping Perform
  ) {
    self.odoo = odoo
    self.timeout = timeout
    self.refusal = refusal
    self.now = now
    self.remember = remember
    self.perform = perform
  }

  /// How the session stands; opens one where there is none.
  func state() async -> SessionState {
    let trouble = await ensureSession()
    return SessionState(trouble: trouble, openSince: session?.since, isAdministrator: session?.isAdministrator ?? false)
  }

  /// Sends a request with the session's cookie. When the answer says that the session is over, opens a new one and asks once more.
  func send(_ request: HTTPRequest) async -> Result<HTTPExchange, SessionTrouble.Thrown> {
    for attempt in 1...2 {
      if let trouble = await ensureSession() { return .failure(SessionTrouble.Thrown(trouble: trouble)) }
      guard let cookie = session?.cookie else { continue }
      var request = request
      request.headers.append(("Cookie", "session_id=\(cookie)"))
      let exchange = await perform(request)
      guard exchange.tellsThatSessionIsOver, now() >= nextRenewal else { return .success(exchange) }
      if attempt == 2 {
        nextRenewal = now() + Self.pauseAfterVainRenewal
        return .success(exchange)
      }
      if session?.cookie == cookie { session = nil }
    }
    let lost = SessionTrouble(reason: .sessionExpired, message: "each new session is over at once")
    return .failure(SessionTrouble.Thrown(trouble: lost))
  }

  // MARK: - Logging in

  private func ensureSession() async -> SessionTrouble? {
    if session != nil { return nil }
    if let refusal, refusal.holds(at: now(), account: account, secretRevision: odoo.password.revision) { return refusal.trouble }
    if let login, !login.isGivenUp { return await login.outcome }
    let new = SharedLogin { await self.logIn() }
    login = new
    defer { if login === new { login = nil } }
    return await new.outcome
  }

  /// Whether so many wait for a login.
  func isLoggingIn(waiting count: Int) -> Bool { login?.count == count }

  private func logIn() async -> SessionTrouble? {
    let revision = odoo.password.revision
    let request: HTTPRequest
    do {
      request = try loginRequest()
    } catch {
      return SessionTrouble(reason: .loginFailed, message: "the password cannot be read: \(error)", isRefusal: true)
    }
    let exchange = await perform(request)
    switch LoginAnswer(exchange) {
    case .open(let cookie, let isAdministrator):
      session = (cookie, now(), isAdministrator)
      await setRefusal(nil)
      return nil
    case .refused(let reason, let message):
      let pause = reason == .loginCooldown ? Duration.seconds(120) : Self.pauseAfterRefusal
      let refusal = LoginRefusal(
        reason: reason, message: message, until: now() + pause, account: account, secretRevision: revision)
      await setRefusal(refusal)
      return refusal.trouble
    case .unreachable(let reason, let message):
      return SessionTrouble(reason: reason, message: message, exchange: exchange)
    }
  }

  private var account: String { "\(odoo.login) \(odoo.database) \(odoo.url)" }

  private func setRefusal(_ new: LoginRefusal?) async {
    guard new != refusal else { return }
    refusal = new
    await remember(new)
  }

  private func loginRequest() throws -> HTTPRequest {
    let parameters = LoginParameters(db: odoo.database, login: odoo.login, password: try odoo.password.reveal())
    return HTTPRequest.rpc(to: odoo.url.appending("/web/session/authenticate"), body: try RPCCall(parameters).bytes, timeout: timeout)
  }
}

/// One login that several looks wait for. It ends when the last of them is cancelled.
private final class SharedLogin: Sendable {
  private let task: Task<SessionTrouble?, Never>
  private let waiting = Mutex(0)

  init(_ logIn: @escaping @Sendable () async -> SessionTrouble?) {
    task = Task { await logIn() }
  }

  var isGivenUp: Bool { task.isCancelled }
  var count: Int { waiting.withLock { $0 } }

  var outcome: SessionTrouble? {
    get async {
      waiting.withLock { $0 += 1 }
      return await withTaskCancellationHandler {
        await task.value
      } onCancel: {
        let isLast = waiting.withLock { waiting in
          waiting -= 1
          return waiting == 0
        }
        if isLast { task.cancel() }
      }
    }
  }
}

extension SessionTrouble {
  struct Thrown: Error {
    let trouble: SessionTrouble
  }
}

/// A refused login, as it is remembered over restarts.
struct LoginRefusal: Codable, Equatable, Sendable {
  let reason: Reason
  let message: String
  let until: Timestamp
  /// Login, database and address: a refusal says nothing about another one.
  let account: String
  let secretRevision: Int64

  /// A pause that would be longer than any is one from before the clock was set back.
  func holds(at now: Timestamp, account: String, secretRevision: Int64) -> Bool {
    now < until && until - now <= SessionKeeper.pauseAfterRefusal && account == self.account && secretRevision == self.secretRevision
  }

  var trouble: SessionTrouble {
    // Without its database an Odoo has no users either.
    SessionTrouble(reason: reason, message: message, isRefusal: reason != .databaseMissing, retryAt: until)
  }
}

extension HTTPExchange {
  /// Code 100 on a JSON route, a redirect to the login page on any other.
  var tellsThatSessionIsOver: Bool {
    if status == 303 || status == 302 { return header("Location").map { OdooRedirect($0) == .login } ?? false }
    guard status == 200, header("Content-Type")?.hasPrefix("application/json") == true, body.count < 64 << 10 else { return false }
    // The marker is sought first: decoding every healthy answer twice would cost more than the session is worth.
    guard String(decoding: body.prefix(4096), as: UTF8.self).contains("SessionExpired") else { return false }
    return RPCAnswer(body)?.error?.isExpiredSession ?? false
  }
}
