import Foundation
import Testing

@testable import Lookout

@Suite("Modules of blackbox_exporter")
struct ProbeModuleTests {
  private static let file = """
    modules:
      http_2xx:
        prober: http
        http:
          preferred_ip_protocol: "ip4"
      http_post_2xx:
        prober: http
        timeout: 5s
        http:
          method: POST
          headers: {Content-Type: application/json}
          body: '{}'
          basic_auth: {username: "me", password: "mysecret"}
          valid_status_codes: [200, 201]
          valid_http_versions: ["HTTP/1.1", "HTTP/2.0"]
          fail_if_ssl: false
          fail_if_not_ssl: true
          fail_if_body_matches_regexp: ["Could not connect to database"]
          fail_if_body_not_matches_regexp: ["Download the latest version here"]
          fail_if_header_matches: [{header: Set-Cookie, allow_missing: true, regexp: '.*'}]
          fail_if_header_not_matches: [{header: Access-Control-Allow-Origin, regexp: '(\\*|example\\.com)'}]
          tls_config: {insecure_skip_verify: false, server_name: example.com}
          body_size_limit: 1MB
          compression: gzip
          follow_redirects: false
          ip_protocol_fallback: false
      pop3s_banner:
        prober: tcp
        tcp:
          query_response: [{expect: "^+OK"}]
          tls: true
          tls_config: {insecure_skip_verify: false}
      irc_banner:
        prober: tcp
        tcp:
          query_response:
          - send: "NICK prober"
          - expect: "PING :([^ ]+)"
            send: "PONG ${1}"
      dns_udp_example:
        prober: dns
        timeout: 5s
        dns:
          query_name: "www.prometheus.io"
          query_type: "A"
          valid_rcodes: [NOERROR]
          validate_answer_rrs:
            fail_if_matches_regexp: [".*127.0.0.1"]
    """

  private func modules(_ text: String) throws -> [String: ProbeModule] {
    guard let document = try YAMLNode.document(text, file: "blackbox.yml") else { return [:] }
    return try ProbeModule.modules(document, Directory(of: "blackbox.yml"))
  }

  @Test("a configuration of HTTP, TCP and DNS modules is read as it is")
  func read() throws {
    let text = Self.file.replacing("^+OK", with: "^\\\\+OK")
    let modules = try modules(text)
    #expect(modules.count == 5)
    guard case .http(let post) = modules["http_post_2xx"]?.prober else { throw SocketError(call: "post") }
    #expect(post.method == "POST" && post.statuses == [200, 201] && post.failsIfUnencrypted && post.bodyLimit == 1 << 20)
    #expect(post.bodyPatterns.map(\.failsOnMatch) == [true, false] && post.headerPatterns.map(\.mayBeMissing) == [true, false])
    #expect(!post.followsRedirects && post.tls.serverName == "example.com" && post.ip.version == .v6)
    #expect(!"\(modules)".contains("mysecret"))
    guard case .tcp(let irc) = modules["irc_banner"]?.prober else { throw SocketError(call: "irc") }
    #expect(irc.steps.map(\.sent) == ["NICK prober", "PONG ${1}"])
    guard case .dns(let dns) = modules["dns_udp_example"]?.prober else { throw SocketError(call: "dns") }
    #expect(dns.type == "A" && dns.answers.noneMatches.count == 1)
  }

  @Test(
    "mistakes are told",
    arguments: [
      "modules: {a: {prober: icmp}}", "modules: {a: {}}", "modules: {a: {prober: http, http: {methd: GET}}}",
      "modules: {a: {prober: http, http: {fail_if_body_matches_regexp: ['(']}}}", "modules: {a: {prober: dns}}",
      "modules: {a: {prober: dns, dns: {query_name: a, query_type: X}}}", "modules: {a: {prober: http, http: {valid_status_codes: [20]}}}",
      "modules: {a: {prober: http, http: {body_size_limit: 1TB}}}", "modules: {a: {prober: tcp, tcp: {query_response: [{expct: a}]}}}",
      "modules: {a: {prober: http, http: {fail_if_body_json_matches_cel: 'x'}}}", "modules: 7", "{}",
    ])
  func mistakes(text: String) {
    #expect(throws: ConfigurationError.self) { try modules(text) }
  }
}
