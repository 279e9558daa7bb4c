/// How a check stands. Raw values are those of `lookout_check_status`.
enum Level: Int, Comparable, Codable, Sendable, CaseIterable {
  case pass = 0
  case warn = 1
  case fail = 2

  static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }

  /// The word of `application/health+json`.
  var word: String {
    switch self {
    case .pass: "pass"
    case .warn: "warn"
    case .fail: "fail"
    }
  }
}

/// A piece of what was seen that backs a verdict: `status` = `404`, `exception` = `psycopg2.OperationalError`. Redacted where it is made.
struct Evidence: Hashable, Codable, Sendable {
  let name: String
  let value: String
}

/// What one observation amounts to, before causes are looked for.
struct Verdict: Sendable, Equatable {
  var level: Level
  var reason: Reason?
  /// Nothing is known of what the check looks at, for the agent was kept from looking: that warns, and is neither success nor failure.
  var isUnknown = false
  /// What is wrong stops nobody: that warns, though the answer was wrong.
  var isMinor = false
  /// For a person: what is wrong, with what, in one sentence.
  var sentence: String
  /// What was measured against the budget, with its unit (`s`, `connections`, `errors`).
  var value: Double?
  var unit: String?
  var evidence: [Evidence] = []
  /// The component that the answer itself blames, where that is another one.
  var blamed: Component?
  /// What is blamed is all that fails: the check's own component is well.
  var isElsewhere = false
  /// The answer was right and came too late, for whatever reason.
  var isLate = false
  /// The route of Odoo that failed, where the check is about none in particular.
  var route: String?

  /// Whether the answer was right, however long it took.
  var isRight: Bool { (level != .fail || reason == .tooSlow || isLate) && !isMinor }
}

/// A check's verdict in its place: component, cause and since when.
struct Finding: Sendable, Equatable {
  let check: CheckID
  let component: Component
  let database: String?
  var verdict: Verdict
  /// The component at the root of the trouble; the check's own when nothing deeper fails, nil while it passes.
  var cause: Component?
  /// When the check took this level and reason.
  var since: Timestamp
  var observedAt: Timestamp
  /// Past this moment the finding is old news: it warns, and fails after as long again.
  var freshUntil: Timestamp

  var level: Level { verdict.level }
}
