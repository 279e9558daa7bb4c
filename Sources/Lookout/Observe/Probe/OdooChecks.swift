import OdooLog

/// The table of looks at Odoo's HTTP side.
struct OdooChecks {
  let target: Configuration.Target
  let client: HTTPClient
  let session: SessionKeeper
  let now: @Sendable () -> Timestamp

  private var odoo: Configuration.Odoo { target.odoo }
  private var settings: Configuration.Checks { target.checks }
  var slot: WorkerSlot {
    WorkerSlot(odoo: odoo.url.origin, share: settings.workerShare * Double(odoo.workers), longestRequest: odoo.longestRequest)
  }

  /// Cheap ones first, then the costly ones in the order in which they are to have their first turn.
  var all: [Check] {
    [proxy].compactMap(\.self) + [
      health, loginPage, sessionKept, page,
      dashboard,
      data("dashboard_overdue", "/crm/dashboard/overdue", .list) { _ in DashboardParameters() },
      data("dashboard_performers", "/crm/dashboard/performers", .list) { .month(of: $0, limit: 5) },
      data(
        "strategic_data", "/crm/strategic/dashboard/data",
        .object(["strategic_kpis"]).demanding(DashboardShape.strategic).forManagers
      ) { .month(of: $0) },
      pageLoad,
      export("dashboard_export", "/crm/dashboard/export", .export),
      export("strategic_export", "/crm/strategic/dashboard/export", .export),
      export("dashboard_export_xlsx", "/crm/dashboard/export", .workbook),
      export("strategic_export_xlsx", "/crm/strategic/dashboard/export", .workbook),
    ]
  }

  // MARK: - The rungs

  /// Past the proxy, where Odoo is seen from both sides.
  private var health: Check { health("odoo_health", .process, straight("/web/health")) }

  /// As users come, where Odoo itself can be looked at too: what fails here alone is the proxy's or the network's.
  private var proxy: Check? {
    odoo.directURL.map { _ in health("proxy", .proxy, HTTPRequest(url: odoo.url.appending("/web/health"))) }
  }

  private func health(_ name: String, _ component: Component, _ request: HTTPRequest) -> Check {
    var request = request
    (request.timeout, request.bodyLimit, request.keptBytes) = (settings.timeout, 1 << 20, 64 << 10)
    request.tls.readsCertificates = true
    return Check(id: id(name), component: component, interval: settings.interval, timeout: settings.timeout) { [client, request] in
      Sight(answer: await client.perform(request), expecting: .health)
    }
  }

  /// Asks Odoo itself, as its proxy does: by the name that users use, for Odoo may choose its database by that.
  private func straight(_ path: String) -> HTTPRequest {
    guard let direct = odoo.directURL else { return HTTPRequest(url: odoo.url.appending(path)) }
    let host = odoo.url.origin.dropFirst(odoo.url.scheme.count + 3)
    return HTTPRequest(url: direct.appending(path), headers: [("Host", String(host))])
  }

  /// `/web/health` passes without a database; this page does not come without one, nor without Odoo's registry.
  private var loginPage: Check {
    var request = straight("/web/login?\(RequestSeen.mark)")
    (request.timeout, request.bodyLimit, request.keptBytes) = (settings.timeout, 4 << 20, 256 << 10)
    return Check(
      id: id("login_page"), component: .registry, database: odoo.database, interval: settings.interval, timeout: settings.timeout,
      budget: settings.pageBudget.inSeconds, route: "/web/login"
    ) { [client, request] in Sight(answer: await client.perform(request), expecting: .loginPage) }
  }

  private var sessionKept: Check {
    Check(
      id: id("session"), component: .session, database: odoo.database, interval: settings.interval, timeout: settings.timeout
    ) { [session] in Sight(seen: .session(await session.state())) }
  }

  private var page: Check {
    let look = PageLook(url: odoo.url, timeout: settings.timeout, session: session) { [client] in await client.perform($0) }
    return Check(
      id: id("page"), component: .page, database: odoo.database, interval: settings.interval, timeout: settings.timeout * 2,
      budget: settings.pageBudget.inSeconds, route: "/web"
    ) { await look.look() }
  }

  /// With a look at the filters now and then, which tells nothing while the figures themselves are wrong.
  private var dashboard: Check {
    let url = odoo.url.appending("/crm/dashboard/data?\(RequestSeen.mark)")
    let filters = FilterLook(url: url, timeout: settings.costlyTimeout, interval: settings.exportInterval, now: now, session: session)
    let expected = Expectation.object(["kpis"]).demanding(DashboardShape.executive)
    let data = data("dashboard_data", "/crm/dashboard/data", expected) { .month(of: $0) }
    return data.looking { await filters.look(after: await data.look()) }
  }

  /// Looks every five minutes what has changed, and fetches everything anew now and then.
  private var pageLoad: Check {
    let look = PageLoadLook(
      url: odoo.url, timeout: settings.timeout, code: settings.pageCode, coldInterval: settings.pageLoadInterval, now: now, session: session
    ) { [client] in await client.perform($0) }
    return Check(
      id: id("page_load"), component: .page, database: odoo.database, interval: .seconds(300), timeout: settings.timeout * 4,
      cost: .costly(slot), budget: settings.pageBudget.inSeconds
    ) { await look.look() }
  }

  /// Overdue and performers are answered in no time as a rule, but all of these wait for the same tables: together, when those are locked,
  /// they would hold every worker of a small Odoo. So they share the slot too.
  private func data(
    _ name: String, _ route: String, _ expected: Expectation, _ parameters: @escaping @Sendable (_ today: String) -> DashboardParameters
  ) -> Check {
    let timeout = settings.costlyTimeout
    let url = odoo.url.appending("\(route)?\(RequestSeen.mark)")
    let expected = expected.demanding(settings.demands[name] ?? [])
    return Check(
      id: id(name), component: .dashboard, database: odoo.database, interval: settings.costlyInterval, timeout: timeout,
      cost: .costly(slot), budget: settings.dashboardBudget.inSeconds, route: route
    ) { [session, now] in
      let request = HTTPRequest.rpc(to: url, call: parameters(now().date), timeout: timeout)
      return await Sight(session.send(request), expecting: expected)
    }
  }

  /// Odoo warns of a query that an export does not know, so that these requests carry no mark. Both formats of an export take the same
  /// route, of which users' requests say as much about the one as about the other.
  private func export(_ name: String, _ route: String, _ expected: Expectation) -> Check {
    Check(
      id: id(name), component: .export, database: odoo.database, interval: settings.exportInterval, timeout: settings.costlyTimeout,
      cost: .costly(slot), budget: settings.exportBudget.inSeconds, route: route
    ) { [session, odoo, settings, now] in
      let today = now().date
      guard case .export(let format) = expected.content else { preconditionFailure("an export is expected to be one") }
      let url = odoo.url.appending("\(route)?date_from=\(today.prefix(8))01&date_to=\(today)&format=\(format.rawValue)")
      return await Sight(session.send(HTTPRequest(url: url, timeout: settings.costlyTimeout)), expecting: expected.forManagers)
    }
  }

  private func id(_ name: String) -> CheckID { CheckID(target: target.name, check: name) }
}

extension Sight {
  init(_ answer: Result<HTTPExchange, SessionTrouble.Thrown>, expecting expectation: Expectation) {
    switch answer {
    case .success(let exchange): self.init(answer: exchange, expecting: expectation)
    case .failure(let thrown): self.init(seen: .session(SessionState(trouble: thrown.trouble)))
    }
  }

  /// An answer with blackbox_exporter's figures about it; the check's labels are added when they are stored.
  init(answer exchange: HTTPExchange, expecting expectation: Expectation) {
    self.init(
      seen: .answer(exchange, expectation), samples: exchange.samples, isAbandoned: exchange.failure?.reason == .timeout)
  }
}

extension HTTPExchange {
  /// A phase that was not reached has no sample; so has the status where there was none.
  var samples: [MetricSample] {
    let spans = [
      ("resolve", phases.resolve), ("connect", phases.connect), ("tls", phases.tls), ("processing", phases.processing),
      ("transfer", phases.transfer),
    ]
    var samples = [Metric.probeDuration.sample([:], phases.total)]
    guard failure == nil || status != 0 else { return samples }
    samples += spans.map { Metric.probePhases.sample(["phase": $0.0], $0.1) }
    samples.append(Metric.probeStatusCode.sample([:], Double(status)))
    samples.append(Metric.probeBodyLength.sample([:], Double(bodyBytes)))
    if let end = certificatesEnd { samples.append(Metric.probeCertificate.sample([:], end)) }
    return samples
  }
}
