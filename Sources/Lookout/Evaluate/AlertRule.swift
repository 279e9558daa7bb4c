import PromQL

/// Names a rule over restarts and reloads.
struct RuleID: Hashable, Codable, Sendable, CustomStringConvertible {
  let file: String
  let group: String
  /// Of the alert, or of the series that it records.
  let name: String
  /// As written, templates included; those of the group too.
  let labels: [String: String]
  /// How many rules of the same name and labels stand before it in its group.
  var ordinal = 0

  var description: String { "\(group)/\(name)" }

  /// What the store calls the rule. Labels are in the order of their bytes.
  var key: SeriesStore.RuleKey {
    let labels = labels.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.flatMap { [$0.key, $0.value] }
    return ([file, group, name, "\(ordinal)"] + labels).joined(separator: "\u{0}")
  }
}

/// An alerting rule as read from a file.
struct AlertRule: Sendable {
  let id: RuleID
  let expression: Expression
  /// `for`: how long the expression has to hold before the alert fires.
  let hold: Duration
  /// How long the alert goes on firing after the expression has ceased to hold.
  let keepFiringFor: Duration
  let labels: [String: Template]
  let annotations: [String: Template]
  /// Where it stands in its file.
  var line: Int?

  var name: String { id.name }
}

/// A rule that makes a series of its answer.
struct RecordingRule: Sendable {
  let id: RuleID
  let expression: Expression
  /// Set over those of the answer; an empty one takes a label away.
  let labels: [String: String]
  /// Where it stands in its file.
  var line: Int?

  var name: String { id.name }
}

/// What a rule file holds.
enum Rule: Sendable {
  case alert(AlertRule)
  case record(RecordingRule)

  var id: RuleID {
    switch self {
    case .alert(let rule): rule.id
    case .record(let rule): rule.id
    }
  }

  var name: String { id.name }

  var expression: Expression {
    switch self {
    case .alert(let rule): rule.expression
    case .record(let rule): rule.expression
    }
  }

  var line: Int? {
    switch self {
    case .alert(let rule): rule.line
    case .record(let rule): rule.line
    }
  }

  var alert: AlertRule? {
    if case .alert(let rule) = self { return rule }
    return nil
  }

  var recording: RecordingRule? {
    if case .record(let rule) = self { return rule }
    return nil
  }

  /// The metrics whose samples it writes.
  var writes: [String] { recording.map { [$0.name] } ?? [AlertSeries.alerts, AlertSeries.forState] }
}
