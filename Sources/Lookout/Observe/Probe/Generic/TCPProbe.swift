/// Connects, and talks as a module says (blackbox_exporter, `prober/tcp.go`). Over TLS it only shakes hands: libcurl does.
struct TCPProbe: Sendable {
  let settings: ProbeModule.TCPSettings
  let target: String
  let timeout: Duration
  let loop: EventLoop
  let resolver: NameResolver

  private static let lineLimit = 64 << 10

  func probe() async -> ProbeOutcome {
    let start = ContinuousClock.now
    var samples: [MetricSample] = []
    var flaw: ProbeOutcome.Flaw?
    do throws(TransportFailure) {
      flaw = try await converse(until: start + timeout, since: start, &samples)
    } catch {
      flaw = .init(error)
    }
    return ProbeOutcome(flaw: flaw, seconds: (ContinuousClock.now - start).inSeconds, samples: samples)
  }

  private func converse(
    until deadline: ContinuousClock.Instant, since start: ContinuousClock.Instant, _ samples: inout [MetricSample]
  ) async throws(TransportFailure) -> ProbeOutcome.Flaw? {
    guard let place = ProbeTarget(target) else { throw TransportFailure(reason: .dns, message: "'\(target)' is no host:port") }
    let address = try await place.address(resolver, until: deadline)
    samples.append(Metric.probeLookup.sample([:], (ContinuousClock.now - start).inSeconds))
    let socket = ProbeSocket(loop: loop, until: deadline)
    try await socket.open(address, port: place.port, isStream: true)
    samples.append(Metric.probeIPVersion.sample([:], Double(await socket.ipVersion)))
    var lines = Lines()
    for (number, step) in settings.steps.enumerated() {
      var sent = step.sent
      if let expected = step.expected {
        guard let found = try await lines.find(expected, from: socket, atMost: Self.lineLimit) else {
          samples.append(Metric.probeRegex.sample([:], 1))
          return .init(reason: .unexpectedData, sentence: "no line matched what step \(number + 1) expects")
        }
        sent = sent.map { Self.filledIn($0, with: found) }
        if !step.labels.isEmpty {
          samples.append(Metric.probeExpectInfo.sample(step.labels.mapValues { Self.filledIn($0, with: found) }, 1))
        }
      }
      if let sent { try await socket.send(Array("\(sent)\n".utf8)) }
    }
    if !settings.steps.isEmpty { samples.append(Metric.probeRegex.sample([:], 0)) }
    return nil
  }

  private static func filledIn(_ text: String, with groups: [[UInt8]?]) -> String {
    groups.enumerated().reversed().reduce(text) { text, group in
      text.replacing("${\(group.offset)}", with: String(decoding: group.element ?? [], as: UTF8.self))
    }
  }

  /// What came and is not read yet.
  private struct Lines {
    private var bytes: [UInt8] = []
    private var total = 0

    /// The groups of the first line that matches; nil when the connection ends, or too much came, before one did.
    mutating func find(
      _ expected: ProbePattern, from socket: ProbeSocket, atMost limit: Int
    ) async throws(TransportFailure) -> [[UInt8]?]? {
      while true {
        while let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
          let line = String(decoding: bytes[..<end], as: UTF8.self)
          bytes.removeFirst(end + 1)
          if let groups = expected.pattern.groups(in: line.last == "\r" ? String(line.dropLast()) : line) { return groups }
        }
        let more = try await socket.receive(atMost: 4096)
        total += more.count
        guard !more.isEmpty, total <= limit else { return nil }
        bytes += more
      }
    }
  }
}
