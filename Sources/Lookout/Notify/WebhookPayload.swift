/// The body of a webhook: Alertmanager's payload, version 4 (its documentation, "Webhook configuration").
struct WebhookPayload {
  /// So many alerts of a group are spelled out unless the receiver's configuration says otherwise; the rest is a number.
  static let alertLimit = 1000

  let notification: Notification
  /// Where a person finds the agent's own pages.
  let externalURL: String

  /// Members in the order of their names: the same notification gives the same bytes.
  var bytes: [UInt8] {
    let shown = Array(notification.alerts.prefix(notification.address.alertLimit ?? Self.alertLimit))
    var text = JSONText()
    text.object([
      ("alerts", { text in text.array(shown) { write($1, to: &$0) } }),
      ("commonAnnotations", { $0.object(common(\.annotations)) }),
      ("commonLabels", { $0.object(common(\.labels)) }),
      ("externalURL", { $0.string(externalURL) }),
      ("groupKey", { $0.string(notification.groupKey) }),
      ("groupLabels", { $0.object(notification.groupLabels) }),
      ("receiver", { $0.string(notification.receiver) }),
      ("status", { $0.string(notification.alerts.contains { $0.state == .firing } ? "firing" : "resolved") }),
      ("truncatedAlerts", { $0.number(notification.alerts.count - shown.count) }),
      ("version", { $0.string("4") }),
    ])
    return text.bytes
  }

  private func write(_ alert: Alert, to text: inout JSONText) {
    text.object([
      ("annotations", { $0.object(alert.annotations) }),
      ("endsAt", { $0.string(alert.end) }),
      ("fingerprint", { $0.string(alert.fingerprint) }),
      ("generatorURL", { $0.string(alert.generatorURL ?? externalURL) }),
      ("labels", { $0.object(alert.labels) }),
      ("startsAt", { $0.string(alert.start.rfc3339) }),
      ("status", { $0.string(alert.state == .resolved ? "resolved" : "firing") }),
    ])
  }

  /// What all alerts say alike.
  private func common(_ part: KeyPath<Alert, [String: String]>) -> [String: String] {
    guard let first = notification.alerts.first else { return [:] }
    return notification.alerts.dropFirst().reduce(into: first[keyPath: part]) { common, alert in
      common = common.filter { alert[keyPath: part][$0.key] == $0.value }
    }
  }
}

extension Alert {
  /// Go's zero time while it fires.
  fileprivate var end: String {
    state == .resolved ? (resolvedAt ?? start).rfc3339 : "0001-01-01T00:00:00Z"
  }
}
