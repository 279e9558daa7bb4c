import OdooLog

/// The looks at who may see what, and at whether what users need beside the dashboards is there.
struct AccessChecks {
  let target: Configuration.Target
  let client: HTTPClient
  let session: SessionKeeper
  /// Of the second, less privileged login, where there is one.
  let viewer: SessionKeeper?
  let slot: WorkerSlot
  let now: @Sendable () -> Timestamp

  /// The check that needs no worker.
  static let websocket = "websocket"

  private var odoo: Configuration.Odoo { target.odoo }
  private var settings: Configuration.Checks { target.checks }

  var all: [Check] { [secondProcess, menus, anonymous, exposure, viewed].compactMap(\.self) }

  /// The process that holds browsers' connections open. It needs no worker: while the workers are busy, it answers still.
  private var secondProcess: Check? {
    guard let url = odoo.websocketURL else { return nil }
    let request = HTTPRequest(url: url.appending("/websocket/health"), timeout: settings.timeout, bodyLimit: 1 << 20, keptBytes: 64 << 10)
    return Check(
      id: id(Self.websocket), component: .process, interval: settings.interval, timeout: settings.timeout
    ) { [client] in Sight(answer: await client.perform(request), expecting: .websocket) }
  }

  private var menus: Check? {
    guard !settings.menus.isEmpty else { return nil }
    // The last part of the path is there only to let browsers keep what they got. The language is that in which menus are named.
    let url = odoo.url.appending("/web/webclient/load_menus/lookout?lang=en_US")
    return Check(
      id: id("menus"), component: .access, database: odoo.database, interval: settings.exportInterval, timeout: settings.timeout
    ) { [session, settings] in
      let request = HTTPRequest(url: url, timeout: settings.timeout)
      var sight = await Sight(session.send(request), expecting: Expectation(content: .menus(settings.menus)))
      if case .answer(let exchange, _) = sight.seen, exchange.status == 200 { return sight }
      sight.retryAfter = AccessSight.pauseAfterFailure
      return sight
    }
  }

  private var anonymous: Check {
    let look = AnonymousLook(odoo: odoo, timeout: settings.timeout, today: { [now] in now().date }) { [client] in await client.perform($0) }
    return check("anonymous_access", timeouts: 1) { await look.look() }
  }

  private var exposure: Check {
    let look = ExposureLook(odoo: odoo, accepted: settings.acceptedExposures, timeout: settings.timeout) { [client] in
      await client.perform($0)
    }
    return check("exposure", timeouts: 5) { await look.look() }
  }

  private var viewed: Check? {
    guard let viewer else { return nil }
    let look = ViewerLook(odoo: odoo, timeout: settings.timeout) { await viewer.send($0) }
    return check("viewer_access", timeouts: 6) { await look.look() }
  }

  private func check(_ name: String, timeouts: Int, _ look: @escaping @Sendable () async -> Sight) -> Check {
    Check(
      id: id(name), component: .access, database: odoo.database, interval: settings.accessInterval, timeout: settings.timeout * timeouts,
      cost: .costly(slot), look: look)
  }

  private func id(_ name: String) -> CheckID { CheckID(target: target.name, check: name) }
}
