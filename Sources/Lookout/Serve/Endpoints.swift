/// Which page lies where: a request goes in, an answer comes out.
struct Endpoints: Sendable {
  let sources: ServeSources

  func reply(to request: PageRequest) async -> Reply {
    for interface in sources.interfaces {
      if let answer = await interface(request) { return answer }
    }
    guard let page = page(at: request.path) else {
      return .line("there is nothing here; / links to what there is", status: 404)
    }
    guard page.methods.contains(request.method) else {
      return .line(page.refusal, status: 405, headers: ["Allow": page.methods.joined(separator: ", ")])
    }
    do {
      switch page {
      case .view(let view): return try await view(request)
      case .change(let change): return try await change()
      }
    } catch {
      return .line("this page could not be written: \(error)", status: 500)
    }
  }

  private enum Page {
    case view((PageRequest) async throws -> Reply)
    case change(() async throws -> Reply)

    var methods: [String] {
      switch self {
      case .view: ["GET", "HEAD"]
      case .change: ["POST", "PUT"]
      }
    }

    var refusal: String {
      switch self {
      case .view: "this can only be read: use GET or HEAD"
      case .change: "this changes something: use POST or PUT"
      }
    }
  }

  private func page(at path: String) -> Page? {
    switch path {
    case "/": .view { _ in overview() }
    case "/health": .view { _ in try health(nil) }
    // Prometheus' names beside those of Kubernetes.
    case "/livez", "/-/healthy": .view { _ in Self.verdict(sources.liveness()) }
    case "/metrics": .view(metrics)
    case "/readyz", "/-/ready": .view { _ in Self.verdict(sources.readiness()) }
    case "/-/reload": .change(reload)
    case ProbePage.path: probePage
    case RunbookLink.path: .view { _ in Self.forPeople(RunbookPage.shipped) }
    default: componentPage(at: path)
    }
  }

  /// There is none where the configuration has no modules to probe by.
  private var probePage: Page? {
    sources.probePage().map { page in
      .view { await page.reply(to: $0.query, scrapeTimeout: $0.scrapeTimeout, accept: $0.accept) }
    }
  }

  private func componentPage(at path: String) -> Page? {
    let prefix = "/health/"
    guard path.hasPrefix(prefix) else { return nil }
    guard let component = Component(rawValue: String(path.dropFirst(prefix.count))) else {
      let known = Component.allCases.map(\.rawValue).joined(separator: ", ")
      return .view { _ in .line("no such component; there are \(known)", status: 404) }
    }
    return .view { _ in try health(component) }
  }

  private func reload() async -> Reply {
    do {
      try await sources.reload()
      return .line("the configuration was reloaded", status: 200)
    } catch {
      return .line("the configuration could not be reloaded, the one before is in force: \(error)", status: 500)
    }
  }

  private func health(_ component: Component?) throws -> Reply {
    let standing = sources.standing(of: component)
    let document = HealthDocument(standing, target: sources.target(), version: sources.version)
    return Reply(status: standing.level == .fail ? 503 : 200, contentType: HealthDocument.contentType, body: try document.json())
  }

  private func metrics(_ request: PageRequest) throws -> Reply {
    let format = MetricsFormat(accept: request.accept)
    let text = MetricsText.render(sources.series(), as: format)
    let vary = ["Vary": "Accept, Accept-Encoding"]
    guard MediaRange.acceptsGzip(request.acceptEncoding) else {
      return Reply(contentType: format.contentType, body: text, headers: vary)
    }
    let headers = vary.merging(["Content-Encoding": "gzip"]) { $1 }
    return Reply(contentType: format.contentType, body: try Gzip.compress(text), headers: headers)
  }

  private func overview() -> Reply {
    let page = OverviewPage(
      now: sources.now(), target: sources.target(), version: sources.version, standing: sources.standing(), alerts: sources.alerts(),
      problems: sources.liveness() + sources.readiness())
    return Self.forPeople(page.html)
  }

  private static func forPeople(_ html: String) -> Reply {
    // Nothing but the page's own style is ever needed; what slipped through the escaping could still do nothing.
    let policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    let headers = ["Content-Security-Policy": policy, "Referrer-Policy": "no-referrer"]
    return Reply(contentType: PageForPeople.contentType, body: Array(html.utf8), headers: headers)
  }

  /// `ok`, or one problem a line.
  private static func verdict(_ problems: [String]) -> Reply {
    guard !problems.isEmpty else { return .line("ok", status: 200) }
    let lines = problems.map { $0.split(whereSeparator: \.isNewline).joined(separator: " ") }
    return .line(lines.joined(separator: "\n"), status: 503)
  }
}
