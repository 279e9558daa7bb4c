/// Decides what one receiver is told, and when. Pure: time is an argument.
///
/// A group (`alertname` and `target`) is told at once when its first alert fires and when its last one has ended; changes in between are
/// gathered for `groupInterval`; what still fires is repeated after `repeatInterval`. An inhibited alert is not told; one that was told
/// before gets its end all the same: suppress creation, never resolution.
struct Dispatcher: Sendable {
  static let groupBy = ["alertname", "target"]

  let receiver: String
  private let inhibitRules: [InhibitRule]
  private let groupInterval: Duration
  private let repeatInterval: Duration
  private(set) var groups: [String: Group] = [:]
  /// When `take` must be called again though no alert changes. Nil before the first `take`: what was restored may be over.
  private(set) var nextDue: Timestamp?
  private var changed: Set<String> = []

  init(
    receiver: String, inhibitRules: [InhibitRule] = [], groupInterval: Duration = .seconds(30),
    repeatInterval: Duration = .seconds(4 * 3600)
  ) {
    self.receiver = receiver
    self.inhibitRules = inhibitRules
    self.groupInterval = groupInterval
    self.repeatInterval = repeatInterval
  }

  /// Goes on from what an earlier process told.
  mutating func restore(_ told: [Group]) {
    groups = Dictionary(told.map { (Notification.groupKey($0.labels), $0) }) { $1 }
  }

  /// `alerts` are all that fire and those that have just ended. What was told and is missing here counts as ended now.
  mutating func take(_ alerts: [Alert], at now: Timestamp) -> [Notification] {
    let firing = Dictionary(alerts.filter { $0.state == .firing }.map { ($0.fingerprint, $0) }) { $1 }
    let ended = Dictionary(alerts.filter { $0.state == .resolved }.map { ($0.fingerprint, $0) }) { $1 }
    let sight = Sight(firing: firing, ended: ended, muted: inhibitRules.inhibited(by: Array(firing.values)), now: now)
    var fresh: [String: Group] = [:]
    for alert in firing.values {
      let labels = alert.labels.filter { Self.groupBy.contains($0.key) }
      let key = Notification.groupKey(labels)
      fresh[key, default: groups[key] ?? Group(labels: labels)].live.append(alert)
    }
    nextDue = nil
    return groups.merging(fresh) { $1 }.sorted { $0.key < $1.key }.compactMap { take($0.key, $0.value, sight) }
  }

  /// The keys of the groups that changed since this was last asked; one that is no longer in `groups` is over.
  mutating func takeChanged() -> Set<String> {
    defer { changed = [] }
    return changed
  }

  /// These alerts were told by a message that has been given up: they have not been heard, so their end will not be told either.
  mutating func forget(_ fingerprints: Set<String>, group key: String) {
    for fingerprint in fingerprints where groups[key]?.told[fingerprint] != nil {
      groups[key]?.told[fingerprint]?.isUnheard = true
      changed.insert(key)
    }
  }

  private mutating func take(_ key: String, _ before: Group, _ sight: Sight) -> Notification? {
    var group = before
    if group.settle(sight) { changed.insert(key) }
    let news = group.news(sight)
    let due = due(group, news, sight)
    if let due, due <= sight.now {
      changed.insert(key)
      let notification = group.tell(news, to: receiver, at: sight.now)
      keep(group, key)
      if !group.told.isEmpty { wake(at: sight.now + repeatInterval) }
      return notification
    }
    if let due { wake(at: due) }
    keep(group, key)
    return nil
  }

  private func due(_ group: Group, _ news: [Alert], _ sight: Sight) -> Timestamp? {
    let lastSentAt = min(group.lastSentAt, sight.now)
    let told = group.told.values
    if told.isEmpty { return news.isEmpty ? nil : sight.now }
    if told.allSatisfy({ $0.alert.state == .resolved }) { return sight.now }
    if !news.isEmpty || told.contains(where: { $0.alert.state == .resolved }) { return lastSentAt + groupInterval }
    return told.allSatisfy({ sight.muted.contains($0.alert.fingerprint) }) ? nil : lastSentAt + repeatInterval
  }

  private mutating func wake(at moment: Timestamp) {
    nextDue = min(nextDue ?? moment, moment)
  }

  private mutating func keep(_ group: Group, _ key: String) {
    var kept = group
    kept.live = []
    groups[key] = kept.told.isEmpty ? nil : kept
  }
}
