/// A probe of the configuration's list.
struct GenericProbe: Sendable, Equatable {
  /// What it is called, and what its label `target` says unless it is about one of the targets.
  var name: String
  var target: String
  /// The URL, `host:port` or name server.
  var address: String
  var moduleName: String
  var module: ProbeModule
  var component = Component.host
  var interval = Duration.seconds(15)
  var timeout = Duration.seconds(10)
  /// Seconds.
  var budget: Double?
  var labels: [String: String] = [:]
}

/// What probes are made with.
struct Probing: Sendable {
  let client: HTTPClient
  let loop: EventLoop
  let resolver: NameResolver
  let now: @Sendable () -> Timestamp

  func outcome(of module: ProbeModule, at address: String, timeout: Duration) async -> ProbeOutcome {
    switch module.prober {
    case .http(let settings):
      await HTTPProbe(settings: settings, target: address, timeout: timeout, now: now) { [client] in await client.perform($0) }.probe()
    case .tcp(let settings) where settings.isEncrypted:
      await handshake(settings, at: address, timeout: timeout)
    case .tcp(let settings):
      await TCPProbe(settings: settings, target: address, timeout: timeout, loop: loop, resolver: resolver).probe()
    case .dns(let settings):
      await DNSProbe(settings: settings, target: address, timeout: timeout, loop: loop, resolver: resolver).probe()
    }
  }

  /// TLS to whatever speaks beneath it: libcurl connects and says nothing.
  private func handshake(_ settings: ProbeModule.TCPSettings, at address: String, timeout: Duration) async -> ProbeOutcome {
    var request = HTTPRequest(url: "https://\(address)", timeout: timeout)
    (request.connectsOnly, request.ipVersion, request.tls) = (true, settings.ip.version, settings.tls)
    request.tls.readsCertificates = true
    let exchange = await client.perform(request)
    let end = exchange.certificatesEnd.map { [Metric.probeCertificate.sample([:], $0)] } ?? []
    return ProbeOutcome(
      flaw: exchange.failure.map { ProbeOutcome.Flaw($0) }, seconds: exchange.phases.total, samples: exchange.lookup + end)
  }

  func check(_ probe: GenericProbe) -> Check {
    let timeout = probe.module.timeout.map { min($0, probe.timeout) } ?? probe.timeout
    var labels = probe.labels
    labels["module"] = probe.moduleName
    let extra = labels
    return Check(
      id: CheckID(target: probe.target, check: probe.name), component: probe.component, interval: probe.interval, timeout: timeout,
      budget: probe.budget
    ) {
      let outcome = await outcome(of: probe.module, at: probe.address, timeout: timeout)
      return Sight(seen: .probe(outcome), samples: outcome.samples, labels: extra)
    }
  }
}
