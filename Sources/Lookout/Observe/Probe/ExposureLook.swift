import OdooLog

/// Looks at what Odoo shows to strangers. It only reads: the one form that it sends is a login without a token and without a user.
struct ExposureLook: Sendable {
  let odoo: Configuration.Odoo
  let accepted: Set<ExposureSight.Thing>
  let timeout: Duration
  let perform: @Sendable (HTTPRequest) async -> HTTPExchange

  func look() async -> Sight {
    var sight = ExposureSight(accepted: accepted)
    let login = await get("/web/login?\(RequestSeen.mark)")
    guard login.failure == nil else {
      sight.failure = login.failure
      return Sight(seen: .exposure(sight), retryAfter: AccessSight.pauseAfterFailure)
    }
    sight.versions = Self.versions(login.header("Server") ?? "")
    sight.see(cookiesOf: login, isEncrypted: odoo.url.scheme == "https")
    let manager = await get("/web/database/manager")
    if manager.failure == nil { sight.isOpen[.databaseManager] = Self.isManager(manager) }
    let list = await perform(.rpc(to: odoo.url.appending("/web/database/list"), call: NoParameters(), timeout: timeout))
    if list.failure == nil { sight.isOpen[.databaseList] = RPCAnswer(list.body)?.value?.list.map { !$0.isEmpty } ?? false }
    let error = await perform(.rpc(to: odoo.url.appending("/web/session/get_session_info"), call: NoParameters(), timeout: timeout))
    if error.failure == nil { sight.isOpen[.tracebacks] = RPCAnswer(error.body)?.error?.data?.debug?.contains("File \"/") ?? false }
    if let isOpen = await takesFormWithoutToken() { sight.isOpen[.csrf] = isOpen }
    return Sight(seen: .exposure(sight), samples: Self.samples(sight))
  }

  private func get(_ path: String) async -> HTTPExchange {
    await perform(HTTPRequest(url: odoo.url.appending(path), timeout: timeout, bodyLimit: 4 << 20, keptBytes: 256 << 10))
  }

  /// Odoo refuses with 400 before it looks at the user; whoever asks for a user instead has not looked at the token.
  private func takesFormWithoutToken() async -> Bool? {
    let form = HTTPRequest(
      method: "POST", url: odoo.url.appending("/web/login?\(RequestSeen.mark)"),
      headers: [("Content-Type", "application/x-www-form-urlencoded")], body: Array("redirect=".utf8), timeout: timeout)
    let answer = await perform(form)
    return answer.failure == nil ? answer.status == 200 && answer.text.contains("oe_login_form") : nil
  }

  /// Where it is switched off (`list_db = False`), Odoo serves the page with 200 and says so in it.
  private static func isManager(_ page: HTTPExchange) -> Bool {
    page.status == 200 && page.text.contains("database") && !page.text.contains("disabled by the administrator")
      && !page.text.contains("oe_login_form")
  }

  /// From `Werkzeug/2.2.2 Python/3.11.2`.
  static func versions(_ server: String) -> [(name: String, version: String)] {
    server.split(separator: " ").prefix(8).compactMap { part in
      let pair = part.split(separator: "/", maxSplits: 1)
      guard pair.count == 2 else { return nil }
      return (String(pair[0].prefix(40)), String(pair[1].prefix(40)))
    }
  }

  private static func samples(_ sight: ExposureSight) -> [MetricSample] {
    let open = sight.isOpen.map { Metric.exposed.sample(["what": $0.key.rawValue], $0.value ? 1 : 0) }
    let versions = sight.versions.map { Metric.serverInfo.sample(["name": $0.name, "version": $0.version], 1) }
    return open + versions
  }
}

extension ExposureSight {
  fileprivate mutating func see(cookiesOf answer: HTTPExchange, isEncrypted: Bool) {
    let cookies = answer.headers.filter { $0.name.lowercased() == "set-cookie" && $0.value.hasPrefix("session_id=") }
    guard let cookie = cookies.first else { return }
    let flags = Set(cookie.value.split(separator: ";").dropFirst().map { $0.filter { $0 != " " }.lowercased() })
    isOpen[.cookieForScripts] = !flags.contains("httponly")
    if isEncrypted { isOpen[.cookieUnencrypted] = !flags.contains("secure") }
  }
}
