/// Asks a name server as a module says (blackbox_exporter, `prober/dns.go`).
struct DNSProbe: Sendable {
  let settings: ProbeModule.DNSSettings
  /// The server.
  let target: String
  let timeout: Duration
  let loop: EventLoop
  let resolver: NameResolver

  func probe() async -> ProbeOutcome {
    let start = ContinuousClock.now
    var samples: [MetricSample] = []
    var flaw: ProbeOutcome.Flaw?
    do throws(TransportFailure) {
      let answer = try await ask(until: start + timeout, since: start, &samples)
      samples += [
        Metric.probeAnswers.sample([:], Double(answer.answerCount)), Metric.probeAuthorities.sample([:], Double(answer.authorityCount)),
        Metric.probeAdditional.sample([:], Double(answer.additionalCount)), Metric.probeQuerySucceeded.sample([:], 1),
      ]
      flaw = self.flaw(of: answer)
    } catch {
      samples.append(Metric.probeQuerySucceeded.sample([:], 0))
      flaw = .init(error)
    }
    return ProbeOutcome(flaw: flaw, seconds: (ContinuousClock.now - start).inSeconds, samples: samples)
  }

  private func ask(
    until deadline: ContinuousClock.Instant, since start: ContinuousClock.Instant, _ samples: inout [MetricSample]
  ) async throws(TransportFailure) -> DNSMessage {
    let id = UInt16.random(in: 0...UInt16.max)
    guard let place = ProbeTarget(target, usualPort: 53), let type = DNSType.all[settings.type],
      let query = DNSMessage.query(settings.name, type, id: id, asksRecursion: settings.asksRecursion)
    else { throw TransportFailure(reason: .dns, message: "'\(target)' cannot be asked for '\(settings.name)'") }
    let address = try await place.address(resolver, until: deadline)
    samples.append(Metric.probeLookup.sample([:], (ContinuousClock.now - start).inSeconds))
    let socket = ProbeSocket(loop: loop, until: deadline)
    try await socket.open(address, port: place.port, isStream: settings.overTCP)
    samples.append(Metric.probeIPVersion.sample([:], Double(await socket.ipVersion)))
    // Over TCP the length stands before each message (RFC 1035, section 4.2.2).
    try await socket.send(settings.overTCP ? [UInt8(query.count >> 8), UInt8(query.count & 0xff)] + query : query)
    while true {
      let bytes = settings.overTCP ? try await whole(socket) : try await socket.receive(atMost: 65_535)
      do throws(DNSMessage.Malformed) {
        let message = try DNSMessage(bytes)
        // A late answer to another question is not this one's.
        if message.id == id { return message }
      } catch {
        throw TransportFailure(reason: .protocolError, message: "the answer cannot be read: \(error.message)")
      }
    }
  }

  private func whole(_ socket: ProbeSocket) async throws(TransportFailure) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < 2 || bytes.count < 2 + (Int(bytes[0]) << 8 | Int(bytes[1])) {
      let more = try await socket.receive(atMost: 65_537 - bytes.count)
      if more.isEmpty { throw TransportFailure(reason: .emptyReply, message: "the connection was closed before an answer came") }
      bytes += more
    }
    return Array(bytes.dropFirst(2))
  }

  private func flaw(of answer: DNSMessage) -> ProbeOutcome.Flaw? {
    let code = DNSMessage.codes.indices.contains(answer.code) ? DNSMessage.codes[answer.code] : "RCODE\(answer.code)"
    guard settings.codes.isEmpty ? code == "NOERROR" : settings.codes.contains(code) else {
      return .init(reason: .unexpectedData, sentence: "the name server answers \(code)")
    }
    for (rules, records) in [
      (settings.answers, answer.answers), (settings.authorities, answer.authorities), (settings.additionals, answer.additionals),
    ] {
      guard let rule = rules.broken(by: records) else { continue }
      return .init(reason: .unexpectedData, sentence: "the records are not as they should be: \(rule.pattern.text.prefix(80))")
    }
    return nil
  }
}
