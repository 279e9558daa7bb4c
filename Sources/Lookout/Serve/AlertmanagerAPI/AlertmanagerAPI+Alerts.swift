import Foundation

extension AlertmanagerAPI {
  private struct Posted: Decodable {
    let labels: [String: String]
    let annotations: [String: String]?
    let startsAt: String?
    let endsAt: String?
    let generatorURL: String?
  }

  /// What may be asked of alerts.
  private struct Filter {
    let matchers: [Matcher]
    let receiver: Matcher?
    let active, silenced, inhibited: Bool

    init(_ query: APIQuery) throws(APIMistake) {
      matchers = try query.matchers()
      receiver = try query.receiver()
      active = try query.flag("active")
      silenced = try query.flag("silenced")
      inhibited = try query.flag("inhibited")
    }

    func shows(_ seen: Notifier.SeenAlert) -> Bool {
      guard matchers.matches(seen.alert.labels) else { return false }
      if !active, !seen.isSuppressed { return false }
      return (silenced || seen.silencedBy.isEmpty) && (inhibited || seen.inhibitedBy.isEmpty)
    }

    func shows(receiver name: String) -> Bool { receiver?.matches(["receiver": name]) ?? true }
  }

  func alerts(_ query: APIQuery) async throws(APIMistake) -> Reply {
    let filter = try Filter(query)
    let seen = await notifier.seenAlerts(at: now()).filter { filter.shows($0) && $0.receivers.contains(where: filter.shows(receiver:)) }
    return .json { $0.array(seen) { Self.write($1, to: &$0) } }
  }

  func groups(_ query: APIQuery) async throws(APIMistake) -> Reply {
    let filter = try Filter(query)
    let showsMuted = try query.flag("muted")
    let moment = now()
    let alerts = Dictionary(
      await notifier.seenAlerts(at: moment).filter(filter.shows).map { ($0.alert.fingerprint, $0) }
    ) { $1 }
    let groups = await notifier.seenGroups(at: moment).filter {
      filter.shows(receiver: $0.receiver) && (showsMuted || $0.mutedBy.isEmpty) && $0.alerts.contains { alerts[$0] != nil }
    }
    return .json {
      $0.array(groups) { text, group in
        text.object([
          ("alerts", { $0.array(group.alerts.compactMap { alerts[$0] }) { Self.write($1, mutedBy: group.mutedBy, to: &$0) } }),
          ("labels", { $0.object(group.labels) }), ("receiver", { $0.object(["name": group.receiver]) }),
          ("routeLabels", { $0.object([:]) }),
        ])
      }
    }
  }

  func push(_ body: [UInt8]) async throws -> Reply {
    let posted: [Posted]
    do { posted = try JSONDecoder().decode([Posted].self, from: Data(body)) } catch {
      throw APIMistake(message: "the body must be a list of alerts in JSON: \(Self.inShort(error))")
    }
    let moment = now()
    let timeout = await notifier.resolveTimeout
    var alerts: [PushedAlert] = []
    var mistakes: [String] = []
    for item in posted {
      do throws(APIMistake) { alerts.append(try Self.alert(item, at: moment, timeout)) } catch { mistakes.append(error.message) }
    }
    let refused = await notifier.push(alerts, at: moment)
    if refused > 0 { throw APIMistake(message: "there are too many alerts; \(refused) were not taken", status: 503) }
    guard mistakes.isEmpty else { throw APIMistake(message: mistakes.joined(separator: "; ")) }
    return Reply(contentType: "application/json", body: [])
  }

  private static func alert(_ posted: Posted, at now: Timestamp, _ timeout: Duration) throws(APIMistake) -> PushedAlert {
    let labels = posted.labels.filter { !$0.value.isEmpty }
    guard !labels.isEmpty else { throw APIMistake(message: "at least one label pair required") }
    guard labels[""] == nil else { throw APIMistake(message: "a label needs a name") }
    let start = try moment(posted.startsAt, "startsAt")
    let end = try moment(posted.endsAt, "endsAt")
    var alert = PushedAlert(
      labels: labels, annotations: posted.annotations ?? [:], startsAt: start ?? end ?? now, endsAt: end ?? now + timeout,
      isTimeout: end == nil, updatedAt: now)
    alert.generatorURL = posted.generatorURL.flatMap { $0.isEmpty ? nil : $0 }
    guard alert.startsAt <= alert.endsAt else { throw APIMistake(message: "start time must be before end time") }
    return alert
  }

  /// Nil where there is none; Go's zero time counts as none.
  static func moment(_ text: String?, _ name: String) throws(APIMistake) -> Timestamp? {
    guard let text, !text.isEmpty, !text.hasPrefix("0001-01-01T") else { return nil }
    guard let moment = Timestamp(rfc3339: text) else {
      throw APIMistake(message: "'\(name)' must be a time such as 2026-11-28T12:00:00Z, not '\(text.prefix(60))'")
    }
    return moment
  }

  static func inShort(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "\(error)" }
    switch error {
    case .keyNotFound(let key, _): return "'\(key.stringValue)' is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return context.codingPath.map(\.stringValue).joined(separator: ".") + ": " + context.debugDescription
    case .dataCorrupted: return "it is no JSON"
    @unknown default: return "it is not understood"
    }
  }

  private static func write(_ seen: Notifier.SeenAlert, mutedBy: [String] = [], to text: inout JSONText) {
    let alert = seen.alert
    let isSuppressed = seen.isSuppressed || !mutedBy.isEmpty
    text.object([
      ("annotations", { $0.object(alert.annotations) }), ("endsAt", { $0.string(seen.endsAt.rfc3339) }),
      ("fingerprint", { $0.string(alert.fingerprint) }), ("generatorURL", { $0.string(alert.generatorURL ?? "") }),
      ("labels", { $0.object(alert.labels) }), ("receivers", { $0.array(seen.receivers) { $0.object(["name": $1]) } }),
      ("startsAt", { $0.string(alert.start.rfc3339) }),
      (
        "status",
        {
          $0.object([
            ("inhibitedBy", { $0.array(seen.inhibitedBy) { $0.string($1) } }), ("mutedBy", { $0.array(mutedBy) { $0.string($1) } }),
            ("silencedBy", { $0.array(seen.silencedBy) { $0.string($1) } }),
            ("state", { $0.string(isSuppressed ? "suppressed" : "active") }),
          ])
        }
      ), ("updatedAt", { $0.string(seen.updatedAt.rfc3339) }),
    ])
  }
}
