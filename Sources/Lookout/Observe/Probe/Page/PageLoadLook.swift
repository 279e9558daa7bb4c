import OdooLog

/// Loads `/web` as a browser does, without running its scripts: the page, then what it names and what its stylesheets name, four at once,
/// compressed where Odoo or its proxy can. As at a first visit it costs Odoo 5 MB, so that this is done at most once an hour, and when the
/// bundles are others than before; as at a later visit it costs the page, and what no browser may keep.
actor PageLoadLook {
  private let url: WebAddress
  private let timeout: Duration
  private let code: [String]
  private let coldInterval: Duration
  private let now: @Sendable () -> Timestamp
  private let session: SessionKeeper
  private let perform: @Sendable (HTTPRequest) async -> HTTPExchange

  private var lastCold: (at: Timestamp, bundles: [String], kept: [String: Kept], sight: PageLoadSight)?

  /// What a browser has kept of an asset.
  private struct Kept: Sendable {
    let tag: String?
    /// It is not even asked for again: `Cache-Control: max-age=…`.
    let isFresh: Bool

    init(_ asset: HTTPExchange) {
      let caching = asset.header("Cache-Control") ?? ""
      let isKept = caching.contains("immutable") || caching.contains("max-age=") && !caching.contains("max-age=0")
      tag = asset.header("ETag")
      isFresh = asset.isAsset && isKept && !caching.contains("no-cache")
    }
  }

  /// After a load that was not whole.
  static let retryAfter = Duration.seconds(15)
  private static let chart = "/web/static/lib/Chart/Chart.js"
  private static let chartMarks = ["Chart.js v", "window.Chart=", "Chart.register("]

  init(
    url: WebAddress, timeout: Duration, code: [String], coldInterval: Duration, now: @escaping @Sendable () -> Timestamp,
    session: SessionKeeper, perform: @escaping @Sendable (HTTPRequest) async -> HTTPExchange
  ) {
    (self.url, self.timeout, self.code, self.coldInterval, self.now) = (url, timeout, code, coldInterval, now)
    (self.session, self.perform) = (session, perform)
  }

  func look() async -> Sight {
    switch await load(keeping: lastCold?.kept ?? [:]) {
    case .failure(let thrown): return Sight(seen: .session(SessionState(trouble: thrown.trouble)))
    case .success(let first):
      let bundles = PageLook.bundles(in: first.page.body)
      let isStale = lastCold.map { now() - $0.at >= coldInterval || $0.bundles != bundles || $0.sight.isBroken } ?? true
      guard isStale, first.page.failure == nil, first.page.status == 200 else { return sight(warm: first) }
      return await coldLook(bundles, before: lastCold == nil ? first : nil)
    }
  }

  /// - Parameter before: a load for which nothing was known: it is the cold one.
  private func coldLook(_ bundles: [String], before: PageLoad?) async -> Sight {
    var cold = before
    if cold == nil {
      guard case .success(let load) = await load(keeping: [:]) else { return Sight(seen: .pageLoad(PageLoadSight())) }
      cold = load
    }
    guard let cold else { return Sight(seen: .pageLoad(PageLoadSight())) }
    var sight = PageLoadSight(cold: cold.withoutBodies, missingCode: await missingCode(in: cold))
    let kept = Dictionary(zip(cold.paths(below: url), cold.assets + cold.fonts).map { ($0, Kept($1)) }) { first, _ in first }
    lastCold = (now(), bundles, kept, sight)
    if case .success(let warm) = await load(keeping: kept) { sight.warm = warm.withoutBodies }
    return Sight(
      seen: .pageLoad(sight), samples: cold.samples("cold") + (sight.warm?.samples("warm") ?? []),
      retryAfter: sight.isBroken ? Self.retryAfter : nil)
  }

  /// What the last full load saw stays true while the bundles are the same.
  private func sight(warm: PageLoad) -> Sight {
    let sight = PageLoadSight(warm: warm.withoutBodies, missingCode: lastCold?.sight.missingCode ?? [])
    return Sight(
      seen: .pageLoad(sight), samples: warm.samples("warm") + (lastCold?.sight.cold?.samples("cold") ?? []),
      isAbandoned: warm.page.failure?.reason == .timeout, retryAfter: sight.isBroken ? Self.retryAfter : nil)
  }

  // MARK: - Fetching

  private func load(keeping kept: [String: Kept]) async -> Result<PageLoad, SessionTrouble.Thrown> {
    let start = ContinuousClock.now
    func elapsed() -> Double { (ContinuousClock.now - start).inSeconds }
    let request = HTTPRequest(url: url.appending("/web?\(RequestSeen.mark)"), timeout: timeout, bodyLimit: 4 << 20, reusesConnection: true)
    switch await session.send(request) {
    case .failure(let thrown): return .failure(thrown)
    case .success(let page):
      guard page.failure == nil, page.status == 200 else { return .success(PageLoad(page: page, seconds: elapsed())) }
      let assets = await fetch(PageParts.assets(in: page.body), kept)
      let styles = assets.filter { $0.header("Content-Type")?.hasPrefix("text/css") == true }
      let paths = styles.flatMap { PageParts.fonts(in: $0.body, of: String($0.url.dropFirst(url.origin.count))) }
      let fonts = await fetch(Array(paths.prefix(PageParts.fontLimit)), kept)
      return .success(PageLoad(page: page, assets: assets, fonts: fonts, seconds: elapsed()))
    }
  }

  /// libcurl sees to it that no more than four are under way at once.
  private nonisolated func fetch(_ paths: [String], _ kept: [String: Kept]) async -> [HTTPExchange] {
    let asked = paths.filter { kept[$0]?.isFresh != true }
    return await withTaskGroup(of: (Int, HTTPExchange).self) { group in
      for (index, path) in asked.enumerated() { group.addTask { (index, await self.fetch(path, tag: kept[path]?.tag)) } }
      return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  private nonisolated func fetch(_ path: String, tag: String?) async -> HTTPExchange {
    let request = HTTPRequest(
      url: url.origin + path, headers: tag.map { [("If-None-Match", $0)] } ?? [], timeout: timeout, bodyLimit: PageLook.assetSizeLimit,
      keptBytes: 16 << 20, reusesConnection: true)
    // The menus are the user's own.
    guard path.hasPrefix("/web/webclient/load_menus") else { return await perform(request) }
    switch await session.send(request) {
    case .success(let exchange): return exchange
    case .failure(let thrown):
      let failure = TransportFailure(reason: thrown.trouble.reason, message: thrown.trouble.message)
      return HTTPExchange(method: request.method, url: request.url, failure: failure)
    }
  }

  /// Odoo keeps Chart.js in a file of its own where no bundle has it.
  private func missingCode(in load: PageLoad) async -> [String] {
    let scripts = load.assets.filter { $0.isAsset && $0.header("Content-Type")?.contains("javascript") == true }.map(\.body)
    func holds(_ mark: String) -> Bool { scripts.contains { $0.firstRange(of: Array(mark.utf8)) != nil } }
    guard !scripts.isEmpty else { return [] }
    var missing = code.filter { !holds($0) }
    if !Self.chartMarks.contains(where: holds), await !fetch(Self.chart, tag: nil).isAsset { missing.append("Chart.js") }
    return missing
  }
}

extension PageLoadSight {
  /// Then it is fetched whole again, to see it mended.
  fileprivate var isBroken: Bool {
    [cold, warm].contains { $0.map { $0.page.failure != nil || $0.page.status != 200 || !$0.broken.isEmpty } ?? false }
      || !missingCode.isEmpty
  }
}

extension PageLoad {
  /// Without what nobody looks at any more.
  fileprivate var withoutBodies: PageLoad {
    func light(_ exchange: HTTPExchange) -> HTTPExchange {
      var exchange = exchange
      exchange.body = Array(exchange.body.prefix(2048))
      return exchange
    }
    return PageLoad(page: light(page), assets: assets.map(light), fonts: fonts.map(light), seconds: seconds)
  }

  fileprivate func paths(below url: WebAddress) -> [String] { (assets + fonts).map { String($0.url.dropFirst(url.origin.count)) } }
}
