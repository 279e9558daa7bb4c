/// What was accepted and is not delivered, in the order of each lane. Pure: every change is returned, to be written to `state.db`.
struct Outbox: Sendable {
  struct Change: Sendable {
    var deleted: [String] = []
    var saved: [OutboxMessage] = []
    /// Given up for good: refused, or too old.
    var dropped: OutboxMessage?
  }

  /// A message is given up when it is older.
  static let lifetime = Duration.seconds(24 * 3600)
  /// How long a message waits for its place on disk. A disk that hangs must not silence the agent.
  static let patience = Duration.seconds(10)
  /// Attempts at a time per receiver.
  static let width = 4

  private var lanes: [OutboxMessage.Lane: [OutboxMessage]] = [:]
  private let externalURL: String

  init(externalURL: String, restoring messages: [OutboxMessage] = []) {
    self.externalURL = externalURL
    for message in messages { lanes[message.lane, default: []].append(message) }
  }

  /// All messages; those of one lane in their order.
  var messages: [OutboxMessage] { lanes.values.flatMap { $0 } }
  var count: Int { lanes.values.reduce(0) { $0 + $1.count } }

  /// Takes a notification in. It takes the place of one that waits in its lane; one that is under way it follows.
  mutating func accept(_ notification: Notification, at now: Timestamp) -> Change {
    let lane = OutboxMessage.Lane(notification.address)
    var queue = lanes[lane] ?? []
    var change = Change()
    if let last = queue.last, !last.isInFlight {
      queue.removeLast()
      change.deleted = [last.idempotencyKey]
      change.saved = replacement(of: last, by: notification, at: now).map { [$0] } ?? []
    } else {
      change.saved = [message(notification, at: now)]
    }
    queue += change.saved
    keep(queue, lane)
    return change
  }

  /// These messages are on disk, or it is known that they will not be.
  mutating func release(_ messages: [OutboxMessage]) {
    for message in messages {
      guard let index = lanes[message.lane]?.firstIndex(where: { $0.idempotencyKey == message.idempotencyKey }) else { continue }
      lanes[message.lane]?[index].heldUntil = nil
    }
  }

  /// Gives up what waits for integrations that are gone.
  mutating func abandon(_ integrations: Set<String>) -> [OutboxMessage] {
    let left = lanes.filter { integrations.contains($0.key.receiver) }
    for lane in left.keys { lanes[lane] = nil }
    return left.values.flatMap { $0 }
  }

  /// What is to be sent now, and what is from now on under way.
  mutating func begin(at now: Timestamp) -> [OutboxMessage] {
    var free = freePlaces
    var begun: [OutboxMessage] = []
    for head in waitingHeads.sorted(by: { ($0.due, $0.idempotencyKey) < ($1.due, $1.idempotencyKey) }) where head.due <= now {
      guard free[head.lane.receiver, default: Self.width] > 0 else { continue }
      free[head.lane.receiver, default: Self.width] -= 1
      lanes[head.lane]?[0].isInFlight = true
      begun.append(head)
    }
    return begun
  }

  /// When something can next be begun; nil while nothing can before an attempt has ended.
  var nextDue: Timestamp? {
    let free = freePlaces
    return waitingHeads.filter { free[$0.lane.receiver, default: Self.width] > 0 }.map(\.due).min()
  }

  private var waitingHeads: [OutboxMessage] { lanes.values.compactMap(\.first).filter { !$0.isInFlight } }

  private var freePlaces: [String: Int] {
    lanes.values.compactMap(\.first).filter(\.isInFlight).reduce(into: [:]) { $0[$1.lane.receiver, default: Self.width] -= 1 }
  }

  private mutating func keep(_ queue: [OutboxMessage], _ lane: OutboxMessage.Lane) {
    lanes[lane] = queue.isEmpty ? nil : queue
  }

  private func message(_ notification: Notification, at now: Timestamp) -> OutboxMessage {
    var message = OutboxMessage(
      notification, payload: WebhookPayload(notification: notification, externalURL: externalURL).bytes, at: now)
    message.heldUntil = now + Self.patience
    return message
  }

  /// The back-off goes on: the receiver is the same.
  private func replacement(of older: OutboxMessage, by notification: Notification, at now: Timestamp) -> OutboxMessage? {
    guard let merged = notification.replacing(older.notification, mayHaveArrived: older.mayHaveArrived) else { return nil }
    var next = message(merged, at: now)
    next.attempts = older.attempts
    next.nextAttemptAt = max(now, older.nextAttemptAt)
    next.lastError = older.lastError
    return next
  }
}

extension Outbox {
  /// Notes what became of an attempt. `jitter`, from 0 to 1, keeps receivers' and messages' next attempts apart.
  mutating func end(_ attempted: OutboxMessage, _ outcome: DeliveryOutcome, at now: Timestamp, jitter: Double) -> Change {
    guard var queue = lanes[attempted.lane], var head = queue.first, head.idempotencyKey == attempted.idempotencyKey else {
      return Change()
    }
    queue.removeFirst()
    head.isInFlight = false
    defer { keep(queue, attempted.lane) }
    switch outcome {
    case .delivered:
      return Change(deleted: [head.idempotencyKey])
    case .refused(let why):
      head.lastError = why
      return giveUp(head, &queue, at: now)
    case .failed(let why, let mayHaveArrived, let retryAfter):
      head.note(why, mayHaveArrived, nextAt: now + Self.wait(after: head.attempts + 1, retryAfter: retryAfter, jitter: jitter))
      if !queue.isEmpty { return replace(head, &queue, at: now) }
      if now - head.createdAt >= Self.lifetime { return giveUp(head, &queue, at: now) }
      queue = [head]
      return Change(saved: [head])
    }
  }

  /// From 1 s, doubled with each attempt, up to 5 min, a fifth more or less; what the receiver asks for, up to the same 5 min.
  static func wait(after attempts: Int, retryAfter: Duration?, jitter: Double) -> Duration {
    let longest = Duration.seconds(300)
    let plain = Duration.seconds(1 << min(max(attempts - 1, 0), 9))
    return max(min(plain, longest) * (0.8 + 0.4 * jitter), min(retryAfter ?? .zero, longest))
  }

  /// The one behind takes up what the failed one had to tell.
  private mutating func replace(_ head: OutboxMessage, _ queue: inout [OutboxMessage], at now: Timestamp) -> Change {
    let behind = queue.removeFirst()
    var change = Change(deleted: [head.idempotencyKey, behind.idempotencyKey])
    guard let next = replacement(of: head, by: behind.notification, at: now) else { return change }
    queue.insert(next, at: 0)
    change.saved = [next]
    return change
  }

  private mutating func giveUp(_ head: OutboxMessage, _ queue: inout [OutboxMessage], at now: Timestamp) -> Change {
    var change = queue.isEmpty ? Change(deleted: [head.idempotencyKey]) : replace(head, &queue, at: now)
    change.dropped = head
    return change
  }
}

extension OutboxMessage {
  fileprivate mutating func note(_ error: String, _ arrived: Bool, nextAt moment: Timestamp) {
    attempts += 1
    lastError = error
    mayHaveArrived = mayHaveArrived || arrived
    nextAttemptAt = moment
  }
}
