import Foundation

/// Asks a web server as a module says, and holds the answer against it (blackbox_exporter, `prober/http.go`).
/// A class, so that hundreds under way do not each hold several copies.
final class HTTPProbe: Sendable {
  let settings: ProbeModule.HTTPSettings
  let target: String
  let timeout: Duration
  let now: @Sendable () -> Timestamp
  let perform: @Sendable (HTTPRequest) async -> HTTPExchange

  init(
    settings: ProbeModule.HTTPSettings, target: String, timeout: Duration, now: @escaping @Sendable () -> Timestamp,
    perform: @escaping @Sendable (HTTPRequest) async -> HTTPExchange
  ) {
    (self.settings, self.target, self.timeout, self.now, self.perform) = (settings, target, timeout, now, perform)
  }

  /// As blackbox_exporter, which leaves it to Go's client.
  static let redirectLimit = 10

  func probe() async -> ProbeOutcome {
    let request: HTTPRequest
    do { request = try self.request() } catch {
      return ProbeOutcome(flaw: .init(reason: .agentTrouble, sentence: "a secret cannot be read: \(error)"), seconds: 0, samples: [])
    }
    let exchange = await perform(request)
    if let failure = exchange.failure, exchange.status == 0 {
      return ProbeOutcome(flaw: .init(failure), seconds: exchange.phases.total, samples: exchange.lookup)
    }
    let flaw = exchange.failure.map { ProbeOutcome.Flaw($0) } ?? self.flaw(of: exchange)
    return ProbeOutcome(flaw: flaw, seconds: exchange.phases.total, samples: samples(exchange))
  }

  private func request() throws -> HTTPRequest {
    let url = target.contains("://") ? target : "http://\(target)"
    var request = HTTPRequest(
      method: settings.method, url: url, headers: settings.headers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
      body: Array(settings.body.utf8), timeout: timeout, bodyLimit: settings.bodyLimit, keptBytes: settings.bodyLimit)
    if let authorization = settings.authorization { request.headers.append(("Authorization", try authorization.value())) }
    request.redirectLimit = settings.followsRedirects ? Self.redirectLimit : 0
    (request.ipVersion, request.prefersHTTP2) = (settings.ip.version, settings.prefersHTTP2)
    (request.acceptEncoding, request.proxy, request.tls) = (settings.acceptEncoding, settings.proxy, settings.tls)
    request.noProxy = settings.noProxy
    request.tls.readsCertificates = true
    return request
  }

  // MARK: - What is wrong

  private func flaw(of exchange: HTTPExchange) -> ProbeOutcome.Flaw? {
    status(exchange) ?? encryption(exchange) ?? headers(exchange) ?? body(exchange)
  }

  private func status(_ exchange: HTTPExchange) -> ProbeOutcome.Flaw? {
    let isWanted = settings.statuses.isEmpty ? (200...299).contains(exchange.status) : settings.statuses.contains(exchange.status)
    if !isWanted { return .init(reason: .httpStatus, sentence: "the answer is HTTP \(exchange.status)") }
    let version = "HTTP/" + (exchange.version.contains(".") ? exchange.version : exchange.version + ".0")
    guard settings.versions.isEmpty || settings.versions.contains(version) else {
      return .init(reason: .protocolError, sentence: "the answer is \(version)")
    }
    return nil
  }

  private func encryption(_ exchange: HTTPExchange) -> ProbeOutcome.Flaw? {
    if settings.failsIfEncrypted, exchange.isEncrypted { return .init(reason: .tls, sentence: "the answer came over TLS, and was not to") }
    if settings.failsIfUnencrypted, !exchange.isEncrypted { return .init(reason: .tls, sentence: "the answer came without TLS") }
    guard let days = settings.certificateDays, let end = exchange.certificatesEnd else { return nil }
    let left = (end - Double(now().milliseconds) / 1000) / 86_400
    return left < days ? .init(reason: .tls, sentence: "a certificate of the server ends in \(Int(left)) days") : nil
  }

  private func headers(_ exchange: HTTPExchange) -> ProbeOutcome.Flaw? {
    for wanted in settings.headerPatterns {
      let values = exchange.headers.filter { $0.name.lowercased() == wanted.name.lowercased() }.map(\.value)
      if values.isEmpty {
        if wanted.mayBeMissing { continue }
        return .init(reason: .missingData, sentence: "the answer has no header \(wanted.name)")
      }
      // One value that matches is enough either way.
      let matches = values.contains { wanted.pattern.pattern.matches($0) }
      if matches == wanted.pattern.failsOnMatch {
        return .init(reason: .unexpectedData, sentence: "the header \(wanted.name) is not as it should be")
      }
    }
    return nil
  }

  private func body(_ exchange: HTTPExchange) -> ProbeOutcome.Flaw? {
    if let least = settings.smallestBody, exchange.bodyBytes < least {
      return .init(reason: .missingData, sentence: "the answer has \(exchange.bodyBytes) bytes, fewer than \(least)")
    }
    if !settings.bodyPatterns.isEmpty {
      let text = String(decoding: exchange.body, as: UTF8.self)
      for (number, pattern) in settings.bodyPatterns.enumerated() where pattern.fails(on: text) {
        let what = pattern.failsOnMatch ? "matches" : "does not match"
        return .init(reason: .unexpectedData, sentence: "the answer \(what) pattern \(number + 1): \(pattern.pattern.text.prefix(80))")
      }
    }
    guard !settings.demands.isEmpty else { return nil }
    guard let json = JSONValue(exchange.body) else { return .init(reason: .notJSON, sentence: "the answer is not JSON") }
    guard let demand = settings.demands.first(where: { $0.outcome(on: json) != .met }) else { return nil }
    return .init(reason: .unexpectedData, sentence: "the answer is not as demanded: \(demand)")
  }

  // MARK: - Figures

  private func samples(_ exchange: HTTPExchange) -> [MetricSample] {
    let isPatternFlaw =
      headers(exchange).map { $0.reason == .unexpectedData } ?? body(exchange).map { $0.reason == .unexpectedData } ?? false
    return exchange.samples.filter { $0.metric != .probeDuration } + exchange.lookup + [
      Metric.probeVersion.sample([:], Double(exchange.version) ?? 0), Metric.probeRedirects.sample([:], Double(exchange.redirects)),
      Metric.probeSSL.sample([:], exchange.isEncrypted ? 1 : 0),
      Metric.probeContentLength.sample([:], exchange.header("Content-Length").flatMap(Double.init) ?? -1),
      Metric.probeRegex.sample([:], isPatternFlaw ? 1 : 0),
    ]
  }
}

extension HTTPExchange {
  /// What is known of the target's address, whatever came of the rest.
  var lookup: [MetricSample] {
    guard !peer.isEmpty else { return [] }
    return [Metric.probeLookup.sample([:], phases.resolve), Metric.probeIPVersion.sample([:], peer.contains(":") ? 6 : 4)]
  }
}

extension ProbeModule.Authorization {
  fileprivate func value() throws -> String {
    switch kind {
    case .scheme(let scheme): "\(scheme) \(try secret.reveal())"
    case .basic(let user): "Basic \(Data("\(user):\(try secret.reveal())".utf8).base64EncodedString())"
    }
  }
}
