/// Decides what receivers are told about which alerts, and when. Pure: time is an argument.
///
/// An alert takes its routes; on each it lies in the group of those with the same values of the grouping labels. When a group is looked at,
/// each integration of the route's receiver is told what it does not know yet, what has ended, or, after `repeat_interval`, all of it again.
/// An alert that is inhibited, silenced or on a route that is quiet at that hour is not told; one that was told before gets its end all the
/// same: suppress creation, never resolution.
struct Dispatcher: Sendable {
  struct GroupID: Hashable, Sendable {
    let receiver: String
    let key: String
  }

  /// Alerts that are told together.
  struct Group: Sendable {
    let route: Route
    let labels: [String: String]
    /// Fingerprints of those that fire.
    var members: Set<String> = []
    /// When it is looked at next, at Alertmanager's pace.
    var nextFlush: Timestamp
  }

  private(set) var routing: Routing
  private(set) var accounts: [Account.ID: Account] = [:]
  private(set) var groups: [GroupID: Group] = [:]
  /// When this must be called again though no alert changes. Nil before the first `take`: what was restored may be over.
  private(set) var nextDue: Timestamp?
  private(set) var sight = AlertSight()
  /// Fingerprints of what is inhibited.
  private(set) var inhibited: Set<String> = []
  /// Silences that hold now, set from outside.
  var silences = ActiveSilences()
  private var places: [String: [GroupID]] = [:]
  private var changed: Set<Account.ID> = []

  init(_ routing: Routing) {
    self.routing = routing
  }

  /// Goes on from what an earlier process told.
  mutating func restore(_ told: [(id: Account.ID, account: Account)]) {
    accounts = Dictionary(told.map { ($0.id, $0.account) }) { $1 }
  }

  /// `alerts` are all that fire and those that have just ended. What was told and is missing here counts as ended now.
  mutating func take(_ alerts: [Alert], at now: Timestamp) -> [Notification] {
    sight = AlertSight(now: now)
    for alert in alerts where alert.state != .pending {
      if alert.state == .firing { sight.firing[alert.fingerprint] = alert } else { sight.ended[alert.fingerprint] = alert }
    }
    inhibited = routing.inhibitRules.inhibited(by: Array(sight.firing.values))
    place(at: now)
    for (id, before) in accounts {
      var account = before
      guard account.settle(sight) else { continue }
      accounts[id] = account.told.isEmpty ? nil : account
      changed.insert(id)
    }
    let notifications = flush(at: now)
    return notifications + leftAccounts.compactMap { tellEnd($0) }
  }

  /// Tells what has become due though no alert changed.
  mutating func flush(at now: Timestamp) -> [Notification] {
    sight.now = now
    nextDue = nil
    var due: [GroupID] = []
    for (id, group) in groups {
      if routing.pace == .prompt || group.nextFlush <= now { due.append(id) } else { wake(at: group.nextFlush) }
    }
    return due.sorted { ($0.key, $0.receiver) < ($1.key, $1.receiver) }.flatMap { id -> [Notification] in
      guard let group = groups[id] else { return [] }
      return routing.pace == .ticks ? tick(id, group) : lookPromptly(id, group)
    }
  }

  /// Those with an end to tell that no group looks after.
  private var leftAccounts: [Account.ID] {
    let ended = accounts.filter { $0.value.hasEnds }.map(\.key)
    guard !ended.isEmpty else { return [] }
    let attended = Set(
      groups.flatMap { id, group in integrations(of: group).map { Account.ID(integration: $0.id, groupKey: id.key) } })
    return ended.filter { !attended.contains($0) }.sorted { ($0.groupKey, $0.integration) < ($1.groupKey, $1.integration) }
  }

  /// The accounts that changed since this was last asked; one that is no longer there is over.
  mutating func takeChanged() -> Set<Account.ID> {
    defer { changed = [] }
    return changed
  }

  /// These alerts were told by a message that has been given up: they have not been heard, so their end will not be told either.
  mutating func forget(_ fingerprints: Set<String>, _ id: Account.ID) {
    for fingerprint in fingerprints where accounts[id]?.told[fingerprint] != nil {
      accounts[id]?.told[fingerprint]?.isUnheard = true
      changed.insert(id)
    }
  }

  func isMuted(_ alert: Alert) -> Bool { inhibited.contains(alert.fingerprint) || silences.mute(alert.labels) }

  func integrations(of group: Group) -> [Routing.Integration] { routing.integrations[group.route.options.receiver] ?? [] }
}

// MARK: - Groups

extension Dispatcher {
  /// Puts what fires into its groups, and takes out what does not any more.
  private mutating func place(at now: Timestamp) {
    for (fingerprint, ids) in places where sight.firing[fingerprint] == nil {
      for id in ids { groups[id]?.members.remove(fingerprint) }
      places[fingerprint] = nil
    }
    let fresh = sight.firing.filter { places[$0.key] == nil }.sorted { $0.value.start < $1.value.start }
    for (fingerprint, alert) in fresh {
      places[fingerprint] = routing.root.routes(for: alert.labels).map { route in
        let labels = route.options.grouping.labels(of: alert.labels)
        let id = GroupID(receiver: route.options.receiver, key: route.groupKey(labels))
        var group = groups[id] ?? Group(route: route, labels: labels, nextFlush: now + route.options.groupWait)
        // An alert that is older than the wait has waited already.
        if groups[id] == nil, alert.start + route.options.groupWait < now { group.nextFlush = now }
        group.members.insert(fingerprint)
        groups[id] = group
        return id
      }
    }
  }

  /// Goes by other routes and receivers. What was told stays told: an alert that is in another group now takes its place in the account with
  /// it. Returns the integrations that are gone with what they were told.
  mutating func change(to next: Routing, at now: Timestamp) -> Set<String> {
    let known = Set(next.integrations.values.joined().map(\.id))
    let gone = Set(accounts.keys.map(\.integration)).subtracting(known)
    for id in accounts.keys where gone.contains(id.integration) {
      accounts[id] = nil
      changed.insert(id)
    }
    routing = next
    groups = [:]
    places = [:]
    inhibited = routing.inhibitRules.inhibited(by: Array(sight.firing.values))
    place(at: now)
    for id in Array(accounts.keys) { move(id) }
    nextDue = now
    return gone
  }

  private mutating func move(_ id: Account.ID) {
    for (fingerprint, entry) in accounts[id]?.told ?? [:] {
      let homes = (places[fingerprint] ?? []).filter { routing.integrations[$0.receiver]?.contains { $0.id == id.integration } ?? false }
      guard let home = homes.first, !homes.contains(where: { $0.key == id.groupKey }), let group = groups[home] else { continue }
      let target = Account.ID(integration: id.integration, groupKey: home.key)
      var account = accounts[target] ?? Account(labels: group.labels)
      account.told[fingerprint] = account.told[fingerprint] ?? entry
      account.lastSentAt = max(account.lastSentAt, accounts[id]?.lastSentAt ?? account.lastSentAt)
      accounts[target] = account
      accounts[id]?.told[fingerprint] = nil
      changed.formUnion([id, target])
    }
    if accounts[id]?.told.isEmpty ?? false { accounts[id] = nil }
  }

  private mutating func wake(at moment: Timestamp) { nextDue = min(nextDue ?? moment, moment) }

  private func live(_ group: Group) -> [Alert] { group.members.compactMap { sight.firing[$0] } }
}

// MARK: - Looking at a group

extension Dispatcher {
  /// At Alertmanager's pace.
  private mutating func tick(_ id: GroupID, _ before: Group) -> [Notification] {
    var group = before
    group.nextFlush = sight.now + group.route.options.groupInterval
    var told: [Notification] = []
    let isQuiet = !routing.mutes(of: group.route, at: sight.now).isEmpty
    for integration in integrations(of: group) where !isQuiet {
      let account = Account.ID(integration: integration.id, groupKey: id.key)
      let news = accounts[account, default: Account(labels: group.labels)].news(live(group), isMuted)
      guard isTickWorthTelling(accounts[account], news, group, integration) else { continue }
      if let notification = tell(account, group, news, integration) { told.append(notification) }
    }
    keep(id, group)
    if groups[id] != nil { wake(at: group.nextFlush) }
    return told
  }

  /// As Alertmanager's DedupStage decides (notify/dedup_stage.go).
  private func isTickWorthTelling(_ account: Account?, _ news: [Alert], _ group: Group, _ integration: Routing.Integration) -> Bool {
    guard let account, !account.told.isEmpty else { return !news.isEmpty }
    if !news.isEmpty || account.isOver || (integration.sendsResolved && account.hasEnds) { return true }
    let isHeard = live(group).contains { !isMuted($0) }
    return isHeard && min(account.lastSentAt, sight.now) + group.route.options.repeatInterval <= sight.now
  }

  private mutating func lookPromptly(_ id: GroupID, _ group: Group) -> [Notification] {
    var told: [Notification] = []
    let isQuiet = !routing.mutes(of: group.route, at: sight.now).isEmpty
    for integration in integrations(of: group) {
      let account = Account.ID(integration: integration.id, groupKey: id.key)
      let news = accounts[account, default: Account(labels: group.labels)].news(live(group), isMuted)
      guard let due = promptDue(accounts[account], news, group, integration) else { continue }
      if due > sight.now {
        wake(at: due)
      } else if isQuiet {
        wake(at: sight.now + group.route.options.groupInterval)
      } else {
        if let notification = tell(account, group, news, integration) { told.append(notification) }
        if accounts[account] != nil { wake(at: sight.now + group.route.options.repeatInterval) }
      }
    }
    keep(id, group)
    return told
  }

  private func promptDue(
    _ account: Account?, _ news: [Alert], _ group: Group, _ integration: Routing.Integration
  ) -> Timestamp? {
    guard let account, !account.told.isEmpty else { return news.isEmpty ? nil : sight.now }
    let lastSentAt = min(account.lastSentAt, sight.now)
    if account.isOver { return sight.now }
    if !news.isEmpty || (integration.sendsResolved && account.hasEnds) { return lastSentAt + group.route.options.groupInterval }
    return account.told.values.allSatisfy { isMuted($0.alert) } ? nil : lastSentAt + group.route.options.repeatInterval
  }

  private mutating func tell(
    _ id: Account.ID, _ group: Group, _ news: [Alert], _ integration: Routing.Integration
  ) -> Notification? {
    var account = accounts[id] ?? Account(labels: group.labels)
    let address = Notification.Address(
      integration: integration.id, receiver: group.route.options.receiver, groupKey: id.groupKey, alertLimit: integration.alertLimit)
    let notification = account.tell(
      news, live(group), isMuted, address, sendsResolved: integration.sendsResolved, at: sight.now)
    accounts[id] = account.told.isEmpty ? nil : account
    changed.insert(id)
    return notification
  }

  /// A group of which nothing fires and nothing was told is over.
  private mutating func keep(_ id: GroupID, _ group: Group) {
    let isTold = integrations(of: group).contains { accounts[Account.ID(integration: $0.id, groupKey: id.key)] != nil }
    groups[id] = group.members.isEmpty && !isTold ? nil : group
  }

  /// Of a group that the routes do not lead to any more, or of an earlier process: only ends are told.
  private mutating func tellEnd(_ id: Account.ID) -> Notification? {
    guard let before = accounts[id], before.hasEnds, let (receiver, integration) = integration(id.integration) else { return nil }
    var account = before
    let address = Notification.Address(
      integration: id.integration, receiver: receiver, groupKey: id.groupKey, alertLimit: integration.alertLimit)
    let live = account.told.keys.compactMap { sight.firing[$0] }
    let notification = account.tell([], live, { _ in false }, address, sendsResolved: integration.sendsResolved, at: sight.now)
    accounts[id] = account.told.isEmpty ? nil : account
    changed.insert(id)
    return notification
  }

  private func integration(_ id: String) -> (receiver: String, Routing.Integration)? {
    for (receiver, integrations) in routing.integrations.sorted(by: { $0.key < $1.key }) {
      if let found = integrations.first(where: { $0.id == id }) { return (receiver, found) }
    }
    return nil
  }
}

extension Alert {
  /// Since when it fires.
  var start: Timestamp { firedAt ?? activeAt }
}
