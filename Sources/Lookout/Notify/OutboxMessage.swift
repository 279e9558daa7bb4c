import Foundation

/// A message that was accepted: it is sent until the receiver has taken it.
struct OutboxMessage: Sendable, Equatable {
  /// Messages of one receiver about one group overtake each other nowhere.
  struct Lane: Hashable, Sendable {
    /// The integration.
    let receiver: String
    let groupKey: String

    init(receiver: String, groupKey: String) {
      self.receiver = receiver
      self.groupKey = groupKey
    }

    init(_ address: Notification.Address) {
      self.init(receiver: address.integration, groupKey: address.groupKey)
    }
  }

  /// The same on every copy of the message, so that the receiver can tell a copy from news.
  let idempotencyKey: String
  let lane: Lane
  let notification: Notification
  let payload: [UInt8]
  let createdAt: Timestamp
  var attempts = 0
  var nextAttemptAt: Timestamp
  var lastError: String?
  var mayHaveArrived = false
  var isInFlight = false
  /// Not sent before then unless it is known to be on disk.
  var heldUntil: Timestamp?

  init(_ notification: Notification, payload: [UInt8], at now: Timestamp) {
    idempotencyKey = UUID().uuidString.lowercased()
    lane = Lane(notification.address)
    self.notification = notification
    self.payload = payload
    createdAt = now
    nextAttemptAt = now
  }

  /// The moment from which it may be sent.
  var due: Timestamp { max(nextAttemptAt, heldUntil ?? nextAttemptAt) }
}

extension OutboxMessage {
  /// Due at once, for a restart may have mended what was wrong. Whether the last process sent it before it ended is not known.
  init(_ row: OutboxRow) throws {
    idempotencyKey = row.idempotencyKey
    lane = Lane(receiver: row.receiver, groupKey: row.groupKey)
    notification = try StateJSON.value(Notification.self, from: row.notification)
    payload = Array(row.payload)
    createdAt = row.createdAt
    attempts = row.attempts
    nextAttemptAt = Timestamp(milliseconds: 0)
    lastError = row.lastError
    mayHaveArrived = true
  }

  func row() throws -> OutboxRow {
    OutboxRow(
      idempotencyKey: idempotencyKey, receiver: lane.receiver, groupKey: lane.groupKey, notification: try StateJSON.bytes(notification),
      payload: Data(payload), createdAt: createdAt, attempts: attempts, nextAttemptAt: nextAttemptAt, lastError: lastError)
  }
}
