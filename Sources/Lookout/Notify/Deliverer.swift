import Logging
import ServiceLifecycle

/// Sends what the notifier has accepted, when it is due. Each receiver has its own attempts under way: a dead one holds up no other.
struct Deliverer: Service {
  let notifier: Notifier
  let timeline: Timeline
  let send: @Sendable (HTTPRequest) async -> HTTPExchange
  let logger: Logger
  /// Secrets in files are read anew for each attempt.
  private static let secrets = BlockingQueue("notify.secrets")
  /// From 0 to 1, for the back-off.
  var jitter: @Sendable () -> Double = { Double.random(in: 0...1) }

  /// Until shutdown. What is under way then is finished, what is not begun stays on disk.
  func run() async throws {
    await withDiscardingTaskGroup { group in
      while !Task.isCancelled && !Task.isShuttingDownGracefully {
        let due = await notifier.begin(at: timeline.now())
        // Apart from this loop: it waits for the disk, which those messages that are ready need not.
        if due.isTakeDue { group.addTask { await notifier.takeAgain(at: timeline.now()) } }
        for message in due.messages { group.addTask { await deliver(message) } }
        guard await sleep(until: due.next) else { return }
      }
    }
  }

  /// False when it is time to stop.
  private func sleep(until next: Timestamp?) async -> Bool {
    do {
      try await cancelWhenGracefulShutdown { try await notifier.alarm.sleep(until: next, on: timeline) }
      return true
    } catch {
      return false
    }
  }

  private func deliver(_ message: OutboxMessage) async {
    // Without a receiver the message has been given up meanwhile.
    guard let receiver = await notifier.receiver(message.lane.receiver) else { return }
    let began = timeline.now()
    let outcome = await attempt(message, receiver)
    let ended = timeline.now()
    let dropped = await notifier.end(message, outcome, after: ended - began, at: ended, jitter: jitter())
    log(message, outcome, receiver, isDropped: dropped != nil)
  }

  private func attempt(_ message: OutboxMessage, _ receiver: Receiver) async -> DeliveryOutcome {
    let revealed: HTTPSettings.Revealed
    do { revealed = try await Self.secrets.run { Result { try receiver.http.revealed() } }.get() } catch {
      return .failed("\(error)", mayHaveArrived: false, retryAfter: nil)
    }
    return DeliveryOutcome(await send(HTTPRequest(message, to: receiver, revealed)), from: receiver)
  }

  private func log(_ message: OutboxMessage, _ outcome: DeliveryOutcome, _ receiver: Receiver, isDropped: Bool) {
    var metadata: Logger.Metadata = [
      "receiver": "\(receiver.name)", "origin": "\(receiver.origin)", "group": "\(message.lane.groupKey)",
      "idempotency_key": "\(message.idempotencyKey)", "attempt": "\(message.attempts + 1)",
    ]
    switch outcome {
    case .delivered:
      logger.info("notification delivered", metadata: metadata)
    case .refused(let why):
      metadata["error"] = "\(why)"
      logger.error("notification refused and given up; check the webhook's URL and the receiver's settings", metadata: metadata)
    case .failed(let why, _, _):
      metadata["error"] = "\(why)"
      if isDropped {
        logger.error("notification given up, undelivered for too long", metadata: metadata)
      } else {
        logger.log(level: message.attempts == 0 ? .warning : .info, "notification not delivered, will be tried again", metadata: metadata)
      }
    }
  }
}

extension HTTPRequest {
  /// The answer's status is all that counts: its body is not kept, and no receiver can make it cost anything.
  fileprivate init(_ message: OutboxMessage, to receiver: Receiver, _ revealed: HTTPSettings.Revealed) {
    self.init(
      method: "POST", url: receiver.url,
      headers: [
        ("Content-Type", "application/json"), ("User-Agent", "Lookout/\(Version.number)"), ("Idempotency-Key", message.idempotencyKey),
      ] + revealed.headers,
      body: message.payload, timeout: receiver.timeout, bodyLimit: 16 << 10, keptBytes: 0)
    tls = receiver.http.tls
    proxy = revealed.proxy
    noProxy = receiver.http.noProxy
  }
}
