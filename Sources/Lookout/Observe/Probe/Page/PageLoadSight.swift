/// A page, and all that a browser fetched for it.
struct PageLoad: Sendable {
  let page: HTTPExchange
  /// What the page names, and what its stylesheets name.
  var assets: [HTTPExchange] = []
  var fonts: [HTTPExchange] = []
  /// Seconds from the request for the page to the last byte of all.
  var seconds: Double

  var all: [HTTPExchange] { [page] + assets + fonts }
  var bytes: Int { all.reduce(0) { $0 + $1.wireBytes } }
  var broken: [HTTPExchange] { (assets + fonts).filter { !$0.isAsset } }
  var slowest: HTTPExchange? { (assets + fonts).max { $0.phases.total < $1.phases.total } }

  /// What more connections could not shorten.
  var criticalPath: Double {
    page.phases.total + (assets.map(\.phases.total).max() ?? 0) + (fonts.map(\.phases.total).max() ?? 0)
  }

  func samples(_ load: String) -> [MetricSample] {
    guard page.failure == nil, page.status == 200 else { return [] }
    let labels = ["load": load]
    return [
      Metric.pageLoad.sample(labels, seconds), Metric.pageCriticalPath.sample(labels, criticalPath),
      Metric.pageLoadBytes.sample(labels, Double(bytes)), Metric.pageLoadRequests.sample(labels, Double(all.count)),
      Metric.pageLoadBroken.sample(labels, Double(broken.count)),
    ]
  }
}

/// What a look at the page's load saw.
struct PageLoadSight: Sendable {
  /// As at a first visit; nil where everything had been fetched not long ago.
  var cold: PageLoad?
  /// As at a later visit: what a browser keeps is not fetched again.
  var warm: PageLoad?
  /// Names whose code is in none of the page's scripts.
  var missingCode: [String] = []
}

extension HTTPExchange {
  /// Whether it is something that a page can use.
  var isAsset: Bool {
    guard failure == nil else { return false }
    let type = header("Content-Type") ?? ""
    return status == 304 || status == 200 && bodyBytes > 0 && !type.hasPrefix("text/html")
  }
}
