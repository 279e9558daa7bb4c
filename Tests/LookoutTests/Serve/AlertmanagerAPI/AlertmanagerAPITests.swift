import Foundation
import Testing

@testable import Lookout

@Suite("Alertmanager's API", .timeLimit(.minutes(1)))
struct AlertmanagerAPITests {
  private let log = KeptLog()
  private let time = HandMovedTime()

  private static let text = """
    route:
      receiver: d
      group_by: [alertname]
      group_wait: 0s
      routes: [{matchers: [quiet=yes], mute_time_intervals: [always]}]
    receivers: [{name: d, webhook_configs: [{url: 'http://127.0.0.1:9/'}]}, {name: e}]
    inhibit_rules: [{source_matchers: [alertname=Root], target_matchers: [alertname=Effect]}]
    time_intervals: [{name: always, time_intervals: [{}]}]
    """

  private func withAPI(_ body: (AlertmanagerAPI, Notifier, String) async throws -> Void) async throws {
    try await withNotifyDirectory { directory in
      let notifier = try notifier(directory)
      await notifier.take([], resolved: [], at: time.now)
      try await body(api(notifier), notifier, directory)
    }
  }

  private func notifier(_ directory: String) throws -> Notifier {
    Notifier(
      try NotificationPlan(RoutingConfiguration(Self.text, file: "am.yml")), database: try StateDatabase(directory: directory),
      externalURL: "http://odoo:9069", logger: log.logger)
  }

  private func api(_ notifier: Notifier) -> AlertmanagerAPI {
    AlertmanagerAPI(notifier: notifier, now: { time.now }, version: "1", startedAt: time.now)
  }

  private func ask(
    _ api: AlertmanagerAPI, _ method: String, _ path: String, _ query: String = "", body: String = ""
  ) async throws -> (status: Int, json: Any?) {
    let request = PageRequest(method: method, path: "/api/v2/\(path)", query: query, body: Array(body.utf8))
    let reply = try #require(await api.reply(to: request))
    #expect(reply.contentType == "application/json")
    return (reply.status, try? JSONSerialization.jsonObject(with: Data(reply.body), options: .fragmentsAllowed))
  }

  private func names(_ json: Any?) -> [String] {
    (json as? [[String: Any]] ?? []).compactMap { ($0["labels"] as? [String: String])?["alertname"] }.sorted()
  }

  private func push(_ api: AlertmanagerAPI, _ names: String...) async throws {
    let body = names.map { "{\"labels\":{\"alertname\":\"\($0)\",\"empty\":\"\"}}" }.joined(separator: ",")
    #expect(try await ask(api, "POST", "alerts", body: "[\(body)]").status == 200)
  }

  @Test("shows what is pushed with its state, its receivers and what holds it back")
  func alerts() async throws {
    try await withAPI { api, _, _ in
      try await push(api, "Root", "Effect", "Other")
      let all = try await ask(api, "GET", "alerts").json
      #expect(names(all) == ["Effect", "Other", "Root"])
      let effect = try #require((all as? [[String: Any]])?.first { ($0["labels"] as? [String: String]) == ["alertname": "Effect"] })
      let status = try #require(effect["status"] as? [String: Any])
      #expect(status["state"] as? String == "suppressed" && (status["inhibitedBy"] as? [String])?.count == 1)
      #expect(effect["receivers"] as? [[String: String]] == [["name": "d"]])
      #expect(names(try await ask(api, "GET", "alerts", "inhibited=false&filter=alertname%3D~%22Effect%7CRoot%22").json) == ["Root"])
      #expect(names(try await ask(api, "GET", "alerts", "active=false").json) == ["Effect"])
      #expect(names(try await ask(api, "GET", "alerts", "receiver=x").json) == [])
      time.advance(by: .seconds(301))
      #expect(names(try await ask(api, "GET", "alerts").json) == [])
    }
  }

  @Test("shows groups, and the quiet ones unless that is not wanted")
  func groups() async throws {
    try await withAPI { api, _, _ in
      _ = try await ask(
        api, "POST", "alerts", body: "[{\"labels\":{\"alertname\":\"A\",\"quiet\":\"yes\"}},{\"labels\":{\"alertname\":\"B\"}}]")
      let groups = try #require(try await ask(api, "GET", "alerts/groups").json as? [[String: Any]])
      #expect(groups.map { $0["labels"] as? [String: String] } == [["alertname": "A"], ["alertname": "B"]])
      let quiet = (groups[0]["alerts"] as? [[String: Any]])?.first?["status"] as? [String: Any]
      #expect(quiet?["mutedBy"] as? [String] == ["always"])
      #expect((try await ask(api, "GET", "alerts/groups", "muted=false").json as? [Any])?.count == 1)
    }
  }

  @Test("takes silences, shows, changes and ends them, and keeps them over a restart")
  func silences() async throws {
    try await withAPI { api, _, directory in
      let (start, end) = (time.now.rfc3339, (time.now + .seconds(100)).rfc3339)
      let body = """
        {"matchers":[{"name":"alertname","value":"R.*","isRegex":true}],"startsAt":"\(start)","endsAt":"\(end)","createdBy":"me","comment":"c"}
        """
      let made = try await ask(api, "POST", "silences", body: body)
      let id = try #require((made.json as? [String: String])?["silenceID"])
      try await push(api, "Root", "Other")
      #expect(names(try await ask(api, "GET", "alerts", "silenced=false").json) == ["Other"])
      let again = self.api(try notifier(directory))
      _ = try await again.notifier.restore()
      #expect((try await ask(again, "GET", "silence/\(id.uppercased())").json as? [String: Any])?["comment"] as? String == "c")
      await again.notifier.take([], resolved: [], at: time.now)
      #expect(names(try await ask(again, "GET", "alerts", "silenced=false").json) == ["Other"])
      #expect(try await ask(api, "DELETE", "silence/\(id)").status == 200)
      #expect(try await ask(api, "DELETE", "silence/\(id)").status == 400)
      #expect(try await ask(api, "DELETE", "silence/none").status == 404)
      #expect(names(try await ask(api, "GET", "alerts", "silenced=false").json) == ["Other", "Root"])
      #expect((try await ask(api, "GET", "silences", "expired=false").json as? [Any])?.count == 0)
      #expect((try await ask(api, "GET", "silences", "filter=alertname%3D~R.*").json as? [Any])?.count == 1)
    }
  }

  @Test(
    "says what is wrong with a request",
    arguments: [
      ("POST", "alerts", "", "{", 400), ("POST", "alerts", "", "[{}]", 400), ("POST", "alerts", "", "[{\"labels\":{}}]", 400),
      ("POST", "alerts", "", "[{\"labels\":{\"a\":\"\"}}]", 400), ("POST", "alerts", "", "[{\"labels\":{\"a\":1}}]", 400),
      ("POST", "alerts", "", "[{\"labels\":{\"a\":\"b\"},\"startsAt\":\"now\"}]", 400),
      ("POST", "alerts", "", "[{\"labels\":{\"a\":\"b\"},\"startsAt\":\"2026-01-02T00:00:00Z\",\"endsAt\":\"2026-01-01T00:00:00Z\"}]", 400),
      ("POST", "silences", "", "{}", 400), ("POST", "silences", "", "\u{0}", 400), ("GET", "alerts", "filter=%zz", "", 400),
      ("GET", "alerts", "filter=%ff", "", 400), ("GET", "alerts", "filter=a%5B", "", 400), ("GET", "alerts", "receiver=%28", "", 400),
      ("GET", "alerts", "active=maybe", "", 400), ("PUT", "alerts", "", "", 405), ("GET", "nothing", "", "", 404),
      ("GET", "silence/none", "", "", 404), ("POST", "silence/none", "", "", 405), ("GET", "", "", "", 404),
    ])
  func mistakes(method: String, path: String, query: String, body: String, status: Int) async throws {
    try await withAPI { api, _, _ in
      let reply = try await ask(api, method, path, query, body: body)
      #expect(reply.status == status)
      #expect((reply.json as? String)?.isEmpty == false)
    }
  }

  @Test("leaves other paths to the pages, and shows no secret in its status")
  func status() async throws {
    try await withAPI { api, _, _ in
      #expect(await api.reply(to: PageRequest(path: "/health")) == nil)
      let status = try #require(try await ask(api, "GET", "status").json as? [String: Any])
      let original = try #require((status["config"] as? [String: String])?["original"])
      #expect(!original.contains("127.0.0.1") && original.contains("receiver: d"))
      #expect((try RoutingConfiguration(original, file: "shown.yml")).root.children.count == 1)
      #expect((try await ask(api, "GET", "receivers").json as? [[String: String]])?.map { $0["name"] } == ["d", "e"])
    }
  }

  @Test("tells nothing of pushed alerts before the agent knows its own, and nothing twice after a restart")
  func restart() async throws {
    try await withNotifyDirectory { directory in
      let first = try notifier(directory)
      _ = try await first.restore()
      try await push(api(first), "Other")
      #expect(await first.begin(at: time.now).messages == [])
      await first.take([], resolved: [], at: time.now)
      let message = try #require(await first.begin(at: time.now).messages.first)
      _ = await first.end(message, .delivered, at: time.now, jitter: 0)
      let second = try notifier(directory)
      _ = try await second.restore()
      await second.take([], resolved: [], at: time.now)
      #expect(await second.begin(at: time.now).messages == [])
      time.advance(by: .seconds(301))
      await second.takeAgain(at: time.now)
      #expect(await second.begin(at: time.now).messages.flatMap(\.notification.alerts).map(\.state) == [.resolved])
    }
  }
}
