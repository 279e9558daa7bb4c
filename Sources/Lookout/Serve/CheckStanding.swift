/// How one check stands at a moment: what its finding says, or that there is none yet, or that it is old news.
struct CheckStanding: Sendable, Equatable {
  let check: CheckID
  let component: Component
  let database: String?
  var level: Level
  var reason: Reason?
  var cause: Component?
  var sentence: String
  var value: Double?
  var unit: String?
  var evidence: [Evidence] = []
  var since: Timestamp?
  /// Nil while the check has never been observed.
  var observedAt: Timestamp?

  /// What the check weighs in `/health`.
  var weight: Level { component.failsHealth ? level : min(level, .warn) }
}

extension Component {
  /// Whether `/health` fails with it: these are Odoo itself and what it cannot do without; the others warn at most.
  var failsHealth: Bool {
    switch self {
    case .network, .proxy, .process, .workers, .postgresql, .database, .registry, .module, .page, .dashboard: true
    case .session, .export, .access, .log, .cron, .mail, .host, .backup, .agent: false
    }
  }

  /// The place in the closed list, where what lies deeper comes first.
  var position: Int { Self.allCases.firstIndex(of: self) ?? Self.allCases.count }
}

extension CheckStanding {
  /// - Parameter grace: how long the check may go unobserved before that is a failure.
  init(_ finding: Finding, now: Timestamp, grace: Duration = .zero) {
    let verdict = finding.verdict
    self.init(
      check: finding.check, component: finding.component, database: finding.database, level: verdict.level, reason: verdict.reason,
      cause: finding.cause, sentence: verdict.sentence, value: verdict.value, unit: verdict.unit, evidence: verdict.evidence,
      since: finding.since, observedAt: finding.observedAt)
    if now > finding.freshUntil {
      grow(staleSince: finding.freshUntil, now: now, lifetime: finding.freshUntil - finding.observedAt, grace: grace)
    }
  }

  init(unobserved check: ExpectedCheck, now: Timestamp) {
    let waited = now - check.since
    self.init(
      check: check.row.id, component: check.row.component, database: check.row.database, level: waited > check.row.grace ? .fail : .warn,
      reason: .notObserved, sentence: "not observed yet, \(waited.roughly) after the check began", since: check.since)
  }

  /// An old finding warns at least, and fails after as long again as it was fresh, or after its grace where that is longer.
  private mutating func grow(staleSince: Timestamp, now: Timestamp, lifetime: Duration, grace: Duration) {
    let overdue = now - staleSince
    let patience = max(lifetime, grace)
    let staleLevel: Level = overdue > patience ? .fail : .warn
    let before = sentence.isEmpty ? level.word : sentence
    sentence = "not observed for \((overdue + lifetime).roughly), which is \(overdue.roughly) too long; before that: \(before)"
    guard staleLevel > level else { return }
    (level, reason, cause) = (staleLevel, .notObserved, nil)
    since = staleLevel == .fail ? staleSince + patience : staleSince
  }

  /// Findings and what should have one, in the order of components, checks and databases.
  static func all(
    findings: [Finding], expected: [ExpectedCheck], now: Timestamp
  ) -> [CheckStanding] {
    let observed = Set(findings.map(\.check))
    let graces = Dictionary(expected.map { ($0.row.id, $0.row.grace) }) { max($0, $1) }
    let missing = expected.filter { !observed.contains($0.row.id) }
    let all =
      findings.map { CheckStanding($0, now: now, grace: graces[$0.check] ?? .zero) }
      + missing.map { CheckStanding(unobserved: $0, now: now) }
    return all.sorted { $0.order < $1.order }
  }

  private var order: (Int, CheckID, String) { (component.position, check, database ?? "") }
}

extension Duration {
  /// For a person: `8 s`, `12 min`, `3 h`, `5 d`; whole units, rounded down.
  var roughly: String {
    let seconds = max(0, milliseconds / 1000)
    switch seconds {
    case ..<120: return "\(seconds) s"
    case ..<7200: return "\(seconds / 60) min"
    case ..<172_800: return "\(seconds / 3600) h"
    default: return "\(seconds / 86_400) d"
    }
  }
}
