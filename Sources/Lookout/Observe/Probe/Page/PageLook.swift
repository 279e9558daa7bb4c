import OdooLog

/// Looks at `/web` as a browser begins to: the page, then the bundles that it names. (The page alone says nothing: it is served with 200
/// while its bundles are broken.) A bundle that has not changed since is asked for with its ETag, so that it costs Odoo no 4 MB each time.
actor PageLook {
  private let url: WebAddress
  private let timeout: Duration
  private let session: SessionKeeper
  private let perform: @Sendable (HTTPRequest) async -> HTTPExchange
  private var tags: [String: String] = [:]

  /// Odoo's own bundles of a page are two; more than this is no page of Odoo's.
  static let assetLimit = 8
  static let assetSizeLimit = 64 << 20

  init(url: WebAddress, timeout: Duration, session: SessionKeeper, perform: @escaping @Sendable (HTTPRequest) async -> HTTPExchange) {
    self.url = url
    self.timeout = timeout
    self.session = session
    self.perform = perform
  }

  func look() async -> Sight {
    let request = HTTPRequest(url: url.appending("/web?\(RequestSeen.mark)"), timeout: timeout, bodyLimit: 4 << 20)
    switch await session.send(request) {
    case .failure(let thrown): return Sight(seen: .session(SessionState(trouble: thrown.trouble)))
    case .success(let page):
      let bundles = page.failure == nil && page.status == 200 ? Self.bundles(in: page.body) : []
      let assets = await fetch(bundles)
      return Sight(seen: .page(page, assets: assets), samples: samples(page, assets))
    }
  }

  private func fetch(_ bundles: [String]) async -> [HTTPExchange] {
    let requests = bundles.map { bundle in
      HTTPRequest(
        url: url.origin + bundle, headers: tags[bundle].map { [("If-None-Match", $0)] } ?? [], timeout: timeout,
        bodyLimit: Self.assetSizeLimit, keptBytes: 0)
    }
    let assets = await withTaskGroup(of: (Int, HTTPExchange).self) { [perform] group in
      for (index, request) in requests.enumerated() { group.addTask { (index, await perform(request)) } }
      return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
    }
    tags = Dictionary(
      zip(bundles, assets).compactMap { bundle, asset in
        guard asset.failure == nil, asset.status == 200 || asset.status == 304 else { return nil }
        return (asset.header("ETag") ?? tags[bundle]).map { (bundle, $0) }
      }, uniquingKeysWith: { first, _ in first })
    return assets
  }

  private func samples(_ page: HTTPExchange, _ assets: [HTTPExchange]) -> [MetricSample] {
    var samples = page.samples.filter { $0.metric != .probeDuration }
    samples.append(Metric.probeDuration.sample([:], page.phases.total + (assets.map(\.phases.total).max() ?? 0)))
    guard page.status == 200 else { return samples }
    samples.append(Metric.pageAssets.sample([:], Double(assets.count)))
    samples.append(Metric.pageBytes.sample([:], Double(assets.reduce(page.bodyBytes) { $0 + $1.bodyBytes })))
    return samples
  }

  /// The paths `/web/assets/…` that stand in quotes in the page, each once.
  static func bundles(in page: [UInt8]) -> [String] {
    let marker = Array("\"/web/assets/".utf8)
    var found: [String] = []
    var rest = page[...]
    while found.count < assetLimit, let start = rest.firstRange(of: marker) {
      rest = rest[rest.index(after: start.lowerBound)...]
      let path = rest.prefix(511).prefix { $0 != UInt8(ascii: "\"") }
      let isClosed = rest[path.endIndex...].first == UInt8(ascii: "\"")
      let isPlain = path.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "<") }
      let text = String(decoding: path, as: UTF8.self)
      if isClosed, isPlain, !found.contains(text) { found.append(text) }
    }
    return found
  }
}
