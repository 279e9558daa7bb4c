import Foundation
import Testing

@testable import Lookout

/// The scenarios of Alertmanager's own acceptance tests, in time that nobody has to wait for.
@Suite(
  "Alertmanager's scenarios", .enabled(if: NotificationData.folder != nil, Comment(rawValue: NotificationData.absence)),
  .timeLimit(.minutes(1)))
struct ScenarioTests {
  private static let names: [String] = ((try? all()) ?? [:]).keys.sorted()

  private static func all() throws -> [String: Any] {
    guard let folder = NotificationData.folder else { return [:] }
    let data = try Data(contentsOf: folder.appending(path: "scenarios.json"))
    return try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
  }

  @Test("come out as its tests want them", arguments: names)
  func scenario(name: String) async throws {
    let scenario = try #require(try Self.all()[name] as? [String: Any])
    try await withNotifyDirectory { directory in
      let play = try Play(scenario, directory)
      try await play.run()
      for (webhook, expectations) in try #require(scenario["want"] as? [String: [[Any]]]) {
        let received = play.received.value.filter { $0.webhook == webhook && !play.isDropped($0) }
        var total = 0
        for expectation in expectations {
          let (from, to) = (try #require(expectation[0] as? Double), try #require(expectation[1] as? Double))
          let alerts = try #require(expectation[2] as? [[String: Any]])
          total += alerts.count
          let batches = received.filter { from...to ~= $0.at }
          if alerts.isEmpty { #expect(batches.isEmpty, "\(webhook) from \(from) to \(to)") }
          guard !alerts.isEmpty else { continue }
          #expect(
            batches.contains { batch in batch.alerts.count == alerts.count && alerts.allSatisfy { play.isIn(batch, $0) } },
            "\(webhook) from \(from) to \(to): \(received)")
        }
        #expect(received.map(\.alerts.count).reduce(0, +) == total, "\(webhook): \(received)")
      }
    }
  }
}

/// One scenario, played: what is done at given seconds, and what reaches the webhooks.
private final class Play: Sendable {
  struct Batch: Sendable {
    let webhook: String
    let at: Double
    let alerts: [Alert]
  }

  let received = Watched<[Batch]>([])
  private let moment = Watched(notifyStart)
  private let silences = Watched<[String: String]>([:])
  private let notifier: Notifier
  private let api: AlertmanagerAPI
  private let plan: NotificationPlan
  private let webhooks: [String: String]
  private let drops: [String: [Double]]
  nonisolated(unsafe) private let steps: [(at: Double, what: String, with: Any)]
  private let end: Double

  init(_ scenario: [String: Any], _ directory: String) throws {
    let wanted = try #require(scenario["want"] as? [String: [[Any]]])
    var text = try #require(scenario["conf"] as? String)
    for name in wanted.keys { text = text.replacing("%(\(name))s", with: "\(name).example.com") }
    plan = try NotificationPlan(RoutingConfiguration(text, file: "scenario.yml"))
    webhooks = Dictionary(
      uniqueKeysWithValues: plan.receivers.map { ($0.key, String($0.value.origin.dropFirst(7).prefix { $0 != "." })) })
    drops = scenario["drop"] as? [String: [Double]] ?? [:]
    steps = (scenario["do"] as? [[Any]] ?? []).map { ($0[0] as? Double ?? 0, $0[1] as? String ?? "", $0[2]) }.sorted { $0.0 < $1.0 }
    end = wanted.values.joined().map { $0[1] as? Double ?? 0 }.max() ?? 0
    let log = KeptLog()
    notifier = Notifier(plan, database: try StateDatabase(directory: directory), externalURL: "", logger: log.logger)
    let moment = moment
    api = AlertmanagerAPI(notifier: notifier, now: { moment.value }, version: "", startedAt: notifyStart)
  }

  func run() async throws {
    await notifier.take([], resolved: [], at: moment.value)
    var left = steps[...]
    while let next = try await attend(until: left.first.map { Self.at($0.at) } ?? Self.at(end)), next <= Self.at(end) {
      moment.change { $0 = next }
      while let step = left.first, Self.at(step.at) <= next {
        left.removeFirst()
        try await perform(step.what, step.with)
      }
    }
  }

  /// Delivers what is due, and returns the next moment at which something happens.
  private func attend(until step: Timestamp) async throws -> Timestamp? {
    for _ in 0..<100 {
      let now = moment.value
      let due = await notifier.begin(at: now)
      if due.isTakeDue { await notifier.takeAgain(at: now) }
      for message in due.messages {
        let seconds = (now - notifyStart).inSeconds
        received.change {
          $0.append(Batch(webhook: webhooks[message.lane.receiver] ?? "", at: seconds, alerts: message.notification.alerts))
        }
        _ = await notifier.end(message, .delivered, at: now, jitter: 0.5)
      }
      guard due.messages.isEmpty && !due.isTakeDue else { continue }
      let next = min(due.next ?? step, step > now ? step : Self.at(end) + .seconds(1))
      return max(next, now + .milliseconds(1))
    }
    Issue.record("the notifier finds no rest")
    return nil
  }

  private func perform(_ what: String, _ with: Any) async throws {
    switch what {
    case "push":
      let alerts = (with as? [[String: Any]] ?? []).map { alert in
        var posted: [String: Any] = ["labels": alert["labels"] ?? [:], "annotations": alert["annotations"] ?? [:]]
        let active = alert["active"] as? [Double] ?? []
        if let start = active.first { posted["startsAt"] = Self.at(start).rfc3339 }
        if active.count > 1 { posted["endsAt"] = Self.at(active[1]).rfc3339 }
        return posted
      }
      try await ask("POST", "alerts", alerts)
    case "silence":
      let given = with as? [String: Any] ?? [:]
      let matchers = (given["match"] as? [String: String] ?? [:]).map {
        ["name": $0.key, "value": $0.value, "isRegex": false] as [String: Any]
      }
      let times = ["start", "end"].map { Self.at(given[$0] as? Double ?? 0).rfc3339 }
      try await ask(
        "POST", "silences", ["matchers": matchers, "startsAt": times[0], "endsAt": times[1], "createdBy": "t", "comment": "c"])
    case "reload": await notifier.change(to: plan, at: moment.value)
    default: Issue.record("no such step: \(what)")
    }
  }

  private func ask(_ method: String, _ path: String, _ body: Any) async throws {
    let bytes = try JSONSerialization.data(withJSONObject: body)
    let reply = await api.reply(to: PageRequest(method: method, path: "/api/v2/\(path)", body: Array(bytes)))
    #expect(reply?.status == 200)
  }

  func isDropped(_ batch: Batch) -> Bool {
    drops[batch.webhook].map { $0[0]..<$0[1] ~= batch.at } ?? false
  }

  func isIn(_ batch: Batch, _ expected: [String: Any]) -> Bool {
    batch.alerts.contains { alert in
      guard alert.labels == expected["labels"] as? [String: String] ?? [:] else { return false }
      guard alert.annotations == expected["annotations"] as? [String: String] ?? [:] else { return false }
      let active = expected["active"] as? [Double] ?? []
      if let start = active.first, abs((alert.start - Self.at(start)).inSeconds) > 0.15 { return false }
      guard (active.count > 1) == (alert.resolvedAt != nil) else { return false }
      return alert.resolvedAt.map { abs(($0 - Self.at(active[1])).inSeconds) <= 0.15 } ?? true
    }
  }

  private static func at(_ seconds: Double) -> Timestamp { notifyStart + .milliseconds(Int64((seconds * 1000).rounded())) }
}
