extension Dispatcher {
  /// What a receiver was told about the alerts of one group.
  struct Group: Codable, Sendable {
    let labels: [String: String]
    var lastSentAt = Timestamp(milliseconds: 0)
    /// By fingerprint: told as firing, and, when resolved since, not yet told as such.
    var told: [String: Told] = [:]
    /// Those that fire now, while a `take` lasts.
    var live: [Alert] = []

    private enum CodingKeys: CodingKey {
      case labels, lastSentAt, told
    }

    init(labels: [String: String]) {
      self.labels = labels
    }
  }

  struct Told: Codable, Sendable {
    /// As it was told, or as it ended.
    var alert: Alert
    /// The message that told it was given up.
    var isUnheard = false
  }

  /// What a `take` sees.
  struct Sight {
    let firing: [String: Alert]
    let ended: [String: Alert]
    let muted: Set<String>
    let now: Timestamp
  }
}

extension Dispatcher.Group {
  /// Notes which told alerts have ended or fire again. False if nothing changed.
  mutating func settle(_ sight: Dispatcher.Sight) -> Bool {
    var hasChanged = false
    for (fingerprint, entry) in told {
      let isOver = entry.alert.state == .resolved
      guard isOver != (sight.firing[fingerprint] == nil) else { continue }
      hasChanged = true
      told[fingerprint] = entry.isUnheard && !isOver ? nil : Dispatcher.Told(alert: sight.current(fingerprint, entry.alert))
    }
    return hasChanged
  }

  func news(_ sight: Dispatcher.Sight) -> [Alert] {
    live.filter { told[$0.fingerprint] == nil && !sight.muted.contains($0.fingerprint) }
  }

  mutating func tell(_ news: [Alert], to receiver: String, at now: Timestamp) -> Notification {
    let unheard = told.filter { $0.value.isUnheard }.keys
    for alert in live where told[alert.fingerprint] != nil { told[alert.fingerprint] = Dispatcher.Told(alert: alert) }
    for alert in news { told[alert.fingerprint] = Dispatcher.Told(alert: alert) }
    var notification = Notification(
      receiver: receiver, groupLabels: labels, alerts: told.values.map(\.alert), introduces: Set(news.map(\.fingerprint)).union(unheard))
    notification.sort()
    told = told.filter { $0.value.alert.state == .firing }
    lastSentAt = now
    return notification
  }
}

extension Dispatcher.Sight {
  /// The alert as it is now: firing again, ended, or gone without a word, which is an end too.
  fileprivate func current(_ fingerprint: String, _ alert: Alert) -> Alert {
    if let found = firing[fingerprint] ?? ended[fingerprint] { return found }
    var gone = alert
    gone.state = .resolved
    gone.resolvedAt = now
    return gone
  }
}
