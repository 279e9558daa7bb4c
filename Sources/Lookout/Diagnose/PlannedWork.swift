/// What operators are doing to Odoos, by their logs: for a while what fails may be of that. It is told all the same, with the reason.
struct PlannedWork: Sendable {
  enum Kind: String, CaseIterable, Sendable {
    case stop
    case moduleChange = "module_change"
  }

  /// What fails within it may be of that work.
  struct Window: Equatable, Sendable {
    let kind: Kind
    let since: Timestamp
    var until: Timestamp
  }

  private var windows: [String: [Kind: Window]] = [:]

  /// How long an Odoo that was told to stop may be away: its slowest request may take the two minutes of `limit_time_real`.
  static let stopLasts = Duration.seconds(300)
  /// How long one that has started takes until it serves as before: models are loaded, bundles are made.
  static let startLasts = Duration.seconds(60)
  /// After the latest record of a module's change.
  static let changeLasts = Duration.seconds(120)

  mutating func note(_ operation: Operation, of target: String, at now: Timestamp) {
    switch operation {
    case .stop: open(.stop, of: target, until: now + Self.stopLasts, at: now)
    case .moduleChange: open(.moduleChange, of: target, until: now + Self.changeLasts, at: now)
    case .start:
      guard let open = windows[target]?[.stop], open.until > now else { return }
      windows[target]?[.stop]?.until = min(open.until, now + Self.startLasts)
    }
  }

  private mutating func open(_ kind: Kind, of target: String, until: Timestamp, at now: Timestamp) {
    let before = windows[target]?[kind].flatMap { $0.until > now ? $0 : nil }
    windows[target, default: [:]][kind] = Window(kind: kind, since: before?.since ?? now, until: until)
  }

  /// The one that began first of those that are open.
  func window(of target: String, at now: Timestamp) -> Window? {
    windows[target]?.values.filter { $0.until > now }.min { ($0.since, $0.kind.rawValue) < ($1.since, $1.kind.rawValue) }
  }

  /// A look at a log says with its own figures whether work is under way, also that none is.
  func told(with look: Observation, at now: Timestamp) -> Observation {
    guard case .log(let sight) = look.sight.seen, sight.unreadable == nil else { return look }
    return look.measuring(
      Kind.allCases.map { kind in
        let isOpen = windows[look.check.target]?[kind].map { $0.until > now } ?? false
        return Metric.plannedWork.sample(["what": kind.rawValue], isOpen ? 1 : 0)
      })
  }
}

extension PlannedWork.Window {
  /// For a person.
  fileprivate var inWords: String {
    let at = since.rfc3339
    return switch kind {
    case .stop: "Odoo was stopped in an orderly way at \(at), by its log"
    case .moduleChange: "modules of Odoo are being changed since \(at), by its log"
    }
  }
}

extension Diagnosis {
  /// A failure that began while somebody was at work on Odoo says so.
  func besidePlans(_ judged: Judged, at now: Timestamp) -> Judged {
    let look = judged.observation
    guard judged.verdict.level == .fail, let window = planned.window(of: look.check.target, at: now),
      look.component == .process || ComponentGraph.reaches(look.component).contains(.process)
    else { return judged }
    let earlier = rows[look.check]?.finding
    let isOlder = earlier.map { $0.level == .fail && $0.since <= window.since } ?? false
    guard !isOlder, !judged.verdict.evidence.contains(where: { $0.name == "planned" }) else { return judged }
    var verdict = judged.verdict
    verdict.sentence += "; \(window.inWords)"
    verdict.evidence.append(Evidence(name: "planned", value: "\(window.kind.rawValue) since \(window.since.rfc3339)"))
    return Judged(observation: look, verdict: verdict)
  }
}
