/// The verdict on an answer of Odoo: a ladder whose first failing rung wins. Transport, status and redirect, content type, JSON, RPC error,
/// `result.success`, `result.data.error`, expected content, budget. HTTP 200 alone proves nothing.
struct AnswerLadder {
  /// Seconds; the verdict is fail above, warn from two thirds on.
  let budget: Double?

  func verdict(on exchange: HTTPExchange, expecting expectation: Expectation) -> Verdict {
    let fault =
      transport(exchange) ?? status(exchange) ?? contentType(exchange, expectation.contentType) ?? content(exchange, expectation)
    guard let fault else { return timely(exchange.phases.total, "the answer was right", AnswerEvidence.all(exchange)) }
    if case .websocket = expectation.content { return minor(fault) }
    if case .menus = expectation.content { return unknown(fault) }
    return expectation.mayBeRefused && fault.reason == .accessDenied ? unchecked(fault) : fault
  }

  func verdict(onPage page: HTTPExchange, assets: [HTTPExchange]) -> Verdict {
    let fault = fault(ofPage: page) ?? bundles(page, assets)
    let seconds = page.phases.total + (assets.map(\.phases.total).max() ?? 0)
    return fault ?? timely(seconds, "the page and its \(assets.count) bundles came", AnswerEvidence.all(page))
  }

  /// What is wrong with a page itself, whatever became of its assets.
  func fault(ofPage page: HTTPExchange) -> Verdict? { transport(page) ?? status(page) ?? contentType(page, "text/html") }

  // MARK: - Transport and status

  private func transport(_ exchange: HTTPExchange) -> Verdict? {
    exchange.failure.map { failure in
      // Odoo speaks no TLS itself: what does stands before it.
      let blamed: [Reason: Component] = [.dns: .network, .tls: .proxy]
      var verdict = fail(failure.reason, failure.message, exchange, blaming: blamed[failure.reason])
      verdict.isElsewhere = verdict.blamed != nil
      return verdict
    }
  }

  private func status(_ exchange: HTTPExchange) -> Verdict? {
    switch exchange.status {
    case 200: return nil
    case 300...399: return redirect(exchange)
    case 403: return fail(.accessDenied, "Odoo refuses this user the route", exchange)
    // Odoo's own 404 page has 6 kB; the bare one of 207 bytes is served while there is no database to look routes up in.
    case 404 where exchange.bodyBytes > 1000:
      return fail(.notInstalled, "Odoo has no such route; is the module installed?", exchange, blaming: .module)
    case 404: return fail(.httpStatus, "Odoo answered HTTP 404 as it does without its database", exchange, blaming: .database)
    case 500: return moduleError(exchange) ?? fail(.httpStatus, "Odoo answered HTTP 500", exchange)
    default: return fail(.httpStatus, "Odoo answered HTTP \(exchange.status)", exchange)
    }
  }

  private func redirect(_ exchange: HTTPExchange) -> Verdict {
    guard let location = exchange.header("Location") else { return fail(.httpStatus, "Odoo answered HTTP \(exchange.status)", exchange) }
    switch OdooRedirect(location) {
    case .login: return fail(.redirectedToLogin, "Odoo sent a valid session to the login page", exchange)
    case .databaseSelector:
      return fail(.databaseSelector, "Odoo offers to choose a database: it does not reach its own", exchange, blaming: .database)
    case .elsewhere: return fail(.redirected, "Odoo redirects to another page", exchange)
    }
  }

  /// The exports answer 500 with a line of their own.
  private func moduleError(_ exchange: HTTPExchange) -> Verdict? {
    let text = String(decoding: exchange.body.prefix(2048), as: UTF8.self)
    guard exchange.bodyBytes < 2048, text.hasPrefix("Error ") else { return nil }
    guard !text.contains("You don't have permission") else {
      return fail(.accessDenied, "the dashboard refuses this user", exchange)
    }
    return fail(.dashboardError, "the dashboard answered HTTP 500 with an error of its own", exchange, [message(text)])
  }

  private func contentType(_ exchange: HTTPExchange, _ wanted: String) -> Verdict? {
    let type = exchange.header("Content-Type") ?? "none"
    if type.lowercased().hasPrefix(wanted) { return nil }
    return fail(.contentType, "the answer is \(type.prefix(60)) instead of \(wanted)", exchange)
  }

  // MARK: - Content

  private func content(_ exchange: HTTPExchange, _ expected: Expectation) -> Verdict? {
    switch expected.content {
    case .menus(let names):
      return MenuNames.missing(names, in: exchange.body).map { menusMissing($0, exchange) }
    case .health, .websocket:
      let isHealthy = String(decoding: exchange.body, as: UTF8.self).filter { !$0.isWhitespace }.contains(#""status":"pass""#)
      return isHealthy ? nil : fail(.missingData, "Odoo's health answer does not say pass", exchange)
    case .loginPage:
      let hasForm = exchange.body.firstRange(of: Array("oe_login_form".utf8)) != nil
      return hasForm ? nil : fail(.missingData, "the page has no login form: it is not Odoo's", exchange)
    case .list, .object: return rpc(exchange, expected)
    case .export(let format): return export(exchange, format)
    }
  }

  private func export(_ exchange: HTTPExchange, _ format: ExportFormat) -> Verdict? {
    do throws(ZipArchive.Flaw) {
      let hasFigures = format == .csv ? CSVFigures.areIn(exchange.body) : try WorkbookFigures.areIn(exchange.body)
      return hasFigures ? nil : fail(.emptyData, "the export has its heading and no figures", exchange)
    } catch {
      return fail(.missingData, "the export cannot be opened as a workbook: \(error)", exchange)
    }
  }

  private func rpc(_ exchange: HTTPExchange, _ expected: Expectation) -> Verdict? {
    guard exchange.bodyBytes > 0 else { return fail(.notJSON, "the answer is empty", exchange) }
    guard let answer = RPCAnswer(exchange.body) else { return fail(.notJSON, "the answer is not JSON", exchange) }
    if let error = answer.error { return rpcError(error, exchange) }
    guard let result = answer.result else { return fail(.missingData, "the answer has neither result nor error", exchange) }
    guard let success = result.success else { return fail(.missingData, "the answer does not say whether it is a success", exchange) }
    if !success { return refused(result.error ?? "no reason given", exchange) }
    if let error = result.data?.error {
      return fail(.dashboardError, "the dashboard reports an error inside a successful answer", exchange, [message(error)])
    }
    guard case .object(let required) = expected.content else {
      return result.dataIsList ? demanded(expected, of: answer, exchange) : fail(.missingData, "the dashboard's list is missing", exchange)
    }
    return required.lazy.compactMap { part($0, of: result, exchange) }.first ?? demanded(expected, of: answer, exchange)
  }

  /// What the dashboards draw, and what the configuration demands.
  private func demanded(_ expected: Expectation, of answer: RPCAnswer, _ exchange: HTTPExchange) -> Verdict? {
    guard let data = answer.value?["data"] else { return nil }
    for demand in expected.demands {
      switch demand.outcome(on: data) {
      case .met: continue
      case .missing: return fail(.missingData, "the dashboard's data lack what it shows: \(demand)", exchange)
      case .unmet: return fail(.unexpectedData, expected.meaning ?? "the dashboard's data are not as demanded: \(demand)", exchange)
      }
    }
    return nil
  }

  private func part(_ name: String, of result: DashboardResult, _ exchange: HTTPExchange) -> Verdict? {
    if result.data?.filled.contains(name) == true { return nil }
    let isThere = result.data?.names.contains(name) == true
    return fail(isThere ? .emptyData : .missingData, "the dashboard's \(name) are \(isThere ? "empty" : "missing")", exchange)
  }

  private func rpcError(_ error: RPCError, _ exchange: HTTPExchange) -> Verdict {
    if error.isExpiredSession { return fail(.sessionExpired, "Odoo says that the session is over", exchange) }
    let name = error.data?.name ?? error.message ?? "an error without a name"
    var evidence = [Evidence(name: "exception", value: String(name.prefix(120)))]
    if let frame = error.lastFrame { evidence.append(Evidence(name: "frame", value: frame)) }
    let reason: Reason = error.isRefusal ? .accessDenied : .rpcError
    let isOfDatabase = name.hasPrefix("psycopg2.OperationalError") || name.hasPrefix("psycopg2.pool.")
    return fail(
      reason, "Odoo answered HTTP 200 with the error \(name.prefix(120))", exchange, evidence, blaming: isOfDatabase ? .database : nil)
  }

  private func refused(_ text: String, _ exchange: HTTPExchange) -> Verdict {
    if text.hasPrefix("You don't have permission") || text.hasPrefix("You are not allowed") {
      return fail(.accessDenied, "the dashboard refuses this user; it needs a sales role", exchange)
    }
    return fail(.dashboardError, "the dashboard answered success: false", exchange, [message(text)])
  }

  private func bundles(_ page: HTTPExchange, _ assets: [HTTPExchange]) -> Verdict? {
    guard !assets.isEmpty else { return fail(.missingData, "the page names no bundle: it is not Odoo's web client", page) }
    for asset in assets {
      let type = asset.header("Content-Type") ?? ""
      let isCode = asset.status == 304 || asset.status == 200 && asset.bodyBytes > 0 && !type.hasPrefix("text/html")
      guard asset.failure != nil || !isCode else { continue }
      let name = asset.url.split(separator: "/").last.map(String.init) ?? "a bundle"
      let what = asset.failure?.message ?? "HTTP \(asset.status), \(asset.bodyBytes) bytes of \(type.isEmpty ? "no type" : type)"
      return fail(.assetBroken, "the page came, but its bundle \(name.prefix(80)) did not: \(what)", asset)
    }
    return nil
  }

  // MARK: - Budget and rights

  func timely(_ seconds: Double, _ praise: String, _ evidence: [Evidence]) -> Verdict {
    guard let budget, seconds > budget * 2 / 3 else { return Verdict(level: .pass, sentence: praise, value: seconds, unit: "s") }
    let sentence = "\(praise), but took \(seconds.formatted()) s of \(budget.formatted()) s"
    return Verdict(
      level: seconds > budget ? .fail : .warn, reason: .tooSlow, sentence: sentence, value: seconds, unit: "s", evidence: evidence)
  }

  /// Nothing is broken, but nothing is known either.
  private func unchecked(_ fault: Verdict) -> Verdict {
    var verdict = fault
    verdict.level = .warn
    verdict.isUnknown = true
    verdict.sentence = "cannot be checked: Odoo shows this only to sales managers; give the agent's user the group Sales / Administrator"
    return verdict
  }

  /// Users miss something by it, and go on working.
  private func minor(_ fault: Verdict) -> Verdict {
    var verdict = fault
    verdict.level = .warn
    verdict.isMinor = true
    verdict.sentence = "users get no live messages and notifications: \(fault.sentence)"
    return verdict
  }

  /// The fault is told by the checks that are about it; of menus nothing is known then.
  private func unknown(_ fault: Verdict) -> Verdict {
    guard fault.reason != .accessDenied else { return fault }
    var verdict = fault
    verdict.level = .warn
    verdict.isUnknown = true
    return verdict
  }

  private func menusMissing(_ missing: [String], _ exchange: HTTPExchange) -> Verdict {
    var verdict = fail(.accessDenied, "the agent's user has no menu \(missing.joined(separator: ", "))", exchange)
    verdict.level = .warn
    return verdict
  }

  // MARK: - Words

  private func fail(
    _ reason: Reason, _ sentence: String, _ exchange: HTTPExchange, _ evidence: [Evidence] = [], blaming blamed: Component? = nil
  ) -> Verdict {
    Verdict(
      level: .fail, reason: reason, sentence: sentence, value: exchange.phases.total, unit: "s",
      evidence: evidence + AnswerEvidence.all(exchange), blamed: blamed)
  }

  private func message(_ text: String) -> Evidence { Evidence(name: "message", value: AnswerEvidence.redacted(text)) }
}

extension Expectation {
  fileprivate var contentType: String {
    switch content {
    case .health, .websocket, .menus, .list, .object: "application/json"
    case .loginPage: "text/html"
    case .export(let format): format.contentType
    }
  }
}
