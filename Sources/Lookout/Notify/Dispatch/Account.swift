/// What one integration was told about the alerts of one group: what must outlive the process.
struct Account: Codable, Sendable {
  struct ID: Hashable, Sendable {
    let integration: String
    let groupKey: String
  }

  struct Told: Codable, Sendable {
    /// As it was told, or as it ended.
    var alert: Alert
    /// The message that told it was given up.
    var isUnheard: Bool
    /// It was held back when the group was told the last time: a message without it is the latest that the receiver knows.
    var isHidden: Bool

    init(alert: Alert, isUnheard: Bool = false, isHidden: Bool = false) {
      self.alert = alert
      self.isUnheard = isUnheard
      self.isHidden = isHidden
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      alert = try container.decode(Alert.self, forKey: .alert)
      isUnheard = try container.decode(Bool.self, forKey: .isUnheard)
      isHidden = try container.decodeIfPresent(Bool.self, forKey: .isHidden) ?? false
    }
  }

  let labels: [String: String]
  var lastSentAt = Timestamp(milliseconds: 0)
  /// By fingerprint: told as firing, and, when resolved since, not yet told as such.
  var told: [String: Told] = [:]

  init(labels: [String: String]) {
    self.labels = labels
  }

  var isOver: Bool { told.values.allSatisfy { $0.alert.state == .resolved } }
  var hasEnds: Bool { told.values.contains { $0.alert.state == .resolved } }
}

extension Account {
  /// Notes which told alerts have ended or fire again. False if nothing changed.
  mutating func settle(_ sight: AlertSight) -> Bool {
    var hasChanged = false
    for (fingerprint, entry) in told {
      let isOver = entry.alert.state == .resolved
      let isGone = sight.firing[fingerprint] == nil
      guard isOver != isGone || (isOver && sight.ended[fingerprint].map { $0 != entry.alert } ?? false) else { continue }
      hasChanged = true
      var next = entry
      next.alert = sight.current(fingerprint, entry.alert)
      told[fingerprint] = entry.isUnheard && isGone && !isOver ? nil : next
    }
    return hasChanged
  }

  /// Those of the firing alerts that the receiver does not know of.
  func news(_ live: [Alert], _ isMuted: (Alert) -> Bool) -> [Alert] {
    live.filter { alert in
      guard let entry = told[alert.fingerprint], !entry.isHidden else { return !isMuted(alert) }
      return false
    }
  }

  /// Nil where the integration is not to hear of it: ends alone, and it wants none.
  mutating func tell(
    _ news: [Alert], _ live: [Alert], _ isMuted: (Alert) -> Bool, _ address: Notification.Address, sendsResolved: Bool, at now: Timestamp
  ) -> Notification? {
    let unheard = Set(told.filter { $0.value.isUnheard }.keys)
    for alert in live {
      guard let entry = told[alert.fingerprint] else { continue }
      let isHidden = isMuted(alert)
      told[alert.fingerprint] = Told(alert: alert, isUnheard: entry.isUnheard && isHidden, isHidden: isHidden)
    }
    for alert in news { told[alert.fingerprint] = Told(alert: alert) }
    let shown = told.filter { entry in
      entry.value.alert.state == .firing ? !entry.value.isHidden : sendsResolved
    }
    var notification = Notification(
      address: address, groupLabels: labels, alerts: shown.values.map(\.alert),
      introduces: unheard.intersection(shown.keys).union(news.map(\.fingerprint)))
    notification.sort()
    told = told.filter { $0.value.alert.state == .firing }
    lastSentAt = now
    return shown.isEmpty ? nil : notification
  }
}

/// What there is at a moment.
struct AlertSight: Sendable {
  var firing: [String: Alert] = [:]
  var ended: [String: Alert] = [:]
  var now = Timestamp(milliseconds: 0)

  /// The alert as it is now: firing again, ended, or gone without a word, which is an end too.
  fileprivate func current(_ fingerprint: String, _ alert: Alert) -> Alert {
    if let found = firing[fingerprint] ?? ended[fingerprint] { return found }
    var gone = alert
    gone.state = .resolved
    gone.resolvedAt = now
    return gone
  }
}
