import Foundation
import Synchronization
import Testing

@testable import Lookout

@Suite("The session at Odoo", .timeLimit(.minutes(1)))
struct SessionKeeperTests {
  private let odoo = PlayedOdoo()
  private let time = HandMovedTime()
  private let remembered = Mailbox<LoginRefusal?>()
  private let refusedPassword = HTTPExchange.made(
    200, #"{"error": {"code": 200, "data": {"name": "odoo.exceptions.AccessDenied", "message": "Access Denied"}}}"#)

  private func keeper(
    password: Secret = .text("p"), login: String = "lookout", refusal: LoginRefusal? = nil
  ) throws -> SessionKeeper {
    let site = Configuration.Odoo(url: try WebAddress("http://crm"), database: "crm", login: login, password: password)
    return SessionKeeper(
      site, timeout: .seconds(10), refusal: refusal, now: { [time] in time.now }, remember: { [remembered] in remembered.put($0) },
      perform: odoo.perform)
  }

  private let request = HTTPRequest(url: "http://crm/web", headers: [("X-Own", "kept")])

  @Test("ten requests at once share one login")
  func sharedLogin() async throws {
    let keeper = try keeper()
    let answers = await withTaskGroup(of: Int?.self) { group in
      for _ in 0..<10 { group.addTask { [request] in try? await keeper.send(request).get().status } }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(answers == Array(repeating: 200, count: 10))
    #expect(odoo.logins == 1 && odoo.requests == 10)
    #expect(await keeper.state().openSince == time.now)
    #expect(odoo.logins == 1)
  }

  @Test("a login that hangs is given up when the last of those who wait for it is cancelled; who comes then begins another")
  func givenUp() async throws {
    let asked = Mailbox<Void>()
    let site = Configuration.Odoo(url: try WebAddress("http://crm"), database: "crm", login: "lookout", password: .text("p"))
    let keeper = SessionKeeper(
      site, timeout: .seconds(10), refusal: nil, now: { [time] in time.now }, remember: { _ in },
      perform: { _ in
        asked.put(())
        try? await Task.sleep(for: .seconds(600))
        return .unanswered(.protocolError, Task.isCancelled ? "cancelled" : "over")
      })
    let first = Task { await keeper.state() }
    try await asked.take()
    let ended = Mailbox<String>()
    let second = Task { ended.put(await keeper.state().trouble?.message ?? "") }
    // The second has joined the login when its turn at the actor is over.
    while await !keeper.isLoggingIn(waiting: 2) { await Task.yield() }
    first.cancel()
    #expect(ended.all == [] && asked.all.isEmpty)
    second.cancel()
    #expect(try await ended.take().contains("cancelled"))
    #expect(await first.value.trouble?.message.contains("cancelled") == true)
    let third = Task { await keeper.state() }
    try await asked.take()
    third.cancel()
    _ = await third.value
  }

  @Test(
    "a session that is over is renewed once, and the request sent again",
    arguments: [
      .made(200, #"{"id": null, "error": {"code": 100, "data": {"name": "odoo.http.SessionExpiredException"}}}"#),
      .made(303, "", type: "text/html", location: "/web/login?redirect=%2Fweb"),
      .made(303, "", type: "text/html", location: "http://crm/web/login"),
    ] as [HTTPExchange])
  func renewed(whenOver: HTTPExchange) async throws {
    odoo.state.withLock { $0.whenOver = whenOver }
    let keeper = try keeper()
    _ = await keeper.send(request)
    odoo.expireSessions()
    #expect(try await keeper.send(request).get().status == 200)
    #expect(odoo.logins == 2 && odoo.state.withLock(\.requests) == ["session_id=session1", "session_id=session1", "session_id=session2"])
  }

  @Test("ten requests on a session that is over renew it once")
  func renewedOnce() async throws {
    let keeper = try keeper()
    _ = await keeper.send(request)
    odoo.expireSessions()
    await withDiscardingTaskGroup { group in
      for _ in 0..<10 { group.addTask { [request] in #expect((try? await keeper.send(request).get().status) == 200) } }
    }
    #expect(odoo.logins == 2)
  }

  @Test("where each new session is over at once, the answer says so after one renewal, and no other is tried for half a minute")
  func overAtOnce() async throws {
    odoo.state.withLock { $0.forgetsSessions = true }
    let keeper = try keeper()
    #expect(try await keeper.send(request).get().tellsThatSessionIsOver)
    #expect(odoo.logins == 2)
    time.advance(by: .seconds(29))
    #expect(try await keeper.send(request).get().tellsThatSessionIsOver)
    #expect(odoo.logins == 2)
    time.advance(by: .seconds(1))
    odoo.state.withLock { $0.forgetsSessions = false }
    #expect(try await keeper.send(request).get().status == 200)
    #expect(odoo.logins == 3)
  }

  @Test("an error of Odoo is handed on and costs no login")
  func otherErrors() async throws {
    let keeper = try keeper()
    _ = await keeper.send(request)
    odoo.expireSessions()
    odoo.state.withLock { $0.whenOver = .made(500, "<h1>SessionExpired</h1>", type: "text/html") }
    #expect(try await keeper.send(request).get().status == 500)
    #expect(odoo.logins == 1)
  }

  @Test("a refused password is not tried again for 15 minutes")
  func refused() async throws {
    odoo.state.withLock { $0.loginAnswers = [refusedPassword] }
    let keeper = try keeper()
    let trouble = try #require(await keeper.state().trouble)
    #expect(trouble.reason == .loginFailed && trouble.retryAt == time.now + .seconds(900))
    time.advance(by: .seconds(899))
    guard case .failure(let thrown) = await keeper.send(request) else { throw SocketError(call: "send") }
    #expect(thrown.trouble.reason == .loginFailed && odoo.logins == 1 && odoo.requests == 0)
    time.advance(by: .seconds(1))
    #expect(await keeper.state().trouble == nil)
    #expect(odoo.logins == 2)
  }

  @Test("a changed password file is tried at once")
  func changedFile() async throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "lookout-\(UUID().uuidString)").path
    try Data("old\n".utf8).write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    odoo.state.withLock { $0.loginAnswers = [refusedPassword] }
    let keeper = try keeper(password: .file(path))
    #expect(await keeper.state().trouble != nil)
    #expect(await keeper.state().trouble != nil)
    #expect(odoo.logins == 1)
    try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 1_000_000_000)], ofItemAtPath: path)
    #expect(await keeper.state().trouble == nil)
    #expect(odoo.logins == 2)
  }

  @Test("Odoo's own cool-down is waited for, and no longer")
  func cooldown() async throws {
    let text = #"{"error": {"data": {"name": "odoo.exceptions.AccessDenied", "message": "Too many login failures, please wait a bit"}}}"#
    odoo.state.withLock { $0.loginAnswers = [.made(200, text)] }
    let keeper = try keeper()
    #expect(await keeper.state().trouble?.reason == .loginCooldown)
    time.advance(by: .seconds(119))
    #expect(await keeper.state().trouble?.reason == .loginCooldown)
    time.advance(by: .seconds(1))
    #expect(await keeper.state().trouble == nil)
    #expect(odoo.logins == 2)
  }

  @Test("a second factor is a refusal")
  func secondFactor() async throws {
    odoo.state.withLock { $0.loginAnswers = [.made(200, #"{"result": {"uid": null}}"#)] }
    let keeper = try keeper()
    #expect(await keeper.state().trouble?.reason == .secondFactor)
    _ = await keeper.send(request)
    #expect(odoo.logins == 1)
  }

  @Test(
    "a fault of Odoo is no refusal: the next look tries again, and nothing is remembered",
    arguments: [
      .made(200, #"{"error": {"data": {"name": "psycopg2.OperationalError", "message": "connection refused"}}}"#),
      .made(502, "Bad Gateway", type: "text/html"), .unanswered(.connect, "refused"), .made(200, "not JSON"),
    ] as [HTTPExchange])
  func fault(answer: HTTPExchange) async throws {
    odoo.state.withLock { $0.loginAnswers = [answer, answer] }
    let keeper = try keeper()
    let trouble = await keeper.state().trouble
    #expect(trouble != nil && trouble?.retryAt == nil)
    #expect(await keeper.state().trouble != nil)
    #expect(await keeper.state().trouble == nil)
    #expect(odoo.logins == 3 && remembered.all.isEmpty)
  }

  @Test("a refusal is remembered, and forgotten with the next good login")
  func remembering() async throws {
    odoo.state.withLock { $0.loginAnswers = [refusedPassword] }
    let keeper = try keeper()
    _ = await keeper.state()
    let refusal = try #require(try await remembered.take())
    #expect(refusal.reason == .loginFailed && refusal.until == time.now + .seconds(900))
    let copy = try JSONDecoder().decode(LoginRefusal.self, from: JSONEncoder().encode(refusal))
    #expect(copy == refusal)
    time.advance(by: .seconds(900))
    _ = await keeper.state()
    #expect(try await remembered.take() == nil)
  }

  @Test("a refusal whose end lies further ahead than any pause lasts is from before the clock was set back, and holds nobody up")
  func clockSetBack() throws {
    let now = Timestamp.seconds(100_000)
    func holds(until: Duration, _ moment: Timestamp) -> Bool {
      let refusal = LoginRefusal(reason: .loginFailed, message: "made", until: now + until, account: "a", secretRevision: 1)
      return refusal.holds(at: moment, account: "a", secretRevision: 1)
    }
    #expect(holds(until: SessionKeeper.pauseAfterRefusal, now) && !holds(until: .zero, now))
    #expect(!holds(until: SessionKeeper.pauseAfterRefusal, now + .seconds(-3600)))
  }

  @Test("a refusal from before the restart holds for the same login, not for another one")
  func restored() async throws {
    odoo.state.withLock { $0.loginAnswers = [refusedPassword] }
    _ = try await keeper().state()
    let refusal = try await remembered.take()
    let same = try keeper(refusal: refusal)
    #expect(await same.state().trouble?.reason == .loginFailed)
    #expect(odoo.logins == 1)
    let other = try keeper(login: "another", refusal: refusal)
    #expect(await other.state().trouble == nil)
    #expect(odoo.logins == 2)
  }

  @Test("an administrator's login is flagged", arguments: [true, false])
  func administrator(isAdministrator: Bool) async throws {
    odoo.state.withLock { $0.isAdministrator = isAdministrator }
    let state = try await keeper().state()
    #expect(state.isAdministrator == isAdministrator && state.trouble == nil)
  }

  @Test("a password that cannot be read is a trouble of its own, without a request and without a pause")
  func unreadablePassword() async throws {
    let keeper = try keeper(password: .file("/nonexistent/password"))
    let trouble = await keeper.state().trouble
    #expect(trouble?.reason == .loginFailed && trouble?.message.contains("/nonexistent/password") == true && trouble?.retryAt == nil)
    #expect(odoo.logins == 0)
  }
}
