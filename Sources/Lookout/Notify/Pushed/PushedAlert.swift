/// An alert that came from outside, over the API.
struct PushedAlert: Codable, Equatable, Sendable {
  var labels: [String: String]
  var annotations: [String: String]
  var startsAt: Timestamp
  var endsAt: Timestamp
  /// Whether its end is none that was said, but the time after which it counts as over unless it is pushed again.
  var isTimeout = false
  var generatorURL: String?
  var updatedAt: Timestamp

  func isOver(at now: Timestamp) -> Bool { endsAt <= now }

  /// As the dispatcher sees it.
  func alert(at now: Timestamp) -> Alert {
    Alert(
      labels: labels, annotations: annotations, state: isOver(at: now) ? .resolved : .firing, activeAt: startsAt, firedAt: startsAt,
      resolvedAt: isOver(at: now) ? endsAt : nil, value: 0, generatorURL: generatorURL)
  }

  /// Together with what was known of it before, where the two overlap: the earliest start, the latest end that was said (Alertmanager's
  /// provider/mem and Alert.Merge).
  func merged(with earlier: PushedAlert, at now: Timestamp) -> PushedAlert {
    let endsInside = earlier.startsAt < endsAt && endsAt < earlier.endsAt
    let startsInside = earlier.startsAt < startsAt && startsAt < earlier.endsAt
    guard endsInside || startsInside else { return self }
    var merged = self
    merged.startsAt = min(startsAt, earlier.startsAt)
    if isOver(at: now) {
      if earlier.isOver(at: now) { merged.endsAt = max(endsAt, earlier.endsAt) }
    } else if endsAt < earlier.endsAt, !earlier.isTimeout {
      merged.endsAt = earlier.endsAt
    }
    return merged
  }
}

/// The alerts that came from outside.
struct PushedAlerts: Sendable {
  /// How long one that is over is remembered, so that what comes late can still be put together with it.
  static let memory = Duration.seconds(1800)
  /// More are refused: who pushes without end must not take the agent's memory.
  static let limit = 20_000
  /// Of all texts together.
  static let byteLimit = 32 << 20

  private(set) var alerts: [String: PushedAlert] = [:]
  /// Fingerprints of those that changed since this was last asked, by `takeChanged`.
  private var changed: Set<String> = []
  private var bytes = 0

  init(restoring alerts: [PushedAlert] = []) {
    for alert in alerts {
      self.alerts[alert.fingerprint] = alert
      bytes += alert.bytes
    }
  }

  /// False where there are too many.
  mutating func take(_ alert: PushedAlert, at now: Timestamp) -> Bool {
    let fingerprint = alert.fingerprint
    let grown = bytes + alert.bytes - (alerts[fingerprint]?.bytes ?? 0)
    guard alerts[fingerprint] != nil || alerts.count < Self.limit, grown <= max(Self.byteLimit, bytes) else { return false }
    bytes = grown
    alerts[fingerprint] = alerts[fingerprint].map { alert.merged(with: $0, at: now) } ?? alert
    changed.insert(fingerprint)
    return true
  }

  mutating func forgetOld(at now: Timestamp) {
    for (fingerprint, alert) in alerts where alert.endsAt + Self.memory < now {
      alerts[fingerprint] = nil
      bytes -= alert.bytes
      changed.insert(fingerprint)
    }
  }

  mutating func takeChanged() -> Set<String> {
    defer { changed = [] }
    return changed
  }

  /// When the next one is over though nobody says so.
  func nextEnd(after now: Timestamp) -> Timestamp? { alerts.values.map(\.endsAt).filter { $0 > now }.min() }
}

extension PushedAlert {
  /// Of its texts.
  fileprivate var bytes: Int {
    (labels.map { $0.key.utf8.count + $0.value.utf8.count } + annotations.map { $0.key.utf8.count + $0.value.utf8.count })
      .reduce(generatorURL?.utf8.count ?? 0, +)
  }

  var fingerprint: String { Alert.fingerprint(labels) }
}
