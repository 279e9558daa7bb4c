/// The table of looks at Odoo's HTTP side.
enum OdooChecks {
  static func all(_ configuration: Configuration, client: HTTPClient, session: SessionKeeper) -> [Check] {
    let odoo = configuration.odoo
    let checks = configuration.checks
    let page = PageLook(url: odoo.url, timeout: checks.timeout, session: session) { await client.perform($0) }
    let health = HTTPRequest(url: odoo.url.appending("/web/health"), timeout: checks.timeout, bodyLimit: 1 << 20, keptBytes: 64 << 10)
    return [
      Check(
        id: CheckID(target: configuration.target, check: "odoo_health"), component: .process, interval: checks.interval,
        timeout: checks.timeout
      ) { Sight(answer: await client.perform(health), expecting: .health) },
      Check(
        id: CheckID(target: configuration.target, check: "session"), component: .session, database: odoo.database,
        interval: checks.interval, timeout: checks.timeout
      ) { Sight(seen: .session(await session.state())) },
      Check(
        id: CheckID(target: configuration.target, check: "page"), component: .page, database: odoo.database,
        interval: checks.interval, timeout: checks.timeout * 2, budget: checks.pageBudget.inSeconds
      ) { await page.look() },
      Check(
        id: CheckID(target: configuration.target, check: "dashboard_data"), component: .dashboard, database: odoo.database,
        interval: checks.costlyInterval, timeout: checks.costlyTimeout, cost: .costly, budget: checks.dashboardBudget.inSeconds
      ) { await dashboardData(odoo.url, timeout: checks.costlyTimeout, session: session) },
    ]
  }

  private static func dashboardData(_ url: WebAddress, timeout: Duration, session: SessionKeeper) async -> Sight {
    guard let call = try? RPCCall(NoParameters()).bytes else { preconditionFailure("a call without parameters is always JSON") }
    let request = HTTPRequest.rpc(to: url.appending("/crm/dashboard/data"), body: call, timeout: timeout)
    switch await session.send(request) {
    case .success(let exchange): return Sight(answer: exchange, expecting: .dashboard(required: ["kpis"]))
    case .failure(let thrown): return Sight(seen: .session(SessionState(trouble: thrown.trouble)))
    }
  }
}

extension Sight {
  /// An answer with blackbox_exporter's figures about it; the check's labels are added when they are stored.
  init(answer exchange: HTTPExchange, expecting expectation: Expectation) {
    self.init(seen: .answer(exchange, expectation), samples: exchange.samples)
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
    return samples
  }
}
