import Foundation
import Testing

@testable import Lookout

@Suite("Alertmanager's configuration")
struct RoutingConfigurationTests {
  static let receivers = "receivers: [{name: d}, {name: e}]\n"

  /// That amtool accepts too.
  static let goodTexts = [
    "route: {receiver: d}\n" + receivers,
    "route: {receiver: d, routes: [{continue: yes, match: {a: 1}, receiver: e}]}\n" + receivers,
    "route: {receiver: d, routes: [&a {matchers: [a=b]}, {<<: *a, receiver: e}]}\n" + receivers,
    "route: {receiver: d, group_by: [], group_wait: 0, routes: }\n" + receivers,
    "route: {receiver: d, routes: [{matchers: ['a=[', '{b=c', 'd!~e', '{\"ä ö\"=~\"x|y\"}']}]}\n" + receivers,
    "route: {receiver: d, routes: [{match_re: {a: '(b|c).*'}, group_by: ['...']}]}\n" + receivers,
    "inhibit_rules: [{}, {name: n, source_match: {a: b}, target_match_re: {a: c}, equal: [x, 'ü']}]\nroute: {receiver: d}\n" + receivers,
    "route: {receiver: d}\nreceivers: [{name: d, labels: {a: b}, webhook_configs: [{url: 'http://a', timeout: 1.5s, max_alerts: 4}]}]\n",
    """
    global:
      resolve_timeout: 10s
      http_config: {authorization: {credentials: c}, follow_redirects: false, http_headers: {X: {values: [a]}}}
    route: {receiver: d}
    time_intervals:
    - name: office
      time_intervals:
      - {weekdays: ['Monday:Friday', sunday], times: [{start_time: 09:00, end_time: '24:00'}], months: ['1:3', may], years: [2024:2025]}
      - {days_of_month: ['-3:-1', '5', '1:-1'], location: Europe/Paris}
    mute_time_intervals: [{name: other}]

    """ + receivers,
  ]

  struct Mistake: Sendable, CustomTestStringConvertible {
    let text: String
    let place: String
    let part: String
    var testDescription: String { part }
  }

  private static func mistake(_ text: String, _ place: String, _ part: String) -> Mistake {
    Mistake(text: text, place: place, part: part)
  }

  /// That amtool refuses too.
  static let mistakes = [
    mistake("", "", "is empty"), mistake("# nothing\n", "", "is empty"), mistake(receivers, "1:1", "'route' is missing"),
    mistake("route: {}\n" + receivers, "1:8", "'receiver' is missing"),
    mistake("route: {receiver: f}\n" + receivers, "1:19", "no receiver 'f'"),
    mistake("route: {receiver: d, group_bye: [a]}\n" + receivers, "1:22", "did you mean 'group_by'?"),
    mistake("route: {receiver: d, group_by: a}\n" + receivers, "1:32", "expected a list"),
    mistake("route: {receiver: d, group_by: [a, a]}\n" + receivers, "1:36", "twice"),
    mistake("route: {receiver: d, group_by: ['...', a]}\n" + receivers, "1:32", "every label"),
    mistake("route: {receiver: d, group_wait: 30}\n" + receivers, "1:34", "a duration"),
    mistake("route: {receiver: d, group_interval: 0s}\n" + receivers, "1:38", "cannot be zero"),
    mistake("route: {receiver: d, continue: true}\n" + receivers, "1:32", "no meaning"),
    mistake("route: {receiver: d, matchers: [a=b]}\n" + receivers, "1:32", "takes every alert"),
    mistake("route: {receiver: d, mute_time_intervals: [x]}\n" + receivers, "1:43", "no time intervals"),
    mistake("route: {receiver: d, routes: [{mute_time_intervals: [x]}]}\n" + receivers, "1:54", "no time interval 'x'"),
    mistake("route: {receiver: d, routes: [{matchers: ['a=~[']}]}\n" + receivers, "1:43", "missing ]"),
    mistake("route: {receiver: d, routes: [{matchers: ['a b']}]}\n" + receivers, "1:43", "no matcher"),
    mistake("route: {receiver: d, routes: [{matchers: ['a=\"b']}]}\n" + receivers, "1:43", "quote"),
    mistake("route: {receiver: d, routes: [{match: {'a-b': c}}]}\n" + receivers, "1:40", "no label name"),
    mistake("route: {receiver: d, routes: [{match_re: {a: '('}}]}\n" + receivers, "1:46", "parsing regexp"),
    mistake("route: {receiver: d}\nreceivers: [{name: d}, {name: d}]\n", "2:24", "a receiver 'd' already"),
    mistake("route: {receiver: d}\nreceivers: [{name: d, webhook_configs: [{}]}]\n", "2:41", "'url' or 'url_file' is missing"),
    mistake(
      "route: {receiver: d}\nreceivers: [{name: d, webhook_configs: [{url: 'http://a', url_file: b}]}]\n", "2:69", "exclude each other"),
    mistake("route: {receiver: d}\nreceivers: [{name: d, webhook_configs: [{url: 'ftp://a'}]}]\n", "2:47", "must begin with http"),
    mistake("route: {receiver: d}\nreceivers: [{name: d, webhook_configs: [{url: 'http://a', timeout: 3x}]}]\n", "2:68", "a duration"),
    mistake("global: {http_config: {bearer_token: a, basic_auth: {username: b}}}\nroute: {receiver: d}\n" + receivers, "1:38", "exclude"),
    mistake("time_intervals: [{name: x}, {name: x}]\nroute: {receiver: d}\n" + receivers, "1:36", "already"),
    mistake(
      "time_intervals: [{name: x, time_intervals: [{location: Nowhere/City}]}]\nroute: {receiver: d}\n" + receivers, "1:56", "time zone"),
    mistake(
      "time_intervals: [{name: x, time_intervals: [{weekdays: ['friday:monday']}]}]\nroute: {receiver: d}\n" + receivers, "1:57",
      "before its beginning"),
    mistake(
      "time_intervals: [{name: x, time_intervals: [{times: [{start_time: '9:00', end_time: '10:00'}]}]}]\nroute: {receiver: d}\n"
        + receivers, "1:67", "time of day"),
    mistake("foo: 1\nroute: {receiver: d}\n" + receivers, "1:1", "unknown key 'foo'"),
  ]

  @Test("is read where it is good", arguments: goodTexts)
  func good(text: String) throws {
    _ = try RoutingConfiguration(text, file: "alertmanager.yml")
  }

  @Test("is refused with the place of the mistake", arguments: mistakes)
  func bad(_ mistake: Mistake) throws {
    let error = #expect(throws: ConfigurationError.self) { try RoutingConfiguration(mistake.text, file: "am.yml") }
    let text = try #require(error).description
    #expect(text.contains(mistake.part), "\(text)")
    #expect(text.hasPrefix("am.yml:" + (mistake.place.isEmpty ? "" : mistake.place + ":")), "\(text)")
  }

  @Test("fills in what a route inherits, and nothing else")
  func inheritance() throws {
    let configuration = try RoutingConfiguration(
      """
      route:
        receiver: d
        group_by: [a]
        group_wait: 1s
        routes:
        - matchers: [x=1]
          repeat_interval: 1h
          mute_time_intervals: [n]
          routes: [{matchers: ['y=~"2|3"', 'b!="c"'], receiver: e, group_by: ['...']}]
      time_intervals: [{name: n}]
      \(Self.receivers)
      """, file: "am.yml")
    let inner = try #require(configuration.root.children.first?.children.first)
    #expect(inner.key == "{}/{x=\"1\"}/{b!=\"c\",y=~\"2|3\"}")
    #expect(inner.options.receiver == "e" && inner.options.grouping == .everyLabel)
    #expect(inner.options.groupWait == .seconds(1) && inner.options.repeatInterval == .seconds(3600))
    #expect(inner.options.groupInterval == .seconds(300))
    #expect(inner.muteTimeIntervals == [] && configuration.root.children.first?.muteTimeIntervals == ["n"])
    #expect(inner.groupKey(["alertname": "Down", "b": "q\""]) == inner.key + ":{alertname=\"Down\", b=\"q\\\"\"}")
  }

  @Test("warns of what it accepts and does not follow, with the place")
  func warnings() throws {
    let configuration = try RoutingConfiguration(
      """
      route: {receiver: d}
      receivers:
      - name: d
        webhook_configs:
        - {url: 'http://a', http_config: {tls_config: {ca: x, ca_file: ''}}}
        - {url: 'http://{{ .x }}/'}
        pushover_configs: [{user_key: u, token: t}]
      """, file: "am.yml")
    #expect(configuration.receivers.first?.webhooks.count == 1)
    #expect(configuration.warnings.count == 3)
    #expect(configuration.warnings.contains { $0.hasPrefix("am.yml:7:21: warning: receiver 'd': 'pushover_configs'") })
  }

  @Test("shows no secret when it is printed")
  func secrets() throws {
    let configuration = try RoutingConfiguration(
      "route: {receiver: d}\nreceivers: [{name: d, webhook_configs: [{url: 'https://h/hidden', http_config: {bearer_token: hidden}}]}]\n",
      file: "am.yml")
    var text = "\(configuration)"
    dump(configuration, to: &text)
    #expect(!text.contains("hidden"))
  }

  @Test("costs nothing where aliases multiply")
  func bomb() {
    let lines = (1...30).map { "x\($0): &x\($0) [*x\($0 - 1), *x\($0 - 1)]" }
    let text = "x0: &x0 [a]\n" + lines.joined(separator: "\n") + "\nroute: {receiver: d}\n"
    #expect(throws: ConfigurationError.self) { try RoutingConfiguration(text, file: "am.yml") }
  }
}
