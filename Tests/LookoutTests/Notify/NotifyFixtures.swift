import Foundation
import Logging
import Synchronization

@testable import Lookout

/// The moment at which the tests of notification begin: 2026-03-01T08:00:00Z.
let notifyStart = Timestamp(milliseconds: 1_772_352_000_000)

func firing(
  _ name: String, target: String = "crm", component: String? = nil, since: Duration = .zero, _ more: [String: String] = [:],
  annotations: [String: String] = [:], value: Double = 1
) -> Alert {
  var labels = ["alertname": name, "target": target].merging(more) { $1 }
  labels["component"] = component
  return Alert(
    labels: labels, annotations: annotations, state: .firing, activeAt: notifyStart + since, firedAt: notifyStart + since, resolvedAt: nil,
    value: value)
}

extension Alert {
  func ended(at moment: Timestamp) -> Alert {
    var alert = self
    alert.state = .resolved
    alert.resolvedAt = moment
    return alert
  }

  /// `OdooDown crm firing`.
  var inShort: String { "\(name) \(labels["target"] ?? "") \(state.rawValue)" }
}

extension Lookout.Notification {
  var inShort: [String] { alerts.map(\.inShort) }
}

/// A directory that is gone afterwards.
func withNotifyDirectory<Value>(
  isolation: isolated (any Actor)? = #isolation, _ body: (String) async throws -> Value
) async throws -> Value {
  let directory = FileManager.default.temporaryDirectory.appendingPathComponent("lookout-\(UUID().uuidString)").path
  try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: directory) }
  return try await body(directory)
}

/// The directory as a crash at this instant would leave it.
func crashImage(of directory: String) throws -> String {
  let image = directory + "/crash-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: image, withIntermediateDirectories: true)
  for name in ["state.db", "state.db-wal"] where FileManager.default.fileExists(atPath: "\(directory)/\(name)") {
    try FileManager.default.copyItem(atPath: "\(directory)/\(name)", toPath: "\(image)/\(name)")
  }
  return image
}

/// A value that tests wait for; the wait ends with the test's time limit.
final class Watched<Value: Sendable>: Sendable {
  private typealias Action = @Sendable () -> Void

  private struct Waiter {
    /// Looks at the value; what it returns resumes the waiting task.
    let look: @Sendable (inout Value) -> Action?
    let cancel: Action
  }

  private struct State {
    var value: Value
    var waiting: [UUID: Waiter] = [:]
    var cancelled: Set<UUID> = []

    mutating func takeResumed() -> [Action] {
      var resumed: [Action] = []
      for (id, waiter) in waiting {
        guard let resume = waiter.look(&value) else { continue }
        waiting[id] = nil
        resumed.append(resume)
      }
      return resumed
    }
  }

  private let state: Mutex<State>

  init(_ value: Value) { state = Mutex(State(value: value)) }

  var value: Value { state.withLock { $0.value } }

  func change(_ body: (inout Value) -> Void) {
    let resumed = state.withLock { state -> [Action] in
      body(&state.value)
      return state.takeResumed()
    }
    for resume in resumed { resume() }
  }

  /// Returns when `look` finds something; it may take it out of the value.
  func until<Found: Sendable>(_ look: @escaping @Sendable (inout Value) -> Found?) async throws -> Found {
    let id = UUID()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { wait(look, id, $0) }
    } onCancel: {
      let waiter = state.withLock { state -> Waiter? in
        state.cancelled.insert(id)
        return state.waiting.removeValue(forKey: id)
      }
      waiter?.cancel()
    }
  }

  private func wait<Found: Sendable>(
    _ look: @escaping @Sendable (inout Value) -> Found?, _ id: UUID, _ continuation: CheckedContinuation<Found, any Error>
  ) {
    let waiter = Waiter(
      look: { value in
        guard let found = look(&value) else { return nil }
        return { continuation.resume(returning: found) }
      },
      cancel: { continuation.resume(throwing: CancellationError()) })
    let action = state.withLock { state -> Action? in
      if let resume = waiter.look(&state.value) { return resume }
      if state.cancelled.contains(id) { return waiter.cancel }
      state.waiting[id] = waiter
      return nil
    }
    action?()
  }
}

/// Time that a test moves by hand.
final class HandMovedTime: Sendable {
  private let moment = Watched(notifyStart)
  private let sleepers = Watched<[Timestamp]>([])

  var now: Timestamp { moment.value }
  var timeline: Timeline { Timeline(now: { self.now }, sleep: { try await self.sleep(until: $0) }) }

  func advance(by span: Duration) {
    moment.change { $0 = $0 + span }
  }

  /// Returns when somebody sleeps until exactly then.
  func sleeper(until wanted: Timestamp) async throws {
    try await sleepers.until { $0.contains(wanted) ? () : nil }
  }

  private func sleep(until wanted: Timestamp) async throws {
    sleepers.change { $0.append(wanted) }
    defer { sleepers.change { sleepers in sleepers.firstIndex(of: wanted).map { _ = sleepers.remove(at: $0) } } }
    try await moment.until { $0 >= wanted ? () : nil }
  }
}

/// A first-in first-out channel between a test and what it tests.
final class Mailbox<Item: Sendable>: Sendable {
  private let items = Watched<[Item]>([])

  /// What was put and not yet taken.
  var all: [Item] { items.value }

  func put(_ item: Item) {
    items.change { $0.append(item) }
  }

  /// For one taker at a time.
  func take() async throws -> Item {
    try await items.until { $0.isEmpty ? nil : $0.removeFirst() }
  }
}

/// Keeps what is logged: level, message and metadata in one line.
final class KeptLog: Sendable {
  private let lines = Watched<[String]>([])

  var logger: Logger { Logger(label: "test") { _ in Handler(lines: lines) } }

  func count(_ part: String) -> Int { lines.value.count { $0.contains(part) } }

  /// Returns when a line says that.
  func line(_ part: String) async throws {
    try await lines.until { $0.contains { $0.contains(part) } ? () : nil }
  }

  private struct Handler: LogHandler {
    let lines: Watched<[String]>
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      lines.change { $0.append("\(event.level) \(event.message) \(event.metadata ?? [:])") }
    }
  }
}

extension HTTPExchange {
  static func answered(_ status: Int, _ headers: [(name: String, value: String)] = []) -> HTTPExchange {
    HTTPExchange(method: "POST", url: "", failure: nil, status: status, headers: headers)
  }

  static func unanswered(_ reason: Reason, _ message: String = "") -> HTTPExchange {
    HTTPExchange(method: "POST", url: "", failure: TransportFailure(reason: reason, message: message))
  }
}

extension Routing {
  /// Every alert goes to each of these integrations, grouped as the routes that ship do it.
  static func toAll(
    _ integrations: [String], pace: Routing.Pace = .prompt, inhibitRules: [InhibitRule] = [], groupInterval: Duration = .seconds(30),
    repeatInterval: Duration = .seconds(4 * 3600)
  ) -> Routing {
    let options = Route.Options(
      receiver: "all", grouping: .by(["alertname", "target"]), groupWait: .zero, groupInterval: groupInterval,
      repeatInterval: repeatInterval)
    return Routing(
      pace: pace, root: Route(root: options), integrations: ["all": integrations.map { Integration(id: $0) }], inhibitRules: inhibitRules)
  }
}

extension Dispatcher {
  init(
    receiver: String, inhibitRules: [InhibitRule] = [], groupInterval: Duration = .seconds(30),
    repeatInterval: Duration = .seconds(4 * 3600)
  ) {
    self.init(.toAll([receiver], inhibitRules: inhibitRules, groupInterval: groupInterval, repeatInterval: repeatInterval))
  }
}

extension NotificationPlan {
  static func toAll(_ receivers: [Receiver]) -> NotificationPlan {
    NotificationPlan(
      routing: .toAll(receivers.map(\.name)), receivers: Dictionary(uniqueKeysWithValues: receivers.map { ($0.name, $0) }))
  }
}

extension Lookout.Notification {
  init(receiver: String, groupLabels: [String: String], alerts: [Alert], introduces: Set<String>) {
    self.init(
      address: Address(integration: receiver, receiver: receiver, groupKey: Self.groupKey(groupLabels)), groupLabels: groupLabels,
      alerts: alerts, introduces: introduces)
  }
}

extension InhibitRule {
  /// With the values that each label may have.
  init(source: [String: Set<String>], target: [String: Set<String>], equal: [String]) {
    self.init(source: Self.matcher(source), target: Self.matcher(target), equal: equal)
  }

  private static func matcher(_ wanted: [String: Set<String>]) -> Condition {
    { labels in wanted.allSatisfy { name, values in values.contains(labels[name] ?? "") } }
  }
}
