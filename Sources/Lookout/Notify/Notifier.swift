import GRDB
import Logging

/// What the pipeline hands its alerts to. Keeps what receivers were told and what they are still to be told, in memory and in `state.db`,
/// and both in step: an actor, so that transactions take place in the order of the changes they write.
actor Notifier {
  /// Figures for `/metrics`.
  struct Counters: Equatable, Sendable {
    /// By the name of the receiver; each that there is has its own from the beginning.
    var deliveries: [String: Deliveries] = [:]
    var pending = 0
    var oldestPendingSince: Timestamp?
    var stateWriteFailures = 0
    /// The file is behind what is known: a restart now would forget some of it.
    var isFileBehind = false

    fileprivate mutating func expect(_ receivers: [String: Receiver]) {
      for receiver in receivers.values where deliveries[receiver.name] == nil { deliveries[receiver.name] = Deliveries() }
    }
  }

  /// What became of the messages to one receiver.
  struct Deliveries: Equatable, Sendable {
    var sent = 0
    /// Attempts, not messages.
    var failed = 0
    var dropped = 0
    /// How long attempts took in all, those that failed included.
    var took = Duration.zero
  }

  /// By the integration that they deliver for.
  private var receivers: [String: Receiver]
  /// Rings when something may be due earlier than it was.
  nonisolated let alarm = Alarm()

  /// The configuration that is in force, as Alertmanager's and without secrets.
  private(set) var configurationText: String

  private let database: StateDatabase
  private let externalURL: String
  private let logger: Logger
  private(set) var dispatcher: Dispatcher
  private var outbox: Outbox
  private var counts = Counters()
  /// The alerts of the latest `take`.
  private(set) var latest: [Alert] = []
  private var hasTaken = false
  /// What came over the API.
  var pushed = PushedAlerts()
  var silences = Silences()
  /// When a pushed alert is over, or a silence begins or ends, though nobody says so.
  private var nextOutside: Timestamp?
  /// What the file holds of each alert, if the latest write succeeded.
  private var saved: [String: Alert] = [:]
  /// The file is behind the memory: the next write replaces all it holds.
  private var isFileBehind = false
  /// The latest write failed: said once.
  private var isWriteFailing = false

  /// Without receivers only the alerts' states are kept.
  init(_ plan: NotificationPlan, database: StateDatabase, externalURL: String, logger: Logger) {
    receivers = plan.receivers
    configurationText = plan.text
    self.database = database
    self.externalURL = externalURL
    self.logger = logger
    dispatcher = Dispatcher(plan.routing)
    outbox = Outbox(externalURL: externalURL)
    counts.expect(receivers)
  }

  private func count(_ integration: String, _ change: (inout Deliveries) -> Void) {
    change(&counts.deliveries[receivers[integration]?.name ?? integration, default: Deliveries()])
  }

  /// Where the messages of an integration go; nil where there is no such any more.
  func receiver(_ integration: String) -> Receiver? { receivers[integration] }

  var counters: Counters {
    var counters = counts
    counters.pending = outbox.count
    counters.isFileBehind = isFileBehind
    counters.oldestPendingSince = outbox.messages.map(\.createdAt).min()
    return counters
  }

  /// Takes over the state of all alerts, pending ones too, and queues what receivers are to be told. When this returns it is on disk; where
  /// the disk refuses, that is counted and alerting goes on from memory.
  func take(_ alerts: [Alert], resolved: [Alert], at now: Timestamp) async {
    latest = alerts.filter { $0.state != .resolved }
    hasTaken = true
    await dispatch(alerts + resolved, at: now)
  }

  /// Tells what has become due though no alert changed: gathered changes, repetitions.
  func takeAgain(at now: Timestamp) async {
    if let nextOutside, nextOutside <= now {
      await dispatchAll(at: now)
    } else if isTakeDue(at: now) {
      await queue(dispatcher.flush(at: now), at: now)
    }
  }

  /// Goes by other routes and receivers; what is queued for one that is gone is given up, and said.
  func change(to plan: NotificationPlan, at now: Timestamp) async {
    let gone = Set(receivers.keys).subtracting(plan.receivers.keys)
    let abandoned = outbox.abandon(gone)
    for message in abandoned { count(message.lane.receiver) { $0.dropped += 1 } }
    receivers = plan.receivers
    counts.expect(receivers)
    configurationText = plan.text
    let untold = dispatcher.change(to: plan.routing, at: now)
    for name in gone.union(untold).sorted() {
      let count = abandoned.count { $0.lane.receiver == name }
      logger.warning("a receiver is gone; what waited for it is given up", metadata: ["receiver": "\(name)", "messages": "\(count)"])
    }
    var change = Change(endedMessages: abandoned.map(\.idempotencyKey))
    addChangedAccounts(to: &change)
    await commit(change, releasing: [])
    // Alerts may be inhibited otherwise now. Before the first take nothing is known of any.
    await dispatchAll(at: now)
  }

  /// What is to be sent now, whether to call `takeAgain`, and when to ask anew.
  func begin(at now: Timestamp) -> (messages: [OutboxMessage], isTakeDue: Bool, next: Timestamp?) {
    let messages = outbox.begin(at: now)
    let next = [dispatcher.nextDue, nextOutside].compactMap { $0 }.filter { $0 > now } + (outbox.nextDue.map { [$0] } ?? [])
    return (messages, isTakeDue(at: now), next.min())
  }

  private func isTakeDue(at now: Timestamp) -> Bool {
    [dispatcher.nextDue, nextOutside].contains { $0.map { $0 <= now } ?? false }
  }

  /// Notes what became of an attempt that took so long. Returns the message if it was given up for good.
  func end(
    _ message: OutboxMessage, _ outcome: DeliveryOutcome, after took: Duration = .zero, at now: Timestamp, jitter: Double
  ) async -> OutboxMessage? {
    let change = outbox.end(message, outcome, at: now, jitter: jitter)
    count(message.lane.receiver) { deliveries in
      if outcome == .delivered { deliveries.sent += 1 } else { deliveries.failed += 1 }
      if change.dropped != nil { deliveries.dropped += 1 }
      deliveries.took += took
    }
    if let dropped = change.dropped {
      if change.saved.isEmpty && !dropped.mayHaveArrived { forget(dropped) }
    }
    var all = Change()
    all.add(change)
    addChangedAccounts(to: &all)
    await commit(all, releasing: change.saved)
    return change.dropped
  }
}

extension Notifier {
  /// Reads what an earlier process left, before the first `take`. Returns the alerts that were active. Throws where the file cannot be
  /// read; a row that makes no sense is left out, and said.
  func restore() async throws -> [Alert] {
    let rows = try await database.read {
      (try StateDatabase.alerts($0), try StateDatabase.notificationGroups($0), try StateDatabase.outbox($0))
    }
    let outside = try await database.read { (try StateDatabase.pushedAlerts($0), try StateDatabase.silences($0)) }
    pushed = PushedAlerts(restoring: readable(outside.0) { try StateJSON.value(PushedAlert.self, from: $0.content) })
    silences = Silences(restoring: readable(outside.1) { try StateJSON.value(Silence.self, from: $0.content) })
    let alerts = readable(rows.0) { try StateJSON.value(Alert.self, from: $0.content) }
    let accounts = readable(known(rows.1, \.receiver)) { row in
      (id: Account.ID(integration: row.receiver, groupKey: row.groupKey), account: try StateJSON.value(Account.self, from: row.content))
    }
    let messages = readable(known(rows.2, \.receiver)) { try OutboxMessage($0) }
    saved = Dictionary(alerts.map { ($0.fingerprint, $0.withoutValue) }) { $1 }
    latest = alerts
    dispatcher.restore(accounts)
    outbox = Outbox(externalURL: externalURL, restoring: messages)
    alarm.ring()
    return alerts
  }

  /// Rows of receivers that are no longer configured have nowhere to go.
  private func known<Row: StateRow>(_ rows: [Row], _ receiver: (Row) -> String) -> [Row] {
    let known = rows.filter { receivers[receiver($0)] != nil }
    guard known.count < rows.count else { return rows }
    isFileBehind = true
    if Row.self == OutboxRow.self {
      for row in rows where receivers[receiver(row)] == nil { count(receiver(row)) { $0.dropped += 1 } }
    }
    logger.warning(
      "state of a receiver that is no longer configured was left out",
      metadata: ["table": "\(Row.databaseTableName)", "rows": "\(rows.count - known.count)"])
    return known
  }

  private func readable<Row: StateRow, Value>(_ rows: [Row], _ value: (Row) throws -> Value) -> [Value] {
    let values = rows.compactMap { try? value($0) }
    guard values.count < rows.count else { return values }
    isFileBehind = true
    logger.error(
      "unreadable rows of the state database were left out",
      metadata: ["table": "\(Row.databaseTableName)", "rows": "\(rows.count - values.count)"])
    return values
  }
}

extension Notifier {
  /// Of everything that is known, after something came from outside. Before the first `take` it is not known what fires.
  func dispatchAll(at now: Timestamp) async {
    if hasTaken { await dispatch(latest, at: now) } else { await queue([], at: now) }
  }

  private func dispatch(_ alerts: [Alert], at now: Timestamp) async {
    pushed.forgetOld(at: now)
    silences.forgetOld(at: now)
    dispatcher.silences = silences.active(at: now)
    nextOutside = [pushed.nextEnd(after: now), silences.nextChange(after: now)].compactMap { $0 }.min()
    await queue(dispatcher.take(alerts + pushed.alerts.values.map { $0.alert(at: now) }, at: now), at: now)
  }

  private func queue(_ notifications: [Notification], at now: Timestamp) async {
    var change = Change()
    var accepted: [OutboxMessage] = []
    for notification in notifications {
      let queued = outbox.accept(notification, at: now)
      accepted += queued.saved
      change.add(queued)
    }
    addChangedAccounts(to: &change)
    addChangedAlerts(to: &change)
    addWhatCameFromOutside(to: &change)
    // Also before the disk has answered: a message waits for it only so long.
    alarm.ring()
    await commit(change, releasing: accepted)
  }

  /// A value alone that changed is not worth a write: the rule's next evaluation tells it anew.
  private func addChangedAlerts(to change: inout Change) {
    let current = Dictionary(latest.map { ($0.fingerprint, $0) }) { $0.state == .firing ? $0 : $1 }
    change.alerts = current.filter { saved[$0.key] != $0.value.withoutValue }.map(\.value)
    change.endedAlerts = saved.keys.filter { current[$0] == nil }
    saved = current.mapValues(\.withoutValue)
  }

  private func addWhatCameFromOutside(to change: inout Change) {
    for fingerprint in pushed.takeChanged() {
      if let alert = pushed.alerts[fingerprint] { change.pushed.append(alert) } else { change.endedPushed.append(fingerprint) }
    }
    for id in silences.takeChanged() {
      if let silence = silences.byID[id] { change.silences.append(silence) } else { change.endedSilences.append(id) }
    }
  }

  private func addChangedAccounts(to change: inout Change) {
    for id in dispatcher.takeChanged() {
      if let account = dispatcher.accounts[id] { change.groups[id] = account } else { change.endedGroups.append(id) }
    }
  }

  private func forget(_ message: OutboxMessage) {
    let account = Account.ID(integration: message.lane.receiver, groupKey: message.lane.groupKey)
    dispatcher.forget(message.notification.introduces, account)
  }

  private func commit(_ change: Change, releasing messages: [OutboxMessage]) async {
    await write(change)
    outbox.release(messages)
    alarm.ring()
  }

  private func write(_ change: Change) async {
    let wasBehind = isFileBehind
    let change = wasBehind ? everything : change
    guard !change.isEmpty else { return }
    isFileBehind = false
    do {
      try await database.write { try change.write($0) }
      // Only a write of everything mends what an earlier one left out.
      if wasBehind { noteWriting(nil) }
    } catch {
      counts.stateWriteFailures += 1
      isFileBehind = true
      noteWriting(error)
    }
  }

  private func noteWriting(_ error: (any Error)?) {
    defer { isWriteFailing = error != nil }
    switch (error, isWriteFailing) {
    case (let error?, false):
      let why = (error as? DatabaseError).map { $0.message ?? "\($0.resultCode)" } ?? "\(error)"
      logger.error(
        "the state database cannot be written; alerting goes on from memory, a restart would forget what happens until this is mended",
        metadata: ["path": "\(database.path)", "error": "\(why)"])
    case (nil, true):
      logger.notice("the state database is written again", metadata: ["path": "\(database.path)"])
    default: break
    }
  }

  private var everything: Change {
    Change(
      replacesEverything: true, alerts: Array(saved.values), groups: dispatcher.accounts, messages: outbox.messages,
      pushed: Array(pushed.alerts.values), silences: Array(silences.byID.values))
  }
}

extension Alert {
  fileprivate var withoutValue: Alert {
    var alert = self
    alert.value = 0
    return alert
  }
}
