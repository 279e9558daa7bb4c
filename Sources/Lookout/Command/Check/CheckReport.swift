/// How everything that was looked at stands: what the outputs write.
struct CheckReport: Sendable {
  /// The order is that in which they make a verdict: what is not known may be a failure, so it outweighs a warning.
  enum Status: Int, Comparable, Sendable, CaseIterable {
    case pass, warn, unknown, fail

    static func < (left: Status, right: Status) -> Bool { left.rawValue < right.rawValue }

    var word: String {
      switch self {
      case .pass: "pass"
      case .warn: "warn"
      case .fail: "fail"
      case .unknown: "unknown"
      }
    }

    var exitCode: Int32 {
      switch self {
      case .pass: 0
      case .warn: 1
      case .fail: 2
      case .unknown: 3
      }
    }
  }

  /// A check, as it stands.
  struct Row: Sendable {
    let check: CheckID
    let component: Component
    var database: String?
    var status: Status
    /// What the check counts for in the verdict: trouble that `/health` only warns about is a warning here too.
    var weight: Status
    var reason: Reason?
    var cause: Component?
    var sentence: String
    var value: Double?
    var unit: String?
    /// Seconds.
    var budget: Double?
    var evidence: [Evidence] = []
    var observedAt: Timestamp?
    /// How long the look took.
    var seconds: Double?
    var measured: [MetricSample] = []
  }

  let target: String
  let at: Timestamp
  let seconds: Double
  /// What was asked for, the worst first and what lies deeper before what needs it.
  let rows: [Row]
  /// What was looked at only to find the cause, and does not pass.
  let others: [Row]
  /// What a person should know besides.
  let notes: [String]

  var status: Status { rows.map(\.weight).max() ?? .unknown }

  /// The row to read first; nil while all pass. Of the causes that explain the worst rows the one that explains most, told by the worst row
  /// of that component itself where there is one.
  var root: Row? {
    guard status != .pass else { return nil }
    let byCause = Dictionary(grouping: rows.filter { $0.weight == status }) { $0.cause ?? $0.component }
    let leading = byCause.max { ($0.value.count, -$0.key.position) < ($1.value.count, -$1.key.position) }
    guard let leading else { return nil }
    let own = (rows + others).filter { $0.component == leading.key && $0.status > .pass }
    return own.max { $0.status < $1.status } ?? leading.value.first
  }

  func count(_ status: Status) -> Int { rows.count { $0.status == status } }
}

extension CheckReport {
  init(
    _ outcome: CheckRound.Outcome, of table: [Check], asked: CheckSelection, limit: Duration, from start: Timestamp, to end: Timestamp,
    notes: [String]
  ) {
    let all = table.map { Row($0, outcome, isNamed: asked.isNamed, limit: limit) }
    target = Set(table.map(\.id.target)).sorted().joined(separator: ", ")
    at = end
    seconds = (end - start).inSeconds
    rows = all.filter { asked.checks.contains($0.check) }.sorted { $0.order < $1.order }
    others = all.filter { !asked.checks.contains($0.check) && $0.observedAt != nil && $0.status > .pass }.sorted { $0.order < $1.order }
    self.notes = notes
  }
}

extension CheckReport.Row {
  init(_ check: Check, _ outcome: CheckRound.Outcome, isNamed: Bool, limit: Duration) {
    guard let finding = outcome.findings[check.id] else {
      self.init(
        check: check.id, component: check.component, database: check.database, status: .unknown, weight: .unknown, reason: .notObserved,
        sentence: outcome.missing[check.id]?.sentence(limit) ?? "was not looked at", budget: check.budget)
      return
    }
    let observation = outcome.observations[check.id]
    let status = CheckReport.Status(finding.level)
    self.init(
      check: check.id, component: check.component, database: check.database, status: status,
      weight: isNamed || check.component.failsHealth ? status : min(status, .warn), reason: finding.verdict.reason, cause: finding.cause,
      sentence: finding.verdict.sentence, value: finding.verdict.value.flatMap { $0.isFinite ? $0 : nil }, unit: finding.verdict.unit,
      budget: check.budget, evidence: finding.verdict.evidence, observedAt: finding.observedAt,
      seconds: observation.map { ($0.endedAt - $0.startedAt).inSeconds }, measured: observation?.sight.samples ?? [])
  }

  /// The trouble of something else, where that is so.
  var deeperCause: Component? { cause.flatMap { $0 == component ? nil : $0 } }

  /// A warning that says nothing of what was to be looked at, only that it could not be.
  var isUnchecked: Bool {
    guard status == .warn else { return false }
    switch reason {
    case .rightMissing, .extensionMissing, .accessDenied, .logUnreadable, .queryFailed, .databaseUnreachable, .databaseRefused,
      .databaseMissing:
      return true
    case .connectionsExhausted: return value == nil
    default: return false
    }
  }

  fileprivate var order: (Int, Int, CheckID) { (-status.rawValue, component.position, check) }
}

extension CheckReport.Status {
  init(_ level: Level) {
    switch level {
    case .pass: self = .pass
    case .warn: self = .warn
    case .fail: self = .fail
    }
  }
}

extension LookQueue.Missing {
  fileprivate func sentence(_ limit: Duration) -> String {
    let span = "\(limit.inSeconds.formatted()) s"
    return switch self {
    case .underWay: "did not answer within \(span)"
    case .waiting: "its turn did not come within \(span); --timeout gives more time"
    case .slotIsTaken: "was not asked: the request before was given up, and Odoo may be working on it still"
    }
  }
}
