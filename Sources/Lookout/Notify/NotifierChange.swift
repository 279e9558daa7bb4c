import Foundation
import GRDB

extension Notifier {
  /// What one transaction writes: of the alerts, of what receivers were told, and of the outbox.
  struct Change: Sendable {
    /// All that is not in this change is to go.
    var replacesEverything = false
    var alerts: [Alert] = []
    var endedAlerts: [String] = []
    var groups: [Account.ID: Account] = [:]
    var endedGroups: [Account.ID] = []
    var messages: [OutboxMessage] = []
    var endedMessages: [String] = []
    var pushed: [PushedAlert] = []
    var endedPushed: [String] = []
    var silences: [Silence] = []
    var endedSilences: [String] = []

    var isEmpty: Bool {
      !replacesEverything && alerts.isEmpty && endedAlerts.isEmpty && groups.isEmpty && endedGroups.isEmpty && messages.isEmpty
        && endedMessages.isEmpty && pushed.isEmpty && endedPushed.isEmpty && silences.isEmpty && endedSilences.isEmpty
    }

    /// Adds a change of the outbox; what was to be saved and is replaced in the same breath never reaches the disk.
    mutating func add(_ change: Outbox.Change) {
      let deleted = Set(change.deleted)
      messages.removeAll { deleted.contains($0.idempotencyKey) }
      messages += change.saved
      endedMessages += change.deleted
    }

    func write(_ database: Database) throws {
      if replacesEverything {
        try StateDatabase.deleteAllAlerts(database)
        try StateDatabase.deleteAllNotificationGroups(database)
        try StateDatabase.deleteAllMessages(database)
        try StateDatabase.deleteAllToldFromOutside(database)
      }
      try StateDatabase.deleteAlerts(endedAlerts, database)
      try StateDatabase.save(alerts.map { try AlertRow($0) }, database)
      for group in endedGroups {
        try StateDatabase.deleteNotificationGroup(receiver: group.integration, groupKey: group.groupKey, database)
      }
      try StateDatabase.save(groups.map { try NotificationGroupRow($0.key, $0.value) }, database)
      try StateDatabase.deleteMessages(endedMessages, database)
      try StateDatabase.save(messages.map { try $0.row() }, database)
      try StateDatabase.deletePushedAlerts(endedPushed, database)
      try StateDatabase.save(pushed.map { PushedAlertRow(fingerprint: $0.fingerprint, content: try StateJSON.bytes($0)) }, database)
      try StateDatabase.deleteSilences(endedSilences, database)
      try StateDatabase.save(silences.map { SilenceRow(id: $0.id, content: try StateJSON.bytes($0)) }, database)
    }
  }
}

extension AlertRow {
  init(_ alert: Alert) throws {
    self.init(fingerprint: alert.fingerprint, name: alert.name, content: try StateJSON.bytes(alert))
  }
}

extension NotificationGroupRow {
  init(_ id: Account.ID, _ told: Account) throws {
    self.init(receiver: id.integration, groupKey: id.groupKey, content: try StateJSON.bytes(told), lastSentAt: told.lastSentAt)
  }
}
