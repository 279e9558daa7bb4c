import Foundation
import Testing

@testable import Lookout

@Suite("Probes of the configuration's own", .timeLimit(.minutes(1)))
struct ProbingTests {
  private func module(_ text: String) throws -> ProbeModule {
    let node = try #require(try YAMLNode.document(text, file: "lookout.yml"))
    return try ProbeModule(node, Directory(of: "lookout.yml"))
  }

  private func outcome(_ text: String, at address: String, timeout: Duration = .seconds(10)) async throws -> ProbeOutcome {
    let module = try module(text)
    return try await withLoop { loop in
      let probing = Probing(client: HTTPClient(loop: loop), loop: loop, resolver: NameResolver(), now: { notifyStart })
      return await probing.outcome(of: module, at: address, timeout: timeout)
    }
  }

  private static let web: @Sendable (RawConnection) -> Void = { connection in
    let head = connection.request()
    let path = head.split(separator: " ").dropFirst().first ?? ""
    switch path {
    case "/moved": connection.send("HTTP/1.1 302 Found\r\nLocation: /ok\r\nContent-Length: 0\r\n\r\n")
    case "/loop": connection.send("HTTP/1.1 302 Found\r\nLocation: /loop\r\nContent-Length: 0\r\n\r\n")
    case "/gone": connection.send("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone")
    case "/echo":
      let body =
        head.contains("Authorization: Basic bWU6c2VjcmV0") && head.contains("X-Asked: yes") && head.hasPrefix("PUT") ? "right" : "wrong"
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n\(body)")
    default: connection.send("HTTP/1.1 200 OK\r\nContent-Length: 15\r\nX-Kind: plain\r\n\r\n{\"a\": {\"b\": 7}}")
    }
  }

  @Test(
    "HTTP: what passes, and why the rest does not",
    arguments: [
      ("/ok", "http: {}", nil), ("/moved", "http: {}", nil), ("/moved", "http: {follow_redirects: false}", .httpStatus),
      ("/moved", "http: {follow_redirects: false, valid_status_codes: [302]}", nil), ("/loop", "http: {}", .protocolError),
      ("/gone", "http: {}", .httpStatus), ("/gone", "http: {valid_status_codes: [404]}", nil),
      ("/ok", "http: {fail_if_not_ssl: true}", .tls),
      ("/ok", "http: {fail_if_ssl: true}", nil), ("/ok", "http: {fail_if_body_matches_regexp: ['\"b\": \\d']}", .unexpectedData),
      ("/ok", "http: {fail_if_body_not_matches_regexp: ['\"b\": 7']}", nil),
      ("/ok", "http: {fail_if_body_not_matches_regexp: [x]}", .unexpectedData),
      ("/ok", "http: {expect: ['a.b > 6']}", nil), ("/ok", "http: {expect: ['a.b > 7']}", .unexpectedData),
      ("/gone", "http: {valid_status_codes: [404], expect: ['a']}", .notJSON),
      ("/ok", "http: {fail_if_header_not_matches: [{header: x-kind, regexp: plain}]}", nil),
      ("/ok", "http: {fail_if_header_matches: [{header: X-Kind, regexp: plain}]}", .unexpectedData),
      ("/ok", "http: {fail_if_header_matches: [{header: X-None, regexp: plain}]}", .missingData),
      ("/ok", "http: {fail_if_header_matches: [{header: X-None, regexp: plain, allow_missing: true}]}", nil),
      ("/ok", "http: {smallest_body: 16}", .missingData), ("/ok", "http: {body_size_limit: 8}", .tooLarge),
      ("/ok", "http: {valid_http_versions: ['HTTP/2.0']}", .protocolError),
      (
        "/echo",
        "http: {method: PUT, body: x, headers: {X-Asked: 'yes'}, basic_auth: {username: me, password: secret}, fail_if_body_not_matches_regexp: [right]}",
        nil
      ),
    ] as [(String, String, Reason?)])
  func http(path: String, module: String, reason: Reason?) async throws {
    try await withRawServer(Self.web) { server in
      let outcome = try await outcome(module, at: server.url + path)
      #expect(outcome.flaw?.reason == reason, "\(outcome.flaw as Any)")
    }
  }

  @Test("figures are those of blackbox_exporter, and absent where nothing was reached")
  func figures() async throws {
    try await withRawServer(Self.web) { server in
      let outcome = try await outcome("http: {fail_if_body_matches_regexp: [a]}", at: server.url + "/moved")
      func value(_ name: String) -> Double? { outcome.samples.first { $0.metric.name == name }?.value }
      #expect(value("probe_http_status_code") == 200 && value("probe_http_redirects") == 1 && value("probe_http_version") == 1.1)
      #expect(value("probe_http_ssl") == 0 && value("probe_http_content_length") == 15 && value("probe_failed_due_to_regex") == 1)
      #expect(value("probe_ip_protocol") == 4 && value("probe_duration_seconds") != nil && value("probe_ssl_earliest_cert_expiry") == nil)
      #expect(outcome.samples.filter { $0.metric.name == "probe_http_duration_seconds" }.count == 5)
    }
    let refused = try await outcome("http: {}", at: "http://127.0.0.1:1/")
    #expect(refused.flaw?.reason == .connect && refused.samples.map(\.metric.name).filter { $0.hasPrefix("probe_http") } == [])
  }

  @Test("TCP: connects, reads, answers with what it read; and says what did not come")
  func tcp() async throws {
    let irc: @Sendable (RawConnection) -> Void = { connection in
      connection.send("NOTICE hello\r\nPING :4711\r\n")
      let answer = connection.line()
      connection.send(answer == "PONG 4711" ? "001 welcome\n" : "ERROR \(answer)\n")
      connection.waitForHangUp()
    }
    try await withRawServer(irc) { server in
      let address = "127.0.0.1:\(server.port)"
      let steps = "{expect: 'PING :([^ ]+)', send: 'PONG ${1}'}, {expect: '^001'}"
      #expect(try await outcome("tcp: {}", at: address).flaw == nil)
      let talk = try await outcome("tcp: {query_response: [\(steps)]}", at: address)
      #expect(talk.flaw == nil, "\(talk.flaw as Any)")
      let labelled = "{expect: 'PING :([^ ]+)', send: 'PONG ${1}', labels: [{name: ping, value: 'number ${1}'}]}"
      let info = try await outcome("tcp: {query_response: [\(labelled)]}", at: address).samples.first { $0.metric == .probeExpectInfo }
      #expect(info?.labels == ["ping": "number 4711"] && info?.value == 1)
      let silent = try await outcome("tcp: {query_response: [{expect: '^never'}]}", at: address, timeout: .milliseconds(300))
      #expect(silent.flaw?.reason == .timeout)
    }
    #expect(try await outcome("tcp: {}", at: "127.0.0.1:1").flaw?.reason == .connect)
    #expect(try await outcome("tcp: {}", at: "nowhere").flaw?.reason == .dns)
  }

  @Test("DNS: the answer is read and held against the module")
  func dns() async throws {
    try await withNameServer { port in
      let ask = "query_name: crm.example.com, query_type: A"
      let good = try await outcome("dns: {\(ask)}", at: "127.0.0.1:\(port)")
      #expect(good.flaw == nil && good.samples.contains { $0.metric == .probeAnswers && $0.value == 1 }, "\(good.flaw as Any)")
      let matching = try await outcome(
        "dns: {\(ask), validate_answer_rrs: {fail_if_not_matches_regexp: ['A\\t192\\.0\\.2\\.1$']}}", at: "127.0.0.1:\(port)")
      #expect(matching.flaw == nil, "\(matching.flaw as Any)")
      let wrong = try await outcome("dns: {\(ask), validate_answer_rrs: {fail_if_matches_regexp: ['192']}}", at: "127.0.0.1:\(port)")
      #expect(wrong.flaw?.reason == .unexpectedData)
      #expect(try await outcome("dns: {\(ask), valid_rcodes: [NXDOMAIN]}", at: "127.0.0.1:\(port)").flaw?.reason == .unexpectedData)
    }
    #expect(try await outcome("dns: {query_name: a}", at: "127.0.0.1:1", timeout: .milliseconds(500)).flaw?.reason == .connect)
  }

  @Test(
    "DNS: rules for the records of each section",
    arguments: [
      ("validate_answer_rrs: {fail_if_all_match_regexp: ['192']}", false),
      ("validate_answer_rrs: {fail_if_all_match_regexp: ['192', '198']}", true),
      ("validate_answer_rrs: {fail_if_none_matches_regexp: ['198', '192']}", true),
      ("validate_answer_rrs: {fail_if_none_matches_regexp: ['198']}", false),
      ("validate_authority_rrs: {fail_if_matches_regexp: ['.']}", true),
      ("validate_authority_rrs: {fail_if_not_matches_regexp: ['.']}", false),
      ("validate_additional_rrs: {fail_if_none_matches_regexp: ['.']}", false),
      ("validate_additional_rrs: {fail_if_all_match_regexp: ['.']}", true),
    ])
  func recordRules(rules: String, isRight: Bool) async throws {
    try await withNameServer { port in
      let outcome = try await outcome("dns: {query_name: crm.example.com, query_type: A, \(rules)}", at: "127.0.0.1:\(port)")
      #expect(outcome.flaw?.reason == (isRight ? nil : .unexpectedData), "\(outcome.flaw as Any)")
    }
  }

  @Test("messages of DNS that are damaged anywhere are refused or read, and nothing crashes or hangs")
  func damagedDNS() {
    let whole = NameServer.answer(to: DNSMessage.query("crm.example.com", 1, id: 7, asksRecursion: true) ?? [])
    #expect((try? DNSMessage(whole))?.answers == ["crm.example.com.\t300\tIN\tA\t192.0.2.1"])
    for length in 0..<whole.count { #expect(throws: DNSMessage.Malformed.self) { try DNSMessage(Array(whole.prefix(length))) } }
    // One record more is announced, of the authority's or beside the answer, and does not come.
    for count in [9, 11] {
      let lying = whole.enumerated().map { $0.offset == count ? 1 : $0.element }
      #expect(throws: DNSMessage.Malformed.self) { try DNSMessage(lying) }
    }
    for place in whole.indices {
      for value in [0, 0x3f, 0xc0, 0xff] as [UInt8] {
        var message = whole
        message[place] = value
        _ = try? DNSMessage(message)
      }
    }
    #expect(DNSMessage.query(String(repeating: "a", count: 64), 1, id: 1, asksRecursion: true) == nil)
  }
}
